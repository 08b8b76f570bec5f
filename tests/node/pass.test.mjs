// Passes: valid ones, and one fault each.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import * as jose from "jose";
import { open, openHead } from "wicketgate";
import { generateKeyPair } from "wicketgate/authority";
import { PASS_TYPE, verifyPass } from "wicketgate/pass";
import { fails } from "../lib/fails.mjs";
import { BACK_END, expected, gateOf, gateSnapshot, headOf, PASS_ISSUER, passPair } from "../lib/gate-library.mjs";
import { EDIT, NOW, VIEW, digest, keyPair, keys } from "../lib/world.mjs";

const claims = {
  iss: PASS_ISSUER,
  aud: BACK_END,
  iat: NOW,
  exp: NOW + 300,
  organization: "acme",
  assistant: "site",
  capabilities: ["assistant.view", "assistant.chat"],
  obtained: { by: "view_link", digest: digest(VIEW) },
  version: 7,
};
const header = { alg: "EdDSA", typ: PASS_TYPE, kid: passPair.publicKey.kid };
/** Another key with the same `kid`. */
const other = await generateKeyPair({ kid: header.kid });
const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Signs any payload under any header, unchecked. */
async function sign(payload = claims, protectedHeader = header, { privateKey } = passPair) {
  const input = `${encode(protectedHeader)}.${encode(payload)}`;
  const key = await crypto.subtle.importKey(
    "jwk",
    { kty: "OKP", crv: "Ed25519", x: privateKey.x, d: privateKey.d },
    "Ed25519",
    false,
    ["sign"],
  );
  return `${input}.${Buffer.from(await crypto.subtle.sign("Ed25519", key, Buffer.from(input))).toString("base64url")}`;
}
const saying = (changes) => sign({ ...claims, ...changes });
const without = (name) => sign(Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name)));
const under = (changes) => sign(claims, { ...header, ...changes });

describe("a valid pass", () => {
  test("has the claims of the admission", async () => {
    assert.deepEqual(await verifyPass(await sign(), expected()), {
      issuer: PASS_ISSUER,
      audience: BACK_END,
      organization: "acme",
      assistant: "site",
      capabilities: claims.capabilities,
      obtained: claims.obtained,
      version: 7,
      issuedAt: NOW,
      expiresAt: NOW + 300,
    });
  });

  for (const [name, obtained] of Object.entries({
    "an edit link": { by: "edit_link", digest: digest(EDIT) },
    "a site": { by: "embed", origin: "https://docs.acme.example" },
    "a member": { by: "member", user: "vic" },
  })) {
    test(`of ${name}`, async () => assert.deepEqual((await verifyPass(await saying({ obtained }), expected())).obtained, obtained));
  }

  test("verifies in jose with the public keys only", async () => {
    const { gate } = await gateOf();
    const { pass } = await gate.issuePass(await gate.admit("site", { link: VIEW }));
    const { payload, protectedHeader } = await jose.jwtVerify(pass, jose.createLocalJWKSet(gate.passKeys()), {
      issuer: PASS_ISSUER,
      audience: BACK_END,
      typ: PASS_TYPE,
      algorithms: ["EdDSA"],
      currentDate: new Date(NOW * 1000),
      requiredClaims: ["iat", "exp"],
    });
    assert.deepEqual(payload, { ...claims, version: 1 });
    assert.deepEqual(protectedHeader, header);
  });

  test("signed by jose verifies here, as EdDSA and as Ed25519", async () => {
    const key = await jose.importJWK(passPair.privateKey, "EdDSA");
    for (const alg of ["EdDSA", "Ed25519"]) {
      const token = await new jose.SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(key);
      assert.equal((await verifyPass(token, expected())).version, 7);
    }
  });

  test("from its first second to its last, and with tolerance on both sides", async () => {
    const token = await sign();
    const at = (now, clockTolerance) =>
      verifyPass(token, expected({ now, ...(clockTolerance !== undefined && { clockTolerance }) }));
    await at(NOW);
    await at(NOW + 299.9);
    await at(NOW - 30, 30);
    await at(NOW + 329, 30);
    await assert.rejects(at(NOW - 1), fails("not_yet_valid", "iat"));
    await assert.rejects(at(NOW - 31, 30), fails("not_yet_valid", "iat"));
    await assert.rejects(at(NOW + 300), fails("expired", "exp"));
    await assert.rejects(at(NOW + 330, 30), fails("expired", "exp"));
  });

  test("beside keys of another kid, type or use", async () => {
    const rest = (await generateKeyPair()).publicKey;
    const others = [
      { ...rest, kid: "other" },
      { ...rest, kid: header.kid, use: "enc" },
      { kty: "EC", crv: "P-256", kid: header.kid },
      null,
      { ...rest, kid: header.kid, key_ops: ["sign"] },
    ];
    await verifyPass(await sign(), expected({ keys: { keys: [...others, passPair.publicKey] } }));
  });

  test("with a key object whose `x` was changed: the new key counts", async () => {
    const key = { ...passPair.publicKey };
    const token = await sign();
    await verifyPass(token, expected({ keys: { keys: [key] } }));
    key.x = (await generateKeyPair()).publicKey.x;
    await assert.rejects(verifyPass(token, expected({ keys: { keys: [key] } })), fails("bad_signature"));
  });
});

