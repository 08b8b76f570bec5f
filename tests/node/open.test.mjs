// Opening: the forms of tokens, the options, and the errors.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { open, openSync, WicketgateError } from "wicketgate";
import { detach, generateKeyPair } from "wicketgate/authority";
import { fails } from "../lib/fails.mjs";
import { NOW, acme, keyPair, keys, signed } from "../lib/world.mjs";

const at = (now) => ({ keys, now });
const token = await signed(acme(), {
  issuer: "https://a.example",
  audience: ["web", "edge"],
  version: 7,
  state: "s1",
  notBefore: NOW - 10,
});

describe("forms", () => {
  test("compact", async () => {
    const snapshot = await open(token, at(NOW));
    assert.equal(snapshot.scope, "workspace");
    assert.equal(snapshot.version, 7);
    assert.equal(snapshot.organization, "acme");
    assert.equal(snapshot.subject, undefined);
    assert.equal(snapshot.state, "s1");
    assert.equal(snapshot.issuedAt, NOW);
    assert.equal(snapshot.expiresAt, NOW + 3600);
  });

  test("detached, as text and as bytes", async () => {
    const { payload, signature } = await detach(token);
    assert.equal(JSON.parse(payload).organization.id, "acme");
    assert.match(signature, /^[\w-]+\.\.[\w-]+$/);
    for (const form of [payload, new TextEncoder().encode(payload), Buffer.from(payload)]) {
      assert.equal((await open({ payload: form, signature }, at(NOW))).version, 7);
    }
    const [header, signed] = signature.split("..");
    assert.equal(`${header}.${Buffer.from(payload).toString("base64url")}.${signed}`, token);
  });

  test("names with other characters than ASCII survive both forms", async () => {
    const facts = acme();
    facts.teams[0].name = "Žluťoučký 🐎 \u2028";
    const compact = await signed(facts);
    const detached = await detach(compact);
    for (const form of [compact, detached, { ...detached, payload: Buffer.from(detached.payload) }]) {
      assert.equal((await open(form, at(NOW))).facts().teams.find(({ id }) => id === "support").name, "Žluťoučký 🐎 \u2028");
    }
  });

  test("bytes that were not signed are refused: a byte order mark, invalid UTF-8, white space, a change", async () => {
    const { payload, signature } = await detach(token);
    const bytes = Buffer.from(payload);
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    await assert.rejects(open({ payload: Buffer.concat([mark, bytes]), signature }, at(NOW)), fails("bad_signature"));
    await assert.rejects(open({ payload: `\ufeff${payload}`, signature }, at(NOW)), fails("bad_signature"));
    await assert.rejects(open({ payload: Buffer.concat([bytes, Buffer.from([0xff])]), signature }, at(NOW)), fails("malformed"));
    await assert.rejects(open({ payload: `${payload} `, signature }, at(NOW)), fails("bad_signature"));
    await assert.rejects(
      open({ payload: payload.replace("global_admin", "global_admim"), signature }, at(NOW)),
      fails("bad_signature"),
    );
  });

  test("a signature without its payload is not valid", async () => {
    const { signature } = await detach(token);
    for (const payload of ["", new Uint8Array()])
      await assert.rejects(open({ payload, signature }, at(NOW)), fails("bad_signature"));
    for (const payload of [undefined, null, 7, {}]) await assert.rejects(open({ payload, signature }, at(NOW)), fails("malformed"));
  });

  test("a text that is no token is malformed", async () => {
    const { payload } = await detach(token);
    const wrong = ["", ".", "..", "a.b", "a.b.c.d", `${token}.`, `${token} `, token.replace(".", "..")];
    const halves = [{ payload }, { payload, signature: token }, { payload, signature: "" }, { payload: "", signature: ".." }];
    for (const form of [...wrong, ...halves, {}, null, undefined, 7]) {
      await assert.rejects(open(form, at(NOW)), fails("malformed"), JSON.stringify(form)?.slice(0, 80));
    }
  });
});

