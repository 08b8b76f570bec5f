// The live client in two tabs of Firefox and of WebKitGTK: they share one connection, and news of one reach the other.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { ENGINES } from "../lib/engines.mjs";
import { startAuthority } from "../lib/live.mjs";
import { LIVE_PAGE } from "../lib/live-page.mjs";
import { until } from "../lib/until.mjs";

for (const { name, skip, start } of ENGINES) {
  test(name, { skip }, async () => {
    const authority = await startAuthority({
      folder: fileURLToPath(new URL(".", import.meta.resolve("wicketgate/wicketgate.wasm"))),
    });
    authority.page = LIVE_PAGE;
    const browser = await start();
    const begin = async () => {
      await browser.goto(authority.url);
      await until(() => browser.run(() => window.ready === true), "the page's script");
      await browser.run(() => window.begin());
      return browser.handle();
    };
    const reaches = async (tab, version) => {
      await browser.show(tab);
      await until(() => browser.run((version) => window.live.version === version, version), `version ${version}`);
    };
    const state = () => browser.run(() => window.state());
    const edit = (facts) => (
      (facts.assistants.find(({ id }) => id === "helper").owner = "gina"),
      (facts.teams[0].members = facts.teams[0].members.filter(({ user }) => user !== "vic"))
    );
    try {
      const first = await begin();
      await browser.tab();
      const second = await begin();
      await until(() => authority.sockets.size === 1, "one connection");
      assert.equal(authority.connections, 1);
      assert.deepEqual(await state(), { version: 1, freshness: "fresh", edits: true, subject: "vic" });

      authority.change(edit);
      for (const tab of [first, second]) {
        await reaches(tab, 2);
        assert.deepEqual(await state(), { version: 2, freshness: "fresh", edits: false, subject: "vic" });
      }
      assert.deepEqual([authority.connections, authority.to("/v1/delta").length], [1, 1]);

      // The other tab takes over when the page closes its client, and misses no change of the time between.
      authority.change(() => {}, { send: false });
      await browser.show(first);
      await browser.run(() => window.live.close());
      await reaches(second, 3);
      await until(() => authority.sockets.size === 1, "the other tab's connection");
    } finally {
      await browser.close();
      await authority.stop();
    }
  });
}