describe("refused", () => {
  const hmac = (bits) => {
    const input = `${encode({ ...header, alg: `HS${bits}` })}.${encode(claims)}`;
    return `${input}.${createHmac(`sha${bits}`, Buffer.from(passPair.publicKey.x, "base64url")).update(input).digest("base64url")}`;
  };
  const faults = {
    "no text": [async () => undefined, "malformed"],
    nothing: [async () => "", "malformed"],
    "two segments": [async () => (await sign()).split(".").slice(0, 2).join("."), "malformed"],
    "four segments": [async () => `${await sign()}.AAAA`, "malformed"],
    padding: [async () => `${await sign()}==`, "malformed"],
    "a space in front": [async () => ` ${await sign()}`, "malformed"],
    "a line break behind": [async () => `${await sign()}\n`, "malformed"],
    "a header that is no JSON": [() => sign(claims, "{"), "malformed"],
    "a header that is no object": [() => sign(claims, "[]"), "malformed"],
    "a header that is no UTF-8": [
      async () => (await sign()).replace(/^[^.]+/, Buffer.from([0x7b, 0xff, 0x7d]).toString("base64url")),
      "malformed",
    ],
    "a repeated header parameter": [() => sign(claims, JSON.stringify(header).replace("{", '{"kid":"x",')), "malformed"],
    "a repeated claim": [() => sign(JSON.stringify(claims).replace("{", '{"assistant":"site",')), "malformed"],
    "a payload that is no object": [() => sign("[]"), "malformed"],
    "a payload that is no JSON": [() => sign("no"), "malformed"],
    crit: [() => under({ crit: ["exp"] }), "malformed", "crit"],
    b64: [() => under({ crit: ["b64"], b64: false }), "malformed", "crit"],
    "too long": [() => saying({ filler: "x".repeat(4000) }), "too_large"],
    "no typ": [() => under({ typ: undefined }), "wrong_type", "typ"],
    "a plain JWT": [() => under({ typ: "JWT" }), "wrong_type", "typ"],
    "a snapshot's typ": [() => under({ typ: "wicketgate-snapshot+jwt" }), "wrong_type", "typ"],
    "a snapshot": [() => gateSnapshot(), "wrong_type", "typ"],
    "a head": [async () => headOf(), "wrong_type", "typ"],
    "typ in other letters": [() => under({ typ: PASS_TYPE.toUpperCase() }), "wrong_type", "typ"],
    "alg none, no signature": [async () => `${encode({ ...header, alg: "none" })}.${encode(claims)}.`, "malformed"],
    "alg none": [() => under({ alg: "none" }), "unsupported_algorithm", "alg"],
    "alg HS256 with the public key as secret": [async () => hmac(256), "malformed"],
    "alg HS512 with the public key as secret, as long as a signature": [async () => hmac(512), "unsupported_algorithm", "alg"],
    "alg HS256 under a good signature": [() => under({ alg: "HS256" }), "unsupported_algorithm", "alg"],
    "alg ES256": [() => under({ alg: "ES256" }), "unsupported_algorithm", "alg"],
    "alg in other letters": [() => under({ alg: "eddsa" }), "unsupported_algorithm", "alg"],
    "no alg": [() => under({ alg: undefined }), "unsupported_algorithm", "alg"],
    "no kid": [() => under({ kid: undefined }), "unknown_key", "kid"],
    "a kid that is no string": [() => under({ kid: [header.kid] }), "unknown_key", "kid"],
    "another kid": [() => under({ kid: "other" }), "unknown_key", "kid"],
    "a jwk of its own": [() => sign(claims, { ...header, jwk: other.publicKey }, other), "unknown_key", "jwk"],
    "a jku": [() => under({ jku: "https://evil.example/keys" }), "unknown_key", "jku"],
    "an x5u": [() => under({ x5u: "https://evil.example/cert" }), "unknown_key", "x5u"],
    "an x5c": [() => under({ x5c: ["AAAA"] }), "unknown_key", "x5c"],
    "an x5t": [() => under({ x5t: "AAAA" }), "unknown_key", "x5t"],
    "another key": [() => sign(claims, header, other), "bad_signature"],
    "the authority's key": [() => sign(claims, header, keyPair), "bad_signature"],
    "a changed payload": [
      async () => {
        const [head, , signature] = (await sign()).split(".");
        return [head, encode({ ...claims, assistant: "helper" }), signature].join(".");
      },
      "bad_signature",
    ],
    "another issuer": [() => saying({ iss: "https://other.example" }), "wrong_issuer", "iss"],
    "no issuer": [() => without("iss"), "wrong_issuer", "iss"],
    "another audience": [() => saying({ aud: "other" }), "wrong_audience", "aud"],
    "several audiences": [() => saying({ aud: [BACK_END, "other"] }), "wrong_audience", "aud"],
    "no audience": [() => without("aud"), "wrong_audience", "aud"],
    "another organization": [() => saying({ organization: "other" }), "wrong_organization", "organization"],
    "no organization": [() => without("organization"), "malformed", "organization"],
    "another assistant": [() => saying({ assistant: "helper" }), "wrong_assistant", "assistant"],
    "the assistant in other letters": [() => saying({ assistant: "Site" }), "wrong_assistant", "assistant"],
    "no assistant": [() => without("assistant"), "malformed", "assistant"],
    "from the future": [() => saying({ iat: NOW + 1, exp: NOW + 60 }), "not_yet_valid", "iat"],
    "no iat": [() => without("iat"), "malformed", "iat"],
    "an iat that is no integer": [() => saying({ iat: String(NOW) }), "malformed", "iat"],
    "an nbf": [() => saying({ nbf: NOW + 10 }), "malformed", "nbf"],
    expired: [() => saying({ iat: NOW - 300, exp: NOW }), "expired", "exp"],
    "no exp": [() => without("exp"), "malformed", "exp"],
    "an hour long": [() => saying({ exp: NOW + 3600 }), "malformed", "exp"],
    "no capabilities": [() => without("capabilities"), "malformed", "capabilities"],
    "capabilities as text": [() => saying({ capabilities: "assistant.chat" }), "malformed", "capabilities"],
    "without the capability": [() => saying({ capabilities: ["assistant.view"] }), "not_granted", "capabilities"],
    "with none": [() => saying({ capabilities: [] }), "not_granted", "capabilities"],
    "no version": [() => without("version"), "malformed", "version"],
    "version 0": [() => saying({ version: 0 }), "malformed", "version"],
    "obtained by nothing": [() => without("obtained"), "malformed", "obtained"],
    "obtained by another way": [() => saying({ obtained: { by: "public" } }), "malformed", "obtained"],
    "obtained by a link without digest": [
      () => saying({ obtained: { by: "view_link", origin: "https://docs.acme.example" } }),
      "malformed",
      "obtained",
    ],
  };
  for (const [name, [make, code, path]] of Object.entries(faults)) {
    test(`${name}: ${code}`, async () => {
      const token = await make();
      const error = await verifyPass(token, expected()).catch((thrown) => thrown);
      fails(code, path)(error);
      for (const part of String(token || "-")
        .split(".")
        .filter((text) => text.length > 8))
        assert.ok(!error.message.includes(part), "no message repeats a pass");
      assert.ok(!error.message.includes(digest(VIEW)));
    });
  }

  test("each byte of the signature changed, and each other spelling of a character", async () => {
    const token = await sign();
    const [head, payload, signature] = token.split(".");
    const bytes = Buffer.from(signature, "base64url");
    for (let place = 0; place < 64; place++) {
      const changed = Buffer.from(bytes);
      changed[place] ^= 1;
      await assert.rejects(
        verifyPass([head, payload, changed.toString("base64url")].join("."), expected()),
        fails("bad_signature"),
      );
    }
    const last = signature.at(-1);
    for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
      if (character !== last) await assert.rejects(verifyPass(token.slice(0, -1) + character, expected()));
    }
    await verifyPass(token, expected());
  });

  test("the payload is not read before the signature holds", async () => {
    const bad = await sign({ ...claims, iss: "x", aud: "x", organization: 1, exp: 1 }, header, other);
    await assert.rejects(verifyPass(bad, expected()), fails("bad_signature"));
    const broken = await sign("{", header, other);
    await assert.rejects(verifyPass(broken, expected()), fails("bad_signature"));
  });

  test("two keys with the kid", async () => {
    const two = { keys: [passPair.publicKey, { ...other.publicKey, kid: header.kid }] };
    await assert.rejects(verifyPass(await sign(), expected({ keys: two })), fails("unknown_key", "kid"));
    await assert.rejects(verifyPass(await sign(), expected({ keys: { keys: [] } })), fails("unknown_key", "kid"));
  });

  test("as a snapshot and as a head, under every key", async () => {
    for (const token of [await sign(), await sign(claims, { ...header, kid: keyPair.publicKey.kid }, keyPair)]) {
      const every = { keys: [...keys.keys, passPair.publicKey] };
      await assert.rejects(open(token, { keys: every, now: NOW }), fails("wrong_type", "typ"));
      await assert.rejects(openHead(token, { keys: every, now: NOW }), fails("wrong_type", "typ"));
    }
  });
});

