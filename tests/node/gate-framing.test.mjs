// The directive `frame-ancestors`: exactly the sites that the verified facts allow, and no characters that end the directive or the header.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import * as jose from "jose";
import { Hono } from "hono";
import { frameAncestors } from "../../pkg/dist/gate/frame-ancestors.js";
import { framing, requirePass } from "wicketgate/hono";
import { fails } from "../lib/fails.mjs";
import { AUDIENCE, expected, gateOf, gateSnapshot, ISSUER, withSite } from "../lib/gate-library.mjs";
import { NOW, VIEW, keyPair } from "../lib/world.mjs";

const NOBODY = "frame-ancestors 'none'";
const { error } = console;
afterEach(() => {
  console.error = error;
});

/** A snapshot with facts that the authority itself would refuse. */
async function foreign(origins) {
  const facts = { id: "acme", assistants: [{ id: "site", accessibility: "public", embed: { origins } }] };
  return new jose.SignJWT({ scope: "gate", version: 1, organization: facts })
    .setProtectedHeader({ alg: "EdDSA", typ: "wicketgate-snapshot+jwt", kid: keyPair.publicKey.kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(NOW)
    .setExpirationTime(NOW + 3600)
    .sign(await jose.importJWK(keyPair.privateKey, "EdDSA"));
}

/** The directive for these origins, or the code of the core's refusal. */
async function ancestors(origins) {
  const { gate, source } = await gateOf();
  source.tokens.set("site", await foreign(origins));
  return gate.frameAncestors("site").catch(({ code }) => code);
}

describe("the sites", () => {
  for (const [name, origins, wanted] of [
    ["one", ["https://docs.acme.example"], "frame-ancestors https://docs.acme.example"],
    ["several, in their order", ["https://b.example", "https://a.example"], "frame-ancestors https://b.example https://a.example"],
    [
      "with ports",
      ["https://a.example:8443", "http://localhost:3000"],
      "frame-ancestors https://a.example:8443 http://localhost:3000",
    ],
    ["a wildcard", ["https://*.acme.example"], "frame-ancestors https://*.acme.example"],
    ["a wildcard with a port", ["https://*.acme.example:444"], "frame-ancestors https://*.acme.example:444"],
    ["upper case", ["HTTPS://Docs.ACME.example"], "frame-ancestors https://docs.acme.example"],
    ["the same in two ways", ["https://a.example", "https://A.example"], "frame-ancestors https://a.example"],
    ["punycode", ["https://xn--bcher-kva.example"], "frame-ancestors https://xn--bcher-kva.example"],
    ["everybody", ["*"], "frame-ancestors *"],
    ["everybody and somebody", ["https://a.example", "*"], "frame-ancestors *"],
    ["IPv4", ["https://127.0.0.1:8080"], "frame-ancestors https://127.0.0.1:8080"],
    ["nobody", [], NOBODY],
  ]) {
    test(name, async () => assert.equal(await ancestors(origins), wanted));
  }

  for (const [name, origin] of [
    ["IPv6", "https://[2001:db8::1]"],
    ["an underscore", "https://a_b.example"],
    ["a trailing dot", "https://docs.acme.example."],
  ]) {
    test(`${name}, which CSP cannot express, is left out`, async () => {
      assert.equal(await ancestors([origin]), NOBODY);
      assert.equal(await ancestors(["https://good.example", origin]), "frame-ancestors https://good.example");
    });
  }

  const INJECTIONS = [
    "https://a.example;script-src *",
    "https://a.example; frame-ancestors *",
    "https://a.example,https://b.example",
    "https://a.example https://b.example",
    "https://a.example\nX: y",
    "https://a.example\n",
    "https://a.example\r\n\r\n<script>",
    "https://a.example\t*",
    "https://bücher.example",
    "https://\u212Aing.example",
    "https://a.example/path",
    "https://a.example?x",
    "https://user@a.example",
    "https://a..example",
    "https://.example",
    "https://a.example:*",
    "https://a.*.example",
    "https://*.*.example",
    "https://*",
    "https:",
    "*.example",
    "data:",
    "null",
    "'self'",
    "'none'",
    "'unsafe-inline'",
    "",
    " ",
    " https://a.example",
    "javascript://a.example",
    "* *",
    "*;",
    "http://[::1]:3000",
  ];
  for (const origin of INJECTIONS) {
    test(`${JSON.stringify(origin)} is no origin: a snapshot with it is refused`, async () =>
      assert.equal(await ancestors(["https://good.example", origin]), "unavailable"));

    test(`${JSON.stringify(origin)} does not get into the header, even if the core took it`, () => {
      const credulous = { capabilities: () => ["assistant.view"], check: () => ({ allowed: true, because: [] }), free() {} };
      const snapshot = { version: 1, validity: () => ({ until: NOW + 1 }), as: () => credulous };
      const copy = (...origins) => ({ snapshot, origins, remembered: () => undefined, remember() {} });
      assert.equal(frameAncestors(copy(origin), "site", NOW), NOBODY);
      assert.equal(frameAncestors(copy("https://good.example", origin), "site", NOW), "frame-ancestors https://good.example");
    });
  }

  test("no embedding, unknown assistant, not public, no id: nobody", async () => {
    const { gate } = await gateOf();
    for (const id of ["other", "a/b", "", "a;b", "a".repeat(129)]) assert.equal(await gate.frameAncestors(id), NOBODY);
    for (const facts of [
      withSite({ embed: undefined }),
      withSite({ accessibility: "only_team" }),
      { ...withSite(), plan: { withholds: ["assistant.view", "assistant.chat"] } },
    ]) {
      const { gate: another, publish: put } = await gateOf();
      await put({ facts });
      assert.equal(await another.frameAncestors("site"), NOBODY);
    }
  });

  test("as many sites as a header can hold; beyond that nobody, and one line in the log", async () => {
    const lines = [];
    console.error = (...words) => lines.push(words.join(" "));
    const origins = Array.from({ length: 200 }, (_, place) => `https://${"s".repeat(26)}${String(place).padStart(3, "0")}.ex`); // 41 bytes with the space
    const wanted = `frame-ancestors ${origins.slice(0, 199).join(" ")}`;
    assert.ok(wanted.length <= 8192 && wanted.length > 8000);
    assert.equal(await ancestors(origins.slice(0, 199)), wanted);
    assert.deepEqual(lines, []);
    const { gate, source } = await gateOf();
    source.tokens.set("site", await foreign(origins));
    for (let n = 0; n < 3; n++) assert.equal(await gate.frameAncestors("site"), NOBODY);
    assert.equal(lines.length, 1);
    assert.match(lines[0], /site/);
  });

  test("follow a change within seconds", async () => {
    const { gate, clock, publish } = await gateOf();
    assert.equal(await gate.frameAncestors("site"), "frame-ancestors https://docs.acme.example");
    await publish({ version: 2, facts: withSite({ embed: { origins: ["https://new.example"] } }) });
    clock.now += 10;
    assert.equal(await gate.frameAncestors("site"), "frame-ancestors https://new.example");
  });

  test("without the source: unavailable", async () => {
    const { gate, source } = await gateOf();
    source.answer.read = () => {
      throw new Error("down");
    };
    await assert.rejects(gate.frameAncestors("site"), fails("unavailable"));
  });
});

describe("in Hono", () => {
  test("a page has the directive besides its own policy", async () => {
    const { gate, source, clock } = await gateOf();
    const app = new Hono();
    app.use(
      "/embed/:assistant",
      framing(gate, (context) => context.req.param("assistant")),
    );
    app.get("/embed/:assistant", (context) => context.text("page", 200, { "Content-Security-Policy": "default-src 'none'" }));
    const policy = async (id) => (await app.request(`/embed/${id}`)).headers.get("Content-Security-Policy");
    assert.equal(await policy("site"), "default-src 'none', frame-ancestors https://docs.acme.example");
    assert.equal(await policy("other"), `default-src 'none', ${NOBODY}`);
    source.answer.read = () => {
      throw new Error("down");
    };
    clock.now += 301;
    const answer = await app.request("/embed/site");
    assert.deepEqual(
      [answer.status, answer.headers.get("Content-Security-Policy"), (await answer.text()) === "page"],
      [503, NOBODY, false],
    );
  });

  /** A back end that has only the public keys. */
  function backEnd(changes = {}) {
    const { now: _, assistant: __, ...expect } = expected();
    const app = new Hono();
    app.use("/chat/:assistant", requirePass({ ...expect, assistant: (context) => context.req.param("assistant"), ...changes }));
    app.post("/chat/:assistant", (context) => context.json(context.var.pass.obtained.by));
    app.onError((error, context) => context.text(error.code, 500));
    return (authorization, id = "site") =>
      app.request(`/chat/${id}`, { method: "POST", headers: authorization ? { Authorization: authorization } : {} });
  }

  test("a route needs a pass", async () => {
    const now = Math.floor(Date.now() / 1000);
    const { gate, publish, clock } = await gateOf();
    clock.now = now;
    await publish({ issuedAt: now });
    const { pass } = await gate.issuePass(await gate.admit("site", { link: VIEW }));
    const good = await backEnd()(`Bearer ${pass}`);
    assert.deepEqual([good.status, await good.json()], [200, "view_link"]);
    for (const authorization of [undefined, "Bearer x", pass, `Bearer ${await gateSnapshot()}`]) {
      const { status, headers } = await backEnd()(authorization);
      assert.deepEqual([status, headers.get("WWW-Authenticate")], [401, 'Bearer error="invalid_token"']);
    }
    assert.equal((await backEnd()(`Bearer ${pass}`, "other")).status, 401);
    assert.equal((await backEnd({ audience: "other" })(`Bearer ${pass}`)).status, 401);
    assert.equal((await backEnd({ capability: "assistant.edit" })(`Bearer ${pass}`)).status, 403);
  });

  test("wrong options admit nobody", async () => {
    const { gate } = await gateOf();
    const { pass } = await gate.issuePass(await gate.admit("site", { link: VIEW }));
    for (const changes of [{ issuer: undefined }, { capability: undefined }, { assistant: () => undefined }, { keys: undefined }])
      assert.equal((await backEnd(changes)(`Bearer ${pass}`)).status, 500);
  });
});
