// Interoperability with the library jose: its snapshots open here, ours verify there, and keys can be exchanged.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as jose from "jose";
import { open } from "wicketgate";
import { detach, generateKeyPair, issue } from "wicketgate/authority";
import { fails } from "../lib/fails.mjs";
import { NOW, acme, keyPair, keys, signed } from "../lib/world.mjs";

const TYPE = "wicketgate-snapshot+jwt";
const theirs = async (alg) => {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  const kid = await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey));
  const name = (jwk) => ({ ...jwk, kid, alg });
  return { privateKey, kid, publicJwk: name(await jose.exportJWK(publicKey)), privateJwk: name(await jose.exportJWK(privateKey)) };
};
const sign = ({ privateKey, kid }, alg, claims = {}) =>
  new jose.SignJWT({ scope: "workspace", version: 1, organization: acme(), ...claims })
    .setProtectedHeader({ alg, typ: TYPE, kid })
    .setIssuer("https://jose.example")
    .setAudience(["web", "edge"])
    .setIssuedAt(NOW)
    .setExpirationTime(NOW + 60)
    .sign(privateKey);

for (const alg of ["EdDSA", "Ed25519"]) {
  describe(alg, () => {
    test("a snapshot signed by jose opens here", async () => {
      const key = await theirs(alg);
      const token = await sign(key, alg);
      const options = {
        keys: { keys: [key.publicJwk] },
        now: NOW,
        issuer: "https://jose.example",
        audience: "edge",
        organization: "acme",
      };
      for (const form of [token, await detach(token)]) {
        const snapshot = await open(form, options);
        assert.equal(snapshot.as({ user: "vic" }).can("assistant.edit", "helper"), true);
        assert.equal(snapshot.as({ user: "ed" }).can("assistant.edit", "helper"), false);
      }
    });

    test("a key of jose's issues here, and jose verifies it", async () => {
      const key = await theirs(alg);
      const token = await issue(acme(), { key: key.privateJwk, version: 1, issuedAt: NOW, expiresIn: 60 });
      const set = jose.createLocalJWKSet({ keys: [{ ...key.publicJwk, alg: undefined }] });
      const { payload } = await jose.jwtVerify(token, set, { typ: TYPE, currentDate: new Date(NOW * 1000) });
      assert.equal(payload.organization.id, "acme");
    });
  });
}

test("a snapshot issued here verifies in jose, compact and flattened", async () => {
  const token = await signed(acme(), { issuer: "https://a.example", audience: "web", id: "j1", notBefore: NOW - 1 });
  const set = jose.createLocalJWKSet(keys);
  const { payload, protectedHeader } = await jose.jwtVerify(token, set, {
    issuer: "https://a.example",
    audience: "web",
    typ: TYPE,
    algorithms: ["EdDSA"],
    currentDate: new Date(NOW * 1000),
    requiredClaims: ["exp", "iat", "jti"],
  });
  assert.equal(protectedHeader.kid, keyPair.publicKey.kid);
  assert.equal(payload.version, 1);
  assert.deepEqual((await jose.compactVerify(token, set)).protectedHeader, protectedHeader);
  const [header, body, signature] = token.split(".");
  await jose.flattenedVerify({ protected: header, payload: body, signature }, set);
});

test("jose imports a key generated here, and its `kid` is the thumbprint", async () => {
  const { publicKey, privateKey } = await generateKeyPair();
  assert.equal(publicKey.kid, await jose.calculateJwkThumbprint(publicKey));
  const token = await sign({ privateKey: await jose.importJWK(privateKey, "EdDSA"), kid: publicKey.kid }, "EdDSA");
  assert.equal((await open(token, { keys: { keys: [publicKey] }, now: NOW })).version, 1);
  await jose.importJWK(publicKey, "EdDSA");
});

describe("possible mistakes of another issuer", () => {
  test("facts are validated here too", async () => {
    const key = await theirs("EdDSA");
    const facts = acme();
    facts.assistants[1].grants[0].role = "no_such";
    const options = { keys: { keys: [key.publicJwk] }, now: NOW };
    await assert.rejects(
      open(await sign(key, "EdDSA", { organization: facts }), options),
      fails("invalid_facts", "assistants[1].grants[0].role"),
    );
  });

  test("unknown fields and capabilities are ignored, so that older readers accept newer facts", async () => {
    const key = await theirs("EdDSA");
    const facts = { ...acme(), future: [{ a: 1 }] };
    facts.roles[0].grants.push("assistant.fly");
    facts.plan.withholds.push("future.thing");
    const snapshot = await open(await sign(key, "EdDSA", { organization: facts, extra: true }), {
      keys: { keys: [key.publicJwk] },
      now: NOW,
    });
    assert.equal(snapshot.as({ user: "ed" }).can("conversations.view", "site"), true);
  });

  for (const [name, claims] of [
    ["no scope", { scope: undefined }],
    ["another scope", { scope: "all" }],
    ["version 0", { version: 0 }],
    ["a version beyond 2^53 - 1", { version: 2 ** 53 }],
    ["a subject of a workspace", { sub: "vic" }],
    ["no facts", { organization: undefined }],
    ["a member without subject", { scope: "member" }],
  ]) {
    test(`${name}: malformed`, async () => {
      const key = await theirs("EdDSA");
      await assert.rejects(
        open(await sign(key, "EdDSA", claims), { keys: { keys: [key.publicJwk] }, now: NOW }),
        fails("malformed"),
      );
    });
  }
});