describe("options", () => {
  const refusals = [
    ["issuer", { issuer: "https://b.example" }, "wrong_issuer", "iss"],
    ["audience", { audience: "mobile" }, "wrong_audience", "aud"],
    ["organization", { organization: "other" }, "wrong_organization", "organization.id"],
    ["minVersion", { minVersion: 8 }, "rolled_back", "version"],
    ["minEpoch", { minEpoch: 1, minVersion: 7 }, "rolled_back", "epoch"],
    ["maxBytes", { maxBytes: 100 }, "too_large", undefined],
    ["now, late", { now: NOW + 3600 }, "expired", "exp"],
    ["now, early", { now: NOW - 11 }, "not_yet_valid", "nbf"],
    ["now, as a function", { now: () => NOW + 3600 }, "expired", "exp"],
    ["now, no number", { now: NaN }, "expired", "exp"],
    ["now, infinite", { now: Infinity }, "expired", "exp"],
    ["now, before all time", { now: -1 }, "expired", "exp"],
  ];
  for (const [name, options, code, path] of refusals) {
    test(`${name} refuses with ${code}`, () => assert.rejects(open(token, { keys, now: NOW, ...options }), fails(code, path)));
  }

  test("fulfilled expectations are accepted", async () => {
    const all = {
      issuer: "https://a.example",
      audience: "edge",
      organization: "acme",
      minVersion: 7,
      maxBytes: 1 << 20,
      clockTolerance: 5,
    };
    assert.equal((await open(token, { keys, now: NOW, ...all })).version, 7);
    assert.equal((await open(token, { keys, now: NOW, minVersion: undefined })).version, 7);
  });

  test("clock tolerance widens both ends", async () => {
    await open(token, { keys, now: NOW + 3604, clockTolerance: 5 });
    await assert.rejects(open(token, { keys, now: NOW + 3605, clockTolerance: 5 }), fails("expired"));
    await open(token, { keys, now: NOW - 15, clockTolerance: 5 });
    await assert.rejects(open(token, { keys, now: NOW - 16, clockTolerance: 5 }), fails("not_yet_valid"));
  });

  test("an expected issuer or audience must be in the token", async () => {
    const bare = await signed();
    await assert.rejects(open(bare, { ...at(NOW), issuer: "https://a.example" }), fails("wrong_issuer", "iss"));
    await assert.rejects(open(bare, { ...at(NOW), audience: "web" }), fails("wrong_audience", "aud"));
  });

  test("inherited options of a class count as well", async () => {
    class Options {
      keys = keys;
      now = NOW;
      #issuer;
      constructor(issuer) {
        this.#issuer = issuer;
      }
      get issuer() {
        return this.#issuer;
      }
    }
    assert.equal((await open(token, new Options("https://a.example"))).version, 7);
    await assert.rejects(open(token, new Options("https://b.example")), fails("wrong_issuer", "iss"));
    await assert.rejects(open(token, new Options(undefined)), fails("invalid_options", "issuer"));
    await assert.rejects(open(token, Object.create({ keys, now: NOW, minVersion: 8 })), fails("rolled_back", "version"));
  });

  test("misspelt options and wrong types are refused", async () => {
    await assert.rejects(open(token, { keys, now: NOW, isuer: "x" }), fails("invalid_options", "isuer"));
    for (const unset of ["issuer", "audience", "organization"]) {
      await assert.rejects(open(token, { keys, now: NOW, [unset]: undefined }), fails("invalid_options", unset));
    }
    for (const none of [undefined, null, "keys"]) await assert.rejects(open(token, none), fails("invalid_options"));
    for (const none of [undefined, null, 7, {}, { payload: "x" }, { signature: 7 }]) {
      await assert.rejects(open(none, { keys, now: NOW }), fails("malformed"), JSON.stringify(none));
    }
    for (const [name, value] of [
      ["issuer", 1],
      ["audience", ["web"]],
      ["organization", {}],
      ["minVersion", "7"],
      ["minVersion", -1],
      ["minEpoch", "1"],
      ["minEpoch", -1],
      ["minEpoch", 2 ** 53],
      ["minVersion", 1.5],
      ["clockTolerance", -1],
      ["clockTolerance", "5"],
      ["maxBytes", 0.5],
      ["now", "today"],
      ["now", null],
    ]) {
      await assert.rejects(open(token, { keys, now: NOW, [name]: value }), fails("invalid_options", name), `${name}: ${value}`);
    }
    for (const wrong of [undefined, null, [], {}, "keys", { keys: {} }]) {
      await assert.rejects(open(token, { keys: wrong, now: NOW }), fails("invalid_options"), JSON.stringify(wrong));
    }
  });
});