describe("the expectations", () => {
  for (const name of ["keys", "issuer", "audience", "organization", "assistant", "capability"]) {
    test(`${name} is required`, async () => {
      const token = await sign();
      const { [name]: _, ...rest } = expected();
      await assert.rejects(verifyPass(token, rest), fails("invalid_options", name));
      await assert.rejects(verifyPass(token, { ...rest, [name]: undefined }), fails("invalid_options", name));
    });
  }

  test("must not be misspelt, and times must be numbers of seconds", async () => {
    const token = await sign();
    await assert.rejects(verifyPass(token, expected({ isuer: "x" })), fails("invalid_options", "isuer"));
    for (const now of [NaN, -1, "1", Infinity, null])
      await assert.rejects(verifyPass(token, expected({ now })), fails("invalid_options", "now"));
    await assert.rejects(verifyPass(token, expected({ clockTolerance: -1 })), fails("invalid_options", "clockTolerance"));
    await assert.rejects(verifyPass(token), fails("invalid_options"));
  });

  test("the time is the system's by default", async () => {
    const now = Math.floor(Date.now() / 1000);
    const { now: _, ...rest } = expected();
    await verifyPass(await saying({ iat: now, exp: now + 60 }), rest);
    await assert.rejects(verifyPass(await saying({ iat: now - 60, exp: now - 1 }), rest), fails("expired"));
  });
});
