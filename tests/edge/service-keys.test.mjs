// The signing keys: made by the object or configured, rotated without interruption, and never readable.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { open } from "wicketgate";
import { generateKeyPair } from "wicketgate/authority";
import { assertProblem } from "../lib/problem.mjs";
import { AUDIENCE, ISSUER, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

const LEAD = 10 * 60;

async function snapshotOf(member) {
  const response = await member.get("/v1/snapshot");
  const token = { payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") };
  return { token, kid: JSON.parse(Buffer.from(token.signature.split(".")[0], "base64url")).kid };
}

const kids = async (member) => (await member.json("/.well-known/jwks.json")).keys.map(({ kid }) => kid);

describe("keys that the authority makes", () => {
  let service;
  let gina;
  before(async () => {
    service = await startService();
    gina = await service.signIn("gina");
  });
  after(() => service?.stop());

  const rotate = (body, token) => service.operator("/v1/keys/rotate", { body, ...(token !== undefined && { token }) });
  const verify = async (token) =>
    open(token, { keys: await gina.json("/.well-known/jwks.json"), issuer: ISSUER, audience: AUDIENCE, organization: "acme" });

  test("publish only their public halves, for five minutes", async () => {
    const response = await gina.get("/.well-known/jwks.json");
    assert.match(response.headers.get("Content-Type"), /^application\/jwk-set\+json/);
    assert.equal(response.headers.get("Cache-Control"), "public, max-age=300");
    const { keys } = await response.json();
    assert.equal(keys.length, 1);
    assert.deepEqual(Object.keys(keys[0]).sort(), ["alg", "crv", "kid", "kty", "use", "x"]);
  });

  test("rotate: published, then signing, then retired, then gone; every snapshot verifies all the time", async () => {
    const [first] = await kids(gina);
    const before = await snapshotOf(gina);
    assert.equal(before.kid, first);

    const response = await rotate({});
    assert.equal(response.status, 200);
    const { keys } = await response.json();
    assert.deepEqual(
      keys.map(({ kid, state }) => [kid === first, state]),
      [
        [true, "current"],
        [false, "next"],
      ],
    );
    const second = keys[1].kid;
    assert.ok(Math.abs(keys[1].signsFrom - Date.now() / 1000 - LEAD) < 60);
    assert.deepEqual(await kids(gina), [first, second]);
    assert.equal((await snapshotOf(gina)).kid, first);
    await assertProblem(await rotate({}), 409, "rotation_in_progress");

    // Ten minutes later.
    const later = (seconds) =>
      `UPDATE keys SET signs_from = signs_from - ${seconds}, signs_until = signs_until - ${seconds}, published_until = published_until - ${seconds}`;
    const [[secret]] = await service.restart({ edit: [["SELECT secret FROM keys WHERE kid = ?", first], [later(LEAD)]] });
    assert.ok(JSON.parse(secret.secret).d, "the test can read what must not be read below");
    const after = await snapshotOf(gina);
    assert.equal(after.kid, second);
    assert.deepEqual(await kids(gina), [first, second]);
    for (const { token } of [before, after]) assert.equal((await verify(token)).subject, "gina");
    const [[retired]] = await service.restart({
      edit: [["SELECT secret, published_until - signs_until AS stays FROM keys WHERE kid = ?", first]],
    });
    assert.equal(retired.secret, null);
    assert.ok(retired.stays > 60 * 60, "longer than the longest snapshot lives");

    // When everything that it signed has expired.
    await service.restart({ edit: [[later(retired.stays)]] });
    await service.maintain();
    assert.deepEqual(await kids(gina), [second]);
    await assert.rejects(verify(before.token), { code: "unknown_key" });
  });

  test("rotate at once if one was stolen", async () => {
    await gina.does({ type: "create_link", assistant: "site", level: "view" });
    const stolen = await snapshotOf(gina);
    const response = await rotate({ at_once: true });
    assert.equal(response.status, 200);
    const [only, ...others] = await kids(gina);
    assert.deepEqual(others, []);
    assert.notEqual(only, stolen.kid);
    assert.equal((await snapshotOf(gina)).kid, only);
    await assert.rejects(verify(stolen.token), { code: "unknown_key" });
    await until(async () => {
      const token = await (await service.gate()).get("gate:acme:site");
      return token && JSON.parse(Buffer.from(token.split(".")[0], "base64url")).kid === only;
    }, "the gate's snapshot is signed with the new key");
  });

  test("are rotated by the operator alone", async () => {
    await assertProblem(await rotate({}, "wrong"), 401, "not_signed_in");
    await assertProblem(await rotate({}, null), 401, "not_signed_in");
    await assertProblem(await gina.post("/v1/keys/rotate"), 401, "not_signed_in");
    for (const body of [{ at_once: "yes" }, { once: true }, []]) await assertProblem(await rotate(body), 400, "bad_request");
    await service.restart({ OPERATOR_TOKEN: "" });
    await assertProblem(await rotate({}, ""), 404, "not_found");
    await service.restart();
  });
});

describe("a key that is configured", () => {
  test("signs, stays out of the database, and is replaced by configuring another", async () => {
    const [one, other] = await Promise.all([generateKeyPair(), generateKeyPair()]);
    const service = await startService({ bindings: { SIGNING_KEY: JSON.stringify(one.privateKey) } });
    try {
      const gina = await service.signIn("gina");
      assert.deepEqual(await kids(gina), [one.publicKey.kid]);
      assert.equal((await snapshotOf(gina)).kid, one.publicKey.kid);
      await assertProblem(await service.operator("/v1/keys/rotate"), 409, "key_is_configured");

      const [rows] = await service.restart({ SIGNING_KEY: JSON.stringify(other.privateKey), edit: [["SELECT * FROM keys"]] });
      assert.ok(!JSON.stringify(rows).includes(one.privateKey.d));
      assert.deepEqual((await kids(gina)).sort(), [one.publicKey.kid, other.publicKey.kid].sort());
      assert.equal((await snapshotOf(gina)).kid, other.publicKey.kid);
    } finally {
      await service.stop();
    }
  });

  test("that is invalid refuses every request, and is not logged", async () => {
    const service = await startService();
    try {
      const gina = await service.signIn("gina");
      for (const wrong of [
        "not json but a secret",
        `{"kty":"OKP","crv":"Ed25519","x":"a-secret-x"}`,
        `{"kty":"RSA","d":"a-secret-d"}`,
      ]) {
        await service.restart({ SIGNING_KEY: wrong });
        await assertProblem(await gina.get("/v1/snapshot"), 500, "internal");
        assert.doesNotMatch(service.log() + service.answered(), /secret/);
      }
    } finally {
      await service.stop();
    }
  });
});
