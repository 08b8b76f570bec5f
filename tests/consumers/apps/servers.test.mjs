// Frameworks with a server of their own: only its production build is started, in another folder.
import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { app, assertPage, assertServed } from "../../lib/app.mjs";
import { launch } from "../../lib/browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const [title, name, flags, program] of [
  ["SvelteKit with adapter-node, the package in devDependencies", "sveltekit", ["--save-dev"], "build/index.js"],
  ["Nuxt", "nuxt", [], ".output/server/index.mjs"],
]) {
  test(title, async () => {
    const made = await app(name, ...flags);
    try {
      await made.run("npm", "run", "build");
      await rename(join(made.folder, "node_modules"), join(made.folder, "not-deployed"));
      const server = await made.start("node", program);
      await assertServed(server.url, "server");
      await assertPage(browser, server.url, "server", "page");
      assert.doesNotMatch(server.output(), /error/i);
    } finally {
      await made.remove();
    }
  });
}
