// What a signed-in person reads from the authority: the snapshot, deltas and heads, and the directory.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { open, openHead } from "wicketgate";
import { assertProblem } from "../lib/problem.mjs";
import { AUDIENCE, ISSUER, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/seed.json", import.meta.url), "utf8"));

let service;
let gina;
before(async () => {
  const facts = structuredClone(vectors.organization);
  for (const user of facts.users) user.email = `${user.id}@acme.example`;
  service = await startService({ facts });
  gina = await service.signIn("gina");
});
after(() => service?.stop());

const keySet = () => gina.json("/.well-known/jwks.json");
const options = async () => ({ keys: await keySet(), issuer: ISSUER, audience: AUDIENCE, organization: "acme" });
const detached = async (response) => ({ payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") });
const fetchDetached = async (member, path) => {
  const response = await member.get(path);
  assert.equal(response.status, 200, path);
  assert.match(response.headers.get("Content-Type"), /^application\/json/);
  assert.equal(response.headers.get("Cache-Control"), "private, no-store");
  return detached(response);
};
const openSnapshot = async (member) => open(await fetchDetached(member, "/v1/snapshot"), await options());

describe("the snapshot", () => {
  test("is a JSON document with its signature beside it, for the person who asks", async () => {
    const snapshot = await openSnapshot(gina);
    assert.equal(snapshot.scope, "member");
    assert.equal(snapshot.subject, "gina");
    const left = snapshot.expiresAt - Date.now() / 1000;
    assert.ok(left > 9 * 60 && left <= 10 * 60, `${left} s left`);
    assert.equal(snapshot.version, (await gina.json("/v1/directory")).version);
  });

  test("is not sent again while its content is unchanged", async () => {
    const first = await gina.get("/v1/snapshot");
    const etag = first.headers.get("ETag");
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const response = await gina.get("/v1/snapshot", { "If-None-Match": tag });
      // A new window may have begun between the two requests; then the tag changes.
      if (response.headers.get("ETag") !== etag) continue;
      assert.equal(response.status, 304);
      assert.equal(await response.text(), "");
    }
    const una = await service.signIn("una");
    assert.equal((await una.get("/v1/snapshot", { "If-None-Match": etag })).status, 200);
    await gina.does({ type: "create_team", name: "New" });
    assert.equal((await gina.get("/v1/snapshot", { "If-None-Match": etag })).status, 200);
  });

  test("contains no digest, no key and no other person's address, for any reader", async () => {
    for (const { id, status = "active" } of vectors.organization.users) {
      if (status !== "active") continue;
      const { payload } = await fetchDetached(await service.signIn(id), "/v1/snapshot");
      assert.ok(!payload.includes('"digest"'), id);
      assert.ok(!payload.includes("wk_"), id);
      for (const [address] of payload.matchAll(/[a-z]+@acme\.example/g)) assert.equal(address, `${id}@acme.example`);
    }
  });

  test("answers as the seed vectors say", async () => {
    const members = new Map();
    const store = await service.gate();
    await until(async () => (await store.list({ prefix: "gate:acme:" })).keys.length > 0, "the gate's snapshots are there");
    for (const { rule, as, can, on, allowed } of vectors.cases) {
      if (as.user && as.link) continue; // A member with a link: no endpoint serves both.
      let principal;
      if (as.user) {
        const { status = "active" } = vectors.organization.users.find(({ id }) => id === as.user) ?? { status: "unknown" };
        if (status !== "active") continue; // Cannot sign in.
        if (!members.has(as.user)) members.set(as.user, await openSnapshot(await service.signIn(as.user)));
        principal = members.get(as.user).as();
      } else {
        const token = await store.get(`gate:acme:${on}`);
        if (token === null) {
          assert.equal(allowed, false, rule);
          continue;
        }
        principal = (await open(token, { ...(await options()), audience: "wicketgate-gate" })).as(as);
      }
      assert.equal(principal.can(can, on), allowed, rule);
    }
  });
});

describe("a delta", () => {
  test("makes an open snapshot equal to the present full one", async () => {
    const ed = await service.signIn("ed");
    const snapshot = await openSnapshot(ed);
    const me = snapshot.as();
    assert.equal(me.can("assistant.edit", "site"), true);
    await gina.does({ type: "revoke_grant", assistant: "site", user: "ed" });
    await gina.does({ type: "create_team", name: "Something else" });
    snapshot.apply(await fetchDetached(ed, `/v1/delta?from=${snapshot.version}`), await options());
    assert.equal(me.can("assistant.edit", "site"), false);
    assert.equal(me.can("assistant.chat", "site"), true);
    const full = await openSnapshot(ed);
    assert.equal(snapshot.version, full.version);
    assert.deepEqual(snapshot.facts(), full.facts());
    for (const capability of ["assistant.view", "assistant.chat", "assistant.edit"])
      assert.deepEqual(me.list(capability), full.as().list(capability));
  });

  test("from the current version only renews the times", async () => {
    const snapshot = await openSnapshot(gina);
    const { version } = snapshot;
    snapshot.apply(await fetchDetached(gina, `/v1/delta?from=${version}`), await options());
    assert.equal(snapshot.version, version);
  });

  test("of one person is refused by another's snapshot", async () => {
    const una = await service.signIn("una");
    const snapshot = await openSnapshot(una);
    const delta = await fetchDetached(gina, `/v1/delta?from=${snapshot.version}`);
    assert.throws(() => snapshot.apply(delta), { code: "wrong_state" });
  });

  test("is refused for a version that does not exist", async () => {
    const { version } = await gina.json("/v1/directory");
    await assertProblem(await gina.get(`/v1/delta?from=${version + 1}`), 409, "delta_unavailable");
    for (const query of ["", "?from=0", "?from=x", "?from=-1"])
      await assertProblem(await gina.get(`/v1/delta${query}`), 400, "bad_request");
  });
});

test("the head says which version is current", async () => {
  const head = await openHead(await fetchDetached(gina, "/v1/head"), await options());
  assert.equal(head.organization, "acme");
  assert.equal(head.version, (await gina.json("/v1/directory")).version);
});

test("the directory shows what the person may see, and addresses only to those who manage people", async () => {
  const addresses = async (member) => new Set((await (await member.get("/v1/directory")).text()).match(/[a-z]+@acme\.example/g));
  await gina.does({ type: "invite_user", email: "secret@acme.example" });
  const seen = await addresses(gina);
  assert.ok(seen.has("secret@acme.example"));
  assert.ok(seen.has("una@acme.example"));
  const ed = await service.signIn("ed");
  assert.deepEqual(
    [...(await addresses(ed))].filter((address) => address !== "ed@acme.example"),
    [],
  );
  const text = await (await gina.get("/v1/directory")).text();
  assert.ok(!/digest|wi_|wk_/.test(text));
});

test("other addresses are not found, and other methods not allowed", async () => {
  for (const path of ["/v1/other", "/v1/people", "/v1/snapshot/x", "/v1", "/"])
    await assertProblem(await gina.get(path), 404, "not_found");
  const response = await gina.get("/v1/commands");
  assert.equal(response.headers.get("Allow"), "POST");
  await assertProblem(response, 405, "method_not_allowed");
});
