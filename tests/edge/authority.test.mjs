// The authority in workerd: what it publishes, what it signs, and for whom it does neither.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { open } from "wicketgate";
import { ISSUER, startDemonstration } from "./demonstration.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/seed.json", import.meta.url), "utf8"));

let demo;
before(async () => { demo = await startDemonstration(); });
after(() => demo?.stop());

const get = (path, headers = {}) => fetch(demo.url + path, { headers });
const keySet = async () => (await get("/.well-known/jwks.json")).json();

async function openMember(user) {
  const response = await get(`/v1/snapshot?as=${user}`);
  const token = { payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") };
  return open(token, { keys: await keySet(), issuer: ISSUER, audience: "wicketgate-console", organization: "acme" });
}

async function assertProblem(response, status, code) {
  assert.equal(response.status, status);
  assert.match(response.headers.get("Content-Type"), /^application\/problem\+json/);
  assert.equal(response.headers.get("Cache-Control"), "no-store");
  const problem = await response.json();
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  assert.ok(problem.title);
}

test("the key set holds the public half and nothing more", async () => {
  const response = await get("/.well-known/jwks.json");
  assert.match(response.headers.get("Content-Type"), /^application\/jwk-set\+json/);
  const { keys } = await response.json();
  assert.equal(keys.length, 1);
  assert.equal(keys[0].x, demo.signingKey.x);
  assert.ok(!("d" in keys[0]));
});

describe("the member snapshot", () => {
  test("is a JSON document with its signature beside it, and verifies", async () => {
    const response = await get("/v1/snapshot?as=ben");
    assert.equal(response.status, 200);
    assert.match(response.headers.get("Content-Type"), /^application\/json/);
    assert.equal(response.headers.get("Cache-Control"), "private, no-store");
    assert.equal((await response.json()).sub, "ben");
    const snapshot = await openMember("ben");
    assert.equal(snapshot.scope, "member");
    assert.equal(snapshot.subject, "ben");
    const left = snapshot.expiresAt - Date.now() / 1000;
    assert.ok(left > 4 * 60 && left <= 10 * 60, `${left} s left`);
  });

  test("is not sent again while it is the same", async () => {
    const etag = (await get("/v1/snapshot?as=ben")).headers.get("ETag");
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const response = await get("/v1/snapshot?as=ben", { "If-None-Match": tag });
      // A window may have begun between the two requests; then the tag has changed, rightly.
      if (response.headers.get("ETag") !== etag) continue;
      assert.equal(response.status, 304);
      assert.equal(await response.text(), "");
    }
    assert.equal((await get("/v1/snapshot?as=gina", { "If-None-Match": etag })).status, 200);
  });

  test("holds no digest and no key, whoever asks", async () => {
    for (const { id } of demo.facts.users) {
      const body = await (await get(`/v1/snapshot?as=${id}`)).text();
      assert.ok(!body.includes('"digest"'), id);
      assert.ok(!body.includes("wk_"), id);
    }
  });

  test("is refused with a problem document", async () => {
    await assertProblem(await get("/v1/snapshot?as=nobody"), 404, "unknown_user");
    await assertProblem(await get("/v1/snapshot"), 400, "missing_user");
    await assertProblem(await get("/v1/other"), 404, "not_found");
  });
});

test("the served snapshots answer as the seed vectors say", async () => {
  const keys = await keySet();
  const members = new Map();
  for (const { rule, as, can, on, allowed } of vectors.cases) {
    if (as.user === "nobody") continue; // has no snapshot: the 404 above
    let principal;
    if (as.user && !as.link) {
      if (!members.has(as.user)) members.set(as.user, await openMember(as.user));
      principal = members.get(as.user).as();
    } else if (!as.user) {
      const token = await demo.gateStore.get(`gate:${on}`);
      if (token === null) {
        assert.equal(allowed, false, rule);
        continue;
      }
      principal = (await open(token, { keys, issuer: ISSUER, audience: "wicketgate-gate" })).as(as);
    } else {
      continue; // a member who carries a link: no endpoint serves both yet
    }
    assert.equal(principal.can(can, on), allowed, rule);
  }
});

test("a change of the facts reaches the next snapshot", async () => {
  const before = await openMember("ed");
  assert.equal(before.as().can("assistant.edit", "site"), true);
  const { value, metadata } = await demo.directoryStore.getWithMetadata("facts", "json");
  value.assistants.find(({ id }) => id === "site").grants = [];
  await demo.directoryStore.put("facts", JSON.stringify(value), { metadata: { version: metadata.version + 1 } });
  const after = await openMember("ed");
  assert.equal(after.version, before.version + 1);
  assert.equal(after.as().can("assistant.edit", "site"), false);
  assert.equal(after.as().can("assistant.chat", "site"), true);
});

describe("without the development sign-in", () => {
  let closed;
  before(async () => { closed = await startDemonstration({ developmentSignIn: false }); });
  after(() => closed?.stop());

  test("nobody is anybody", async () => {
    await assertProblem(await fetch(`${closed.url}/v1/snapshot?as=gina`), 501, "sign_in_not_configured");
    await assertProblem(await fetch(`${closed.url}/v1/people`), 501, "sign_in_not_configured");
  });

  test("visitors and keys are served all the same", async () => {
    assert.equal((await fetch(`${closed.url}/.well-known/jwks.json`)).status, 200);
    assert.equal((await fetch(`${closed.url}/a/site?key=wk_${"v".repeat(43)}`)).status, 200);
  });
});
