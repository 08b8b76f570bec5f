// What an API key has open over HTTP: it ends with the key, and says what is left of the key's rate.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { Member, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

const NOW = () => Math.floor(Date.now() / 1000);

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

/** A new key. @returns its id and a program that has it */
async function key(fields = {}) {
  const command = { type: "create_api_key", name: "Écoute permanente", role: "global_admin", ...fields };
  const { result } = await gina.does({ scopes: ["commands", "read", "events"], ...command });
  return { id: result.api_key, machine: service.machine(result.secret) };
}

const updates = (machine) => new Member(service).updates(machine.headers);

describe("what is open", () => {
  for (const [what, end, code = 1001] of [
    ["revoked", (id) => gina.does({ type: "revoke_api_key", key: id }), 4401],
    ["rotated", (id) => gina.does({ type: "rotate_api_key", key: id })],
    ["narrowed", (id) => gina.does({ type: "edit_api_key", key: id, scopes: ["commands"] })],
    ["withheld by the plan", () => service.operator("/v1/plan", { method: "PUT", body: { withholds: ["panel.api_keys"] } })],
  ]) {
    test(`ends when the key is ${what}`, async () => {
      const { id, machine } = await key();
      const socket = await updates(machine);
      await socket.next();
      const stream = await machine.get("/v1/events/stream");
      assert.match(stream.headers.get("RateLimit"), /^"key";r=\d+;t=\d+, "organization";r=\d+;t=\d+$/);
      const { version } = await gina.does({ type: "edit_team", team: "support", name: `Support ${what}` });
      assert.equal(await socket.next(), version);
      await end(id);
      assert.equal(await socket.closed, code);
      // The stream ends too: reading it to its end comes to an end.
      const reader = stream.body.getReader();
      for (let done = false; !done; ) ({ done } = await reader.read());
      await assert.rejects(updates(machine));
      await service.operator("/v1/plan", { method: "PUT", body: { withholds: [] } });
    });
  }
});

describe("updates that end by themselves", () => {
  /** Ends soon, but not before they are open, also on a slow machine. */
  const endingSoon = async (within, seconds = 3) => {
    const { machine } = await within(seconds);
    return updates(machine).catch(() => endingSoon(within, 2 * seconds));
  };

  test("with the key: there is nothing to connect with", async () => {
    assert.equal(await (await endingSoon((seconds) => key({ expires: NOW() + seconds }))).closed, 4401);
  });

  test("before it: the client connects again", { timeout: 60_000 }, async () => {
    const socket = await endingSoon(async (grace) => {
      const old = await key();
      await gina.does({ type: "rotate_api_key", key: old.id, grace });
      return old;
    });
    assert.equal(await socket.closed, 1001);
  });

  test("one that stays half closed keeps no other open", { timeout: 60_000 }, async () => {
    const deaf = await endingSoon((seconds) => key({ expires: NOW() + seconds }));
    deaf.deafen();
    const later = await endingSoon((seconds) => key({ expires: NOW() + seconds }), 5);
    assert.equal(await later.closed, 4401);
    const last = await endingSoon((seconds) => key({ expires: NOW() + seconds }));
    assert.equal(await last.closed, 4401);
    deaf.close();
  });
});

test("a key has three streams at most, on behalf of however many", { timeout: 60_000 }, async () => {
  const { machine } = await key({ scopes: ["act_as", "events"] });
  const stream = (as) => as.get("/v1/events/stream");
  const first = await stream(machine);
  const others = [await stream(machine.as("gina")), await stream(machine.as("gina")), await stream(machine.as("gina"))];
  for (const { status } of [first, ...others]) assert.equal(status, 200);
  // The oldest one has ended: reading it to its end comes to an end.
  await first.text();
  for (const { body } of others) await body.cancel();
});

test("a key that comes from elsewhere takes nothing of its rate", async () => {
  const { machine } = await key({ addresses: ["203.0.113.0/24"] });
  const left = async () => {
    const { headers } = await machine.get("/v1/head", { "CF-Connecting-IP": "203.0.113.7" });
    return headers
      .get("RateLimit")
      .match(/"key";r=(\d+);t=(\d+)/)
      .slice(1)
      .map(Number);
  };
  // Within one window.
  await until(async () => (await left())[1] > 5, "a window begins");
  const [before] = await left();
  for (let n = 0; n < 5; n += 1) {
    const elsewhere = await machine.get("/v1/head", { "CF-Connecting-IP": "198.51.100.7" });
    assert.equal(elsewhere.headers.get("RateLimit"), null);
    await assertProblem(elsewhere, 403, "address_not_allowed");
  }
  assert.equal((await left())[0], before - 1);
});
