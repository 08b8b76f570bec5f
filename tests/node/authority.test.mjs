// Issuing: keys, claims and their limits, faulty facts, and the facts that each scope leaves out.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { describe, test } from "node:test";
import { open } from "wicketgate";
import { detach, Directory, generateKeyPair, issue } from "wicketgate/authority";
import { fails } from "../lib/fails.mjs";
import { NOW, acme, digest, keyPair, keys, opened, signed, EDIT, VIEW } from "../lib/world.mjs";

const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const headerOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url"));

describe("keys", () => {
  test("are OKP Ed25519, the public half without the secret", async () => {
    const { publicKey, privateKey } = await generateKeyPair();
    const { kid, x, ...rest } = publicKey;
    assert.deepEqual(rest, { kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" });
    assert.match(kid, /^[\w-]{43}$/);
    assert.match(x, /^[\w-]{43}$/);
    assert.deepEqual({ ...privateKey, d: undefined }, { ...publicKey, d: undefined });
    assert.match(privateKey.d, /^[\w-]{43}$/);
    assert.equal((await generateKeyPair({ kid: "2026-11" })).publicKey.kid, "2026-11");
  });

  test("differ at each call", async () => {
    const pairs = await Promise.all(Array.from({ length: 20 }, () => generateKeyPair()));
    assert.equal(new Set(pairs.map(({ privateKey }) => privateKey.d)).size, 20);
    assert.equal(new Set(pairs.map(({ publicKey }) => publicKey.kid)).size, 20);
  });

  test("that cannot sign are refused, and never appear in messages", async () => {
    const { privateKey, publicKey } = keyPair;
    const other = (await generateKeyPair()).privateKey;
    const cases = [
      [publicKey, "d"],
      [{ ...privateKey, d: privateKey.d.slice(1) }, "d"],
      [{ ...privateKey, d: `${privateKey.d}=` }, "d"],
      [{ ...privateKey, x: other.x }, "x"],
      [{ ...privateKey, kid: undefined }, "kid"],
      [{ ...privateKey, kid: "" }, "kid"],
      [{ ...privateKey, kty: "EC" }, "kty"],
      [{ ...privateKey, crv: "X25519" }, "kty"],
      [{ ...privateKey, alg: "ES256" }, "kty"],
    ];
    for (const [key, path] of cases) {
      const error = await signed(acme(), { key }).catch((thrown) => thrown);
      fails("invalid_key", path)(error);
      assertSecretless(error, privateKey.d);
    }
    for (const key of [
      undefined,
      null,
      "key",
      [],
      {},
      privateKey.d,
      { ...privateKey, d: [privateKey.d] },
      { ...privateKey, kty: privateKey.d },
    ]) {
      const error = await signed(acme(), { key }).catch((thrown) => thrown);
      assert.equal(error.name, "WicketgateError", String(error));
      assert.match(error.code, /^invalid_(key|options)$/);
      assertSecretless(error, privateKey.d);
    }
  });
});

function assertSecretless(error, secret) {
  const shown = inspect(error, { depth: 10, showHidden: true });
  for (let at = 0; at + 12 <= secret.length; at++) assert.ok(!shown.includes(secret.slice(at, at + 12)), shown);
}

describe("claims", () => {
  test("are those of the options, and no others", async () => {
    const token = await signed(acme(), {
      issuer: "https://a.example",
      audience: "web",
      version: 3,
      state: "s",
      id: "j",
      issuedAt: NOW,
      notBefore: NOW + 1,
      expiresAt: NOW + 60,
    });
    assert.deepEqual(headerOf(token), { alg: "EdDSA", typ: "wicketgate-snapshot+jwt", kid: keyPair.publicKey.kid });
    const { organization, ...claims } = claimsOf(token);
    assert.deepEqual(claims, {
      iss: "https://a.example",
      aud: "web",
      iat: NOW,
      nbf: NOW + 1,
      exp: NOW + 60,
      jti: "j",
      scope: "workspace",
      version: 3,
      state: "s",
    });
    assert.equal(organization.id, "acme");
    assert.deepEqual(Object.keys(claimsOf(await signed())).sort(), ["exp", "iat", "organization", "scope", "version"]);
    assert.deepEqual(claimsOf(await signed(acme(), { audience: ["a", "b"] })).aud, ["a", "b"]);
  });

  test("issuing the same twice gives the same token", async () => {
    assert.equal(await signed(), await signed());
  });

  test("the time of issue is now by default", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { iat, exp } = claimsOf(await issue(acme(), { key: keyPair.privateKey, version: 1, expiresIn: 60 }));
    assert.ok(iat >= before && iat <= Date.now() / 1000);
    assert.equal(exp, iat + 60);
  });

  test("version is an integer from 1 to 2^53 - 1", async () => {
    const largest = await open(await signed(acme(), { version: Number.MAX_SAFE_INTEGER }), { keys, now: NOW });
    assert.equal(largest.version, Number.MAX_SAFE_INTEGER);
    for (const version of [0, -1, 1.5, NaN, Infinity, 2 ** 53, 1e300, "1", null, undefined]) {
      await assert.rejects(signed(acme(), { version }), fails("invalid_options"), String(version));
    }
  });

  test("the lifetime is required and must be possible", async () => {
    const base = { key: keyPair.privateKey, version: 1, issuedAt: NOW };
    for (const life of [
      {},
      { expiresIn: 0 },
      { expiresIn: -1 },
      { expiresIn: NaN },
      { expiresIn: "60" },
      { expiresIn: 1.5 },
      { expiresAt: NOW },
      { expiresAt: NOW - 1 },
      { expiresAt: -5 },
      { expiresAt: 2 ** 60 },
      { expiresAt: NOW + 5, notBefore: NOW + 5 },
    ]) {
      await assert.rejects(issue(acme(), { ...base, ...life }), fails("invalid_options"), JSON.stringify(life));
    }
    for (const issuedAt of [-1, 1.5, NaN, "now"]) {
      await assert.rejects(issue(acme(), { ...base, issuedAt, expiresAt: NOW + 60 }), fails("invalid_options"), String(issuedAt));
    }
    for (const notBefore of [-1, 1.5, "now"]) {
      await assert.rejects(issue(acme(), { ...base, notBefore, expiresAt: NOW + 60 }), fails("invalid_options"), String(notBefore));
    }
  });

  test("an unknown option is refused: a misspelt scope would sign everything", async () => {
    await assert.rejects(signed(acme(), { scpe: { member: "vic" } }), fails("invalid_options", "scpe"));
    await assert.rejects(signed(acme(), { expires_in: 5 }), fails("invalid_options", "expires_in"));
  });

  test("of wrong types are refused", async () => {
    for (const wrong of [
      { issuer: 1 },
      { audience: 1 },
      { audience: [1] },
      { state: {} },
      { id: 1 },
      { scope: "everything" },
      { scope: {} },
      { scope: { member: 1 } },
      { scope: { gate: "site" } },
      { scope: { member: "vic", gate: ["site"] } },
      { scope: "member" },
    ]) {
      await assert.rejects(signed(acme(), wrong), fails("invalid_options"), JSON.stringify(wrong));
    }
  });
});

describe("faulty facts are refused with the path", () => {
  const change = (edit) => {
    const facts = acme();
    edit(facts);
    return facts;
  };
  const cases = [
    ["assistants[1].grants[0].role", (facts) => (facts.assistants[1].grants[0].role = "no_such")],
    ["assistants[1].grants[0].user", (facts) => (facts.assistants[1].grants[0].user = "nobody")],
    ["assistants[2].owner", (facts) => (facts.assistants[2].owner = "nobody")],
    ["assistants[2]", (facts) => delete facts.assistants[2].owner],
    ["assistants[2].project", (facts) => (facts.assistants[2].project = "no_such")],
    ["assistants[2].accessibility", (facts) => (facts.assistants[2].accessibility = "everybody")],
    ["assistants[2].links[1].digest", (facts) => (facts.assistants[2].links[1].digest = "short")],
    ["assistants[2].links[1]", (facts) => delete facts.assistants[2].links[1].digest],
    ["assistants[2].links[1].level", (facts) => (facts.assistants[2].links[1].level = "admin")],
    ["assistants[2].embed.origins[0]", (facts) => (facts.assistants[2].embed.origins[0] = "http://docs.acme.example")],
    ["assistants[3].id", (facts) => (facts.assistants[3].id = "site")],
    ["projects[1].team", (facts) => (facts.projects[1].team = "no_such")],
    ["teams[0].members[1].role", (facts) => (facts.teams[0].members[1].role = "agent_user")],
    ["teams[0].members[1].user", (facts) => (facts.teams[0].members[1].user = "nobody")],
    ["teams[0].members[0].expires", (facts) => (facts.teams[0].members[0].expires = 1.5)],
    ["teams[1].creator", (facts) => (facts.teams[1].creator = "nobody")],
    ["users[1].role", (facts) => (facts.users[1].role = "boss")],
    ["users[1].status", (facts) => (facts.users[1].status = "gone")],
    ["users[1].id", (facts) => (facts.users[1].id = "a b")],
    ["users[1].id", (facts) => (facts.users[1].id = "x".repeat(129))],
    ["roles[0].id", (facts) => (facts.roles[0].id = "editor")],
    ["roles[0].on", (facts) => (facts.roles[0].on = "project")],
    ["roles[0].grants[1]", (facts) => (facts.roles[0].grants[1] = "assistant.fly")],
    ["roles[0].grants", (facts) => (facts.roles[0].grants[1] = "team.edit")],
    ["plan.withholds[0]", (facts) => (facts.plan.withholds[0] = "panel.analytcs")],
    ["id", (facts) => (facts.id = "")],
  ];
  for (const [path, edit] of cases) {
    test(`${path} ${edit.toString().replace(/^.*?=> /, "")}`, () =>
      assert.rejects(signed(change(edit)), fails("invalid_facts", path)));
  }

  const misspelt = [
    ["users[3].emial", "email", (facts) => (facts.users[3].emial = "una@acme.example")],
    ["teams[0].membres", "members", (facts) => (facts.teams[0].membres = [])],
    ["teams[0].members[0].expiry", "expires", (facts) => (facts.teams[0].members[0].expiry = 1)],
    [
      "assistants[0].acessibility",
      "accessibility",
      (facts) => {
        facts.assistants[0].acessibility = "public";
        delete facts.assistants[0].accessibility;
      },
    ],
    ["plan.withold", "withholds", (facts) => (facts.plan = { withold: ["assistant.share"] })],
    ["policies", undefined, (facts) => (facts.policies = [{ effect: "deny" }])],
    ["__proto__", undefined, (facts) => Object.defineProperty(facts, "__proto__", { value: [], enumerable: true })],
  ];
  for (const [path, meant, edit] of misspelt) {
    test(`${path}: an unknown field, in a text and in an object, issuing and founding`, async () => {
      const facts = change(edit);
      for (const given of [facts, JSON.stringify(facts)]) {
        for (const refused of [signed(given), Directory.found(given)]) {
          await assert.rejects(refused, (error) => {
            assert.ok(fails("invalid_facts", path)(error));
            assert.match(
              error.message,
              meant ? new RegExp(`did you mean \`${meant}\`\\?$`) : /there is no such field; there are `id`, `plan`/,
            );
            return true;
          });
        }
      }
    });
  }

  test("duplicate keys and invalid JSON, in a text", async () => {
    await assert.rejects(signed('{"id":"acme","id":"other"}'), (error) => /^(invalid_facts|malformed)$/.test(error.code));
    for (const text of ["", "{", "null", "[]", '{"id":"acme"} x', '{"id":"acme",}', "\ufeff{}"]) {
      await assert.rejects(
        signed(text),
        (error) => error.name === "WicketgateError" && /^(invalid_facts|malformed)$/.test(error.code),
        text,
      );
    }
    const options = { key: keyPair.privateKey, version: 1, expiresIn: 60 };
    for (const odd of [undefined, null, 7, [], () => 1])
      await assert.rejects(issue(odd, options), fails("invalid_facts"), String(odd));
  });

  test("text and object give the same token; the object is not changed", async () => {
    const facts = Object.freeze(acme());
    assert.equal(await signed(JSON.stringify(facts)), await signed(facts));
    assert.deepEqual(facts, acme());
  });
});

describe("projections", () => {
  test("a member snapshot has no address, grant or membership of others, no digest, and nothing hidden", async () => {
    const facts = acme();
    const text = JSON.stringify((await opened(facts, { scope: { member: "ed" } })).facts());
    for (const secret of ["@acme.example", digest(VIEW), digest(EDIT), "helper", "draft", "pitch", "olga", "vic", "gina"]) {
      const own = text.replace("ed@acme.example", "");
      assert.ok(!own.includes(secret), `${secret} in ${own}`);
    }
    assert.ok(text.includes("ed@acme.example"));
  });

  test("an admin's member snapshot names everybody, without addresses", async () => {
    const { users } = (await opened(acme(), { scope: { member: "gina" } })).facts();
    assert.equal(users.length, 6);
    assert.deepEqual(
      users.filter(({ email }) => email !== undefined).map(({ id }) => id),
      ["gina"],
    );
    const text = JSON.stringify((await opened(acme(), { scope: { member: "gina" } })).facts());
    assert.ok(!text.includes(digest(VIEW)));
  });

  test("the snapshot of a suspended member holds nothing", async () => {
    const { teams = [], projects = [], assistants = [], users } = (await opened(acme(), { scope: { member: "sam" } })).facts();
    assert.deepEqual([teams, projects, assistants], [[], [], []]);
    assert.deepEqual(
      users.map(({ id }) => id),
      ["sam"],
    );
  });

  test("a gate snapshot has public assistants with digests and origins, and no people", async () => {
    const snapshot = await opened(acme(), { scope: { gate: ["site", "helper"] } });
    const { users = [], teams = [], projects = [], assistants } = snapshot.facts();
    assert.deepEqual([users, teams, projects], [[], [], []]);
    assert.deepEqual(
      assistants.map(({ id }) => id),
      ["site"],
    );
    assert.equal(assistants[0].owner, undefined);
    assert.equal(assistants[0].grants, undefined);
    assert.equal(assistants[0].links[0].digest, digest(VIEW));
    assert.doesNotMatch(JSON.stringify(snapshot.facts()), /helper|olga|vic|gina|"ed"/);
  });

  test("of an unknown user: unknown_user", () =>
    assert.rejects(signed(acme(), { scope: { member: "nobody" } }), fails("unknown_user")));
});

test("detach takes compact tokens only", async () => {
  for (const wrong of ["", "a.b", "a..b.c", "a.b.c.d", "a.*.c", "a./w.c", "a._w.c"])
    await assert.rejects(detach(wrong), fails("malformed"), wrong);
});
