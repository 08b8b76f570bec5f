// Limits of pass requests: by one address, and for one assistant.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { askPass, assertRefused, link, startGate } from "../lib/gate.mjs";
import { until } from "../lib/until.mjs";

const SITE = "https://docs.acme.example";

describe("the limit", () => {
  test("of an address: refuses who is above it, not others, and the answer does not tell the decision", async () => {
    const limited = await startGate({ rateLimits: { address: 5, assistant: 1000 } });
    try {
      await limited.publish("site");
      const from = (address, body = { assistant: "site", embedder: SITE }) =>
        askPass(limited.url, body, { headers: { "CF-Connecting-IP": address } });
      await withinOneMinute(async () => {
        for (let time = 0; time < 5; time += 1) assert.equal((await from("192.0.2.1")).status, 200);
        const bodies = [
          ...["site", "nothing", "a b"].map((assistant) => ({ assistant, embedder: SITE })),
          { assistant: "site", key: link("l1").key },
        ];
        for (const body of bodies) {
          const response = await from("192.0.2.1", body);
          assert.equal(response.headers.get("Retry-After"), "60");
          await assertRefused(response, 429, "rate_limited");
        }
        assert.equal((await from("192.0.2.2")).status, 200);
        // An IPv6 network counts as one: a visitor with one address of it has all.
        for (const address of ["2001:db8::1", "2001:db8::2", "2001:0db8:0:0:ffff::3", "2001:DB8::4", "2001:db8:0:0:1:2:3:4"]) {
          assert.equal((await from(address)).status, 200, address);
        }
        assert.equal((await from("2001:db8::5")).status, 429);
        assert.equal((await from("2001:db8:0:1::1")).status, 200);
        // One IPv4 address in two forms.
        assert.equal((await from("::ffff:192.0.2.1")).status, 429);
      });
    } finally {
      await limited.stop();
    }
  });

  test("is checked first: above it, neither the store nor the authority is asked; an isolate that only refuses asks neither", async () => {
    const limited = await startGate({ rateLimits: { address: 3, assistant: 1000 } });
    try {
      await limited.publish("site");
      const session = { Cookie: "__Host-wicketgate-session=somebody" };
      const from = (address, body) => askPass(limited.url, body, { headers: { "CF-Connecting-IP": address, ...session } });
      const bodies = [
        { assistant: "site", embedder: SITE },
        { assistant: "site", key: link("l1").key },
        { assistant: "unknown", embedder: SITE },
        { assistant: "site", member: true },
      ];
      const refused = async (address) => {
        for (let time = 0; time < 60; time += 1) assert.equal((await from(address, bodies[time % bodies.length])).status, 429);
        return [...(await limited.store()), ...(await limited.authority())];
      };
      await withinOneMinute(async () => {
        // Used up by requests with an invalid id, which read nothing either.
        for (let time = 0; time < 3; time += 1)
          assert.equal((await from("192.0.2.1", { assistant: "a b", embedder: SITE })).status, 404);
        assert.deepEqual(await refused("192.0.2.1"), []);
        // Also after it has admitted somebody.
        assert.equal((await from("192.0.2.2", bodies[0])).status, 200);
        await limited.store();
        await limited.authority();
        assert.deepEqual(await refused("192.0.2.1"), []);
      });
    } finally {
      await limited.stop();
    }
  });

  test("of an assistant: does not affect others, and requests above an address's limit do not use it up", async () => {
    const limited = await startGate({ rateLimits: { address: 4, assistant: 6 } });
    try {
      await Promise.all(["busy", "calm"].map((id) => limited.publish(id)));
      const from = (address, assistant) =>
        askPass(limited.url, { assistant, embedder: SITE }, { headers: { "CF-Connecting-IP": address } });
      await withinOneMinute(async () => {
        for (let time = 0; time < 20; time += 1) assert.equal((await from("192.0.2.1", "busy")).status, time < 4 ? 200 : 429);
        for (let time = 0; time < 2; time += 1) assert.equal((await from("192.0.2.2", "busy")).status, 200);
        assert.equal((await from("192.0.2.2", "busy")).status, 429);
        assert.equal((await from("192.0.2.3", "busy")).status, 429);
        assert.equal((await from("192.0.2.3", "calm")).status, 200);
      });
    } finally {
      await limited.stop();
    }
  });
});

/** The local limiter counts in minutes of the clock. Waits if the present minute is almost over. */
async function withinOneMinute(work) {
  const minute = () => Math.floor(Date.now() / 60_000);
  const present = minute();
  if (Date.now() % 60_000 > 50_000) await until(() => minute() > present, "a new minute", 11);
  await work();
}