describe("keys", () => {
  test("rotation is two keys in the set; an empty or foreign set knows none", async () => {
    const other = await generateKeyPair();
    await open(token, { ...at(NOW), keys: { keys: [other.publicKey, keyPair.publicKey] } });
    await assert.rejects(open(token, { ...at(NOW), keys: { keys: [] } }), fails("unknown_key", "kid"));
    await assert.rejects(open(token, { ...at(NOW), keys: { keys: [other.publicKey] } }), fails("unknown_key", "kid"));
  });

  test("two keys with one `kid`, and a foreign key under a known `kid`", async () => {
    const other = await generateKeyPair({ kid: keyPair.publicKey.kid });
    await assert.rejects(
      open(token, { ...at(NOW), keys: { keys: [other.publicKey, keyPair.publicKey] } }),
      fails("unknown_key", "kid"),
    );
    await assert.rejects(open(token, { ...at(NOW), keys: { keys: [other.publicKey] } }), fails("bad_signature"));
  });

  test("a private key in the set verifies, and appears in no error", async () => {
    const { privateKey } = keyPair;
    await open(token, { ...at(NOW), keys: { keys: [privateKey] } });
    for (const wrong of [
      [{ ...privateKey, kid: "other" }],
      [{ ...privateKey, x: privateKey.d }],
      [privateKey, privateKey],
      [{ ...privateKey, kty: 1 }],
      privateKey,
      [privateKey.d],
    ]) {
      const error = await open(token, { ...at(NOW), keys: { keys: wrong } }).catch((thrown) => thrown);
      assert.ok(error instanceof WicketgateError);
      assert.ok(!inspect(error, { showHidden: true }).includes(privateKey.d.slice(0, 12)), error.message);
    }
  });

  test("keys of other types in the set are ignored", async () => {
    const ec = { kty: "EC", crv: "P-256", x: "AA", y: "AA", kid: "ec", key_ops: ["verify"], x5c: ["AA"] };
    const rsa = { kty: "RSA", n: "AA", e: "AQAB", kid: "rsa" };
    await open(token, { ...at(NOW), keys: { keys: [ec, rsa, keyPair.publicKey], next: null } });
  });
});

describe("the header", () => {
  const [, payload, signature] = token.split(".");
  const header = (fields) => `${Buffer.from(JSON.stringify(fields)).toString("base64url")}.${payload}.${signature}`;
  const good = { alg: "EdDSA", typ: "wicketgate-snapshot+jwt", kid: keyPair.publicKey.kid };
  const cases = [
    ["no algorithm", { ...good, alg: "none" }, "unsupported_algorithm"],
    ["another algorithm", { ...good, alg: "HS256" }, "unsupported_algorithm"],
    ["another type", { ...good, typ: "JWT" }, "wrong_type"],
    ["no type", { ...good, typ: undefined }, "wrong_type"],
    ["another key", { ...good, kid: "other" }, "unknown_key"],
    ["no key", { ...good, kid: undefined }, "unknown_key"],
    ["a key brought along", { ...good, jwk: keyPair.publicKey }, "unknown_key"],
    ["the URL of a key", { ...good, jku: "https://evil.example" }, "unknown_key"],
    ["a critical extension", { ...good, crit: ["exp"] }, "malformed"],
    ["a changed header", { ...good, extra: 1 }, "bad_signature"],
  ];
  for (const [name, fields, code] of cases) {
    test(`${name}: ${code}`, () => assert.rejects(open(header(fields), at(NOW)), fails(code)));
  }
});

test("openSync works like open, once the module is loaded", async () => {
  assert.equal(openSync(token, at(NOW)).version, 7);
  assert.throws(() => openSync(token, { ...at(NOW), minVersion: 8 }), fails("rolled_back", "version"));
});

test("errors are Errors of their own class, with a stack", async () => {
  const error = await open("x", at(NOW)).catch((thrown) => thrown);
  assert.ok(error instanceof WicketgateError);
  assert.match(error.stack, /WicketgateError/);
  assert.equal(Object.prototype.toString.call(error), "[object Error]");
});

test("foreign text in messages is quoted, shortened, and on one line", async () => {
  const issuer = `evil\n\u001b[31m${"x".repeat(1000)}`;
  const odd = await signed(acme(), { issuer });
  await assert.rejects(open(odd, { ...at(NOW), issuer: "https://a.example" }), fails("wrong_issuer", "iss"));
});
