// The back end behind the gate: it answers only to valid passes, and only while their reason holds.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { importJWK, SignJWT, UnsecuredJWT } from "jose";
import { generateKeyPair } from "wicketgate/authority";
import {
  askPass,
  assertPrivate,
  assertRefused,
  AUDIENCES,
  chatWith,
  greeting,
  ISSUERS,
  passFor,
  payloadOf,
  startGate,
} from "../lib/gate.mjs";
import { SESSION_COOKIE } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";
import { enter, startDemonstration } from "./demonstration.mjs";

const VIEW = `wk_${"v".repeat(43)}`;
const EDIT = `wk_${"e".repeat(43)}`;
const SITE = "https://docs.acme.example";

let demo;
let gina;
let passKey;
before(async () => {
  demo = await startDemonstration({ revalidateAfter: 1 });
  gina = await enter(demo, "gina");
  ({
    passKeys: {
      keys: [passKey],
    },
  } = JSON.parse(await readFile(join(demo.dir, "secrets.json"), "utf8")));
});
after(() => demo?.stop());

const chat = (assistant, pass, message, headers) => chatWith(demo.url, assistant, pass, message, headers);
const passOf = async (body, options) => (await passFor(demo.url, body, options)).pass;

async function assertNoPass(response) {
  assert.equal(response.headers.get("WWW-Authenticate"), 'Bearer error="invalid_token"');
  await assertRefused(response, 401, "invalid_pass");
}

/** A public assistant for one test, open to a link and to a site. */
async function made(id) {
  await gina.does({ type: "create_assistant", id, project: "faq", name: `The ${id}`, accessibility: "public" });
  await gina.does({ type: "set_embed", assistant: id, origins: [SITE] });
  const {
    result: { key, link },
  } = await gina.does({ type: "create_link", assistant: id, level: "view" });
  await until(async () => (await askPass(demo.url, { assistant: id, key })).status === 200, `${id} is distributed`);
  return { id, key, link };
}

describe("a pass", () => {
  test("is answered in the assistant's name, every time", async () => {
    const { id, key } = await made("answering");
    const pass = await passOf({ assistant: id, key });
    const answers = await Promise.all(
      [1, 2].map(async () => {
        const response = await chat(id, pass, "How are you?");
        assert.equal(response.status, 200);
        assertPrivate(response);
        return response.json();
      }),
    );
    assert.deepEqual(answers[0], answers[1]);
    assert.deepEqual(Object.keys(answers[0]), ["reply"]);
    assert.match(answers[0].reply, /3 words to The answering\..*demonstration/);
  });

  for (const [what, body, status] of [
    ["an edit link", { assistant: "site", key: EDIT }, 200],
    ["a view link", { assistant: "site", key: VIEW }, 403],
    ["an embedding page", { assistant: "site", embedder: SITE }, 403],
  ]) {
    test(`of ${what} ${status === 200 ? "writes" : "does not write"}, and reads, the greeting of the assistant`, async () => {
      const pass = await passOf(body);
      const text = `Hello from ${what}`;
      const response = await greeting(demo.url, "site", pass, text);
      if (status === 200) assert.deepEqual(await response.json(), { greeting: text });
      else await assertRefused(response, status, "insufficient_pass");
      assert.equal((await (await greeting(demo.url, "site", pass)).json()).greeting === text, status === 200);
    });
  }

  test("of a signed-in person works with their session, not without it and not with another's", async () => {
    const [vic, wes] = [await enter(demo, "vic"), await enter(demo, "wes")];
    const cookie = ({ session }) => ({ Cookie: `${SESSION_COOKIE}=${session}` });
    const pass = await passOf({ assistant: "draft", member: true }, { headers: cookie(vic) });
    assert.equal((await chat("draft", pass, "Hello", cookie(vic))).status, 200);
    await assertNoPass(await chat("draft", pass));
    await assertNoPass(await chat("draft", pass, "Hello", cookie(wes)));
    await assertNoPass(await chat("draft", pass, "Hello", cookie({ session: "A".repeat(43) })));
  });
});

describe("an invalid pass gets nothing:", () => {
  const good = () => passOf({ assistant: "site", key: VIEW });
  const signed = async (change = {}, { header = {}, key = passKey } = {}) => {
    const payload = { ...payloadOf(await good()), ...change };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: "EdDSA", typ: "wicketgate-pass+jwt", kid: key.kid, ...header })
      .sign(await importJWK(key, "EdDSA"));
  };
  const now = () => Math.floor(Date.now() / 1000);

  test("(the control: a correctly signed pass is accepted)", async () =>
    assert.equal((await chat("site", await signed())).status, 200));

  for (const [what, forge] of [
    ["nothing", () => undefined],
    ["an empty text", () => ""],
    ["nonsense", () => "nonsense"],
    ["a link's key", () => VIEW],
    ["a snapshot of the store", () => demo.gateStore.get("gate:acme:site")],
    ["no signature", async () => new UnsecuredJWT(payloadOf(await good())).encode()],
    [
      "alg none in a signed one",
      async () => {
        const [, payload, signature] = (await good()).split(".");
        return [
          Buffer.from(JSON.stringify({ alg: "none", typ: "wicketgate-pass+jwt", kid: passKey.kid })).toString("base64url"),
          payload,
          signature,
        ].join(".");
      },
    ],
    [
      "another assistant in a signed one",
      async () => {
        const [header, , signature] = (await passOf({ assistant: "site", key: VIEW })).split(".");
        const payload = { ...payloadOf(await good()), capabilities: ["assistant.view", "assistant.chat", "assistant.edit"] };
        return [header, Buffer.from(JSON.stringify(payload)).toString("base64url"), signature].join(".");
      },
    ],
    ["the authority's key", () => signed({}, { key: demo.signingKey })],
    ["the authority's key under our name", () => signed({}, { key: demo.signingKey, header: { kid: passKey.kid } })],
    ["a stranger's key", async () => signed({}, { key: (await generateKeyPair()).privateKey })],
    ["another type", () => signed({}, { header: { typ: "JWT" } })],
    ["a snapshot's type", () => signed({}, { header: { typ: "wicketgate-snapshot+jwt" } })],
    ["another assistant", () => signed({ assistant: "helper" })],
    ["another organization", () => signed({ organization: "globex" })],
    ["another issuer", () => signed({ iss: ISSUERS.authority })],
    ["another audience", () => signed({ aud: AUDIENCES.gate })],
    ["an expired pass", () => signed({ iat: now() - 400, exp: now() - 100 })],
    ["a pass from the future", () => signed({ iat: now() + 3600, exp: now() + 3700 })],
    ["no end", () => signed({ exp: undefined })],
    ["no origin", () => signed({ obtained: undefined })],
    ["a link that does not exist", () => signed({ obtained: { by: "view_link", digest: "A".repeat(43) } })],
    ["a site that is not allowed", () => signed({ obtained: { by: "embed", origin: "https://evil.example" } })],
    ["a person, without a session", () => signed({ obtained: { by: "member", user: "gina" } })],
    ["the session's cookie", () => gina.session],
  ]) {
    test(what, async () => assertNoPass(await chat("site", await forge())));
  }

  test("a pass that claims a better reason than its own", async () => {
    // Also a correctly signed pass allows no more than its reason allows now.
    const {
      obtained: { digest },
    } = payloadOf(await good());
    const pass = await signed({
      capabilities: ["assistant.view", "assistant.chat", "assistant.edit"],
      obtained: { by: "view_link", digest },
    });
    await assertRefused(await greeting(demo.url, "site", pass, "forged"), 403, "insufficient_pass");
    const edit = await signed({
      capabilities: ["assistant.view", "assistant.chat", "assistant.edit"],
      obtained: { by: "edit_link", digest },
    });
    await assertRefused(await greeting(demo.url, "site", edit, "forged"), 403, "insufficient_pass");
  });

  test("a valid pass in the wrong place of the request", async () => {
    const pass = await good();
    for (const headers of [
      ...[pass, `Basic ${pass}`, `Bearer ${pass} ${pass}`, `Bearer ${pass},Bearer ${pass}`, "Bearer"].map((Authorization) => ({
        Authorization,
      })),
      { Cookie: `pass=${pass}` },
      { "X-Pass": pass },
    ])
      await assertNoPass(await chat("site", undefined, "Hello", headers));
    await assertNoPass(
      await fetch(`${demo.url}/v1/chat/site?pass=${pass}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ message: "Hello", pass }),
      }),
    );
  });

  test("a valid pass, at another assistant", async () => {
    const { id, key } = await made("replayed");
    const [one, other] = [await passOf({ assistant: id, key }), await good()];
    assert.equal((await chat(id, one)).status, 200);
    await assertNoPass(await chat(id, other));
    for (const assistant of ["site", "helper", "nothing", "%00", `${id} `, id.toUpperCase()])
      await assertNoPass(await chat(assistant, one));
    assert.equal((await chat("", one)).status, 404);
  });
});

describe("a pass ends at once", () => {
  for (const [what, command] of [
    ["when its link is revoked", ({ id, link }) => ({ type: "revoke_link", assistant: id, link })],
    ["when its assistant becomes Only Me", ({ id }) => ({ type: "set_accessibility", assistant: id, accessibility: "only_me" })],
    [
      "when its assistant becomes Only Team",
      ({ id }) => ({ type: "set_accessibility", assistant: id, accessibility: "only_team" }),
    ],
    ["when its assistant is deleted", ({ id }) => ({ type: "delete_assistant", assistant: id })],
  ]) {
    test(what, async () => {
      const assistant = await made(what.toLowerCase().replaceAll(" ", "-"));
      const { id, key } = assistant;
      const pass = await passOf({ assistant: id, key });
      assert.equal((await chat(id, pass)).status, 200);
      await gina.does(command(assistant));
      await assertNoPass(await chat(id, pass));
      await until(async () => (await askPass(demo.url, { assistant: id, key })).status === 404, "no new one is given");
      await assertRefused(await askPass(demo.url, { assistant: id, key }), 404, "refused");
    });
  }

  test("when its site is no longer allowed, and the frame closes", async () => {
    const { id, key } = await made("with-its-site");
    const [embedded, linked] = [await passOf({ assistant: id, embedder: SITE }), await passOf({ assistant: id, key })];
    assert.equal((await chat(id, embedded)).status, 200);
    for (const origins of [["https://elsewhere.example"], [], null]) {
      await gina.does({ type: "set_embed", assistant: id, origins });
      await assertNoPass(await chat(id, embedded));
      assert.equal((await chat(id, linked)).status, 200);
      await until(async () => (await askPass(demo.url, { assistant: id, embedder: SITE })).status === 404, "no new one is given");
      const expected = origins?.length ? "frame-ancestors https://elsewhere.example" : "frame-ancestors 'none'";
      await until(
        async () => (await fetch(`${demo.url}/embed/${id}`)).headers.get("Content-Security-Policy").endsWith(expected),
        "the frame says so",
      );
    }
  });

  test("when its person loses the role, account or session", async () => {
    const headers = ({ session }) => ({ Cookie: `${SESSION_COOKIE}=${session}` });
    const [wes, ed] = [await enter(demo, "wes"), await enter(demo, "ed")];
    const editor = await passOf({ assistant: "site", member: true }, { headers: headers(ed) });
    const write = () => greeting(demo.url, "site", editor, "Hello from Ed", headers(ed));
    assert.equal((await write()).status, 200);
    await gina.does({ type: "revoke_grant", assistant: "site", user: "ed" });
    await assertRefused(await write(), 403, "insufficient_pass");
    assert.equal((await chat("site", editor, "Hello", headers(ed))).status, 200);

    const insider = await passOf({ assistant: "helper", member: true }, { headers: headers(wes) });
    assert.equal((await chat("helper", insider, "Hello", headers(wes))).status, 200);
    await gina.does({ type: "remove_user", user: "wes" });
    await assertNoPass(await chat("helper", insider, "Hello", headers(wes)));
    await assertRefused(await askPass(demo.url, { assistant: "helper", member: true }, { headers: headers(wes) }), 404, "refused");

    const own = await passOf({ assistant: "site", member: true }, { headers: headers(ed) });
    const { session } = ed;
    assert.equal((await chat("site", own, "Hello", headers({ session }))).status, 200);
    await ed.post("/v1/session/end");
    await assertNoPass(await chat("site", own, "Hello", headers({ session })));
  });
});

test("a pass expires, and a new one is needed", async () => {
  const gate = await startGate({ bindings: { PASS_LIFETIME: "2" } });
  try {
    await gate.publish("brief");
    await gate.authority({ entries: { "/v1/gate/brief/head": await gate.head("brief") } });
    const ask = () => passFor(gate.url, { assistant: "brief", embedder: SITE });
    const { pass, expires_in: expiresIn } = await ask();
    assert.ok(expiresIn >= 1 && expiresIn <= 2);
    assert.equal((await chatWith(gate.url, "brief", pass)).status, 200);
    await until(async () => (await chatWith(gate.url, "brief", pass)).status === 401, "the pass expires");
    assert.ok(Date.now() / 1000 >= payloadOf(pass).exp);
    await assertNoPass(await chatWith(gate.url, "brief", pass));
    assert.equal((await chatWith(gate.url, "brief", (await ask()).pass)).status, 200);
  } finally {
    await gate.stop();
  }
});

test("pass keys rotate: passes of an earlier key are valid while it is published", async () => {
  const [{ privateKey: earlier }, { privateKey: later }] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  const answers = [];
  let pass;
  for (const keys of [[earlier], [later, earlier], [later]]) {
    const gate = await startGate({ bindings: { PASS_KEYS: JSON.stringify({ keys }) } });
    try {
      await gate.publish("site");
      await gate.authority({ entries: { "/v1/gate/site/head": await gate.head("site") } });
      pass ??= (await passFor(gate.url, { assistant: "site", embedder: SITE })).pass;
      const published = await (await fetch(`${gate.url}/.well-known/pass-jwks.json`)).json();
      assert.deepEqual(
        published.keys.map(({ kid }) => kid),
        keys.map(({ kid }) => kid),
      );
      const { pass: present } = await passFor(gate.url, { assistant: "site", embedder: SITE });
      assert.equal(JSON.parse(Buffer.from(present.split(".")[0], "base64url").toString()).kid, keys[0].kid);
      answers.push((await chatWith(gate.url, "site", pass)).status);
    } finally {
      await gate.stop();
    }
  }
  assert.deepEqual(answers, [200, 200, 401]);
});

describe("a message", () => {
  const send = async (body, { type = "application/json", path = "/v1/chat/site", method = "POST", key = EDIT } = {}) =>
    fetch(demo.url + path, {
      method,
      headers: { Authorization: `Bearer ${await passOf({ assistant: "site", key })}`, "Content-Type": type },
      body,
    });

  for (const [what, body] of [
    ["not JSON", "{"],
    ["nothing", ""],
    ["an array", '["Hello"]'],
    ["no message", "{}"],
    ["an empty message", '{"message":""}'],
    ["a number", '{"message":7}'],
    ["a second field", '{"message":"Hello","role":"system"}'],
    ["a text that is too long", JSON.stringify({ message: "x".repeat(2001) })],
    ["bytes that are not UTF-8", Uint8Array.of(0xff)],
  ]) {
    test(`is refused if it is ${what}`, async () => assertRefused(await send(body), 400, "bad_request"));
  }

  test("may be 2,000 characters in any script, and no more than 16 KiB", async () => {
    for (const character of ["x", "ä", "語", "\u0001"])
      assert.equal((await send(JSON.stringify({ message: character.repeat(2000) }))).status, 200);
    await assertRefused(await send(JSON.stringify({ message: "x".repeat(17_000) })), 413, "too_large");
    await assertRefused(await send("x".repeat(300_000)), 413, "too_large");
  });

  test("is JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
      await assertRefused(await send(JSON.stringify({ message: "Hello" }), { type }), 415, "unsupported_media_type");
      const written = await send(JSON.stringify({ greeting: "Hello" }), { type, method: "PUT", path: "/v1/chat/site/greeting" });
      await assertRefused(written, 415, "unsupported_media_type");
    }
  });

  test("is not read without a pass", async () => {
    for (const body of ["{", "x".repeat(300_000)]) {
      await assertNoPass(
        await fetch(`${demo.url}/v1/chat/site`, { method: "POST", headers: { "Content-Type": "text/plain" }, body }),
      );
    }
  });

  test("needs POST, greetings GET or PUT; pages of other origins may not ask", async () => {
    for (const [path, methods, allowed] of [
      ["/v1/chat/site", ["GET", "PUT", "DELETE", "OPTIONS"], "POST"],
      ["/v1/chat/site/greeting", ["POST", "DELETE", "OPTIONS"], "GET, HEAD, PUT"],
    ]) {
      for (const method of methods) {
        const response = await fetch(demo.url + path, {
          method,
          headers: {
            Origin: "https://evil.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
          },
        });
        assert.equal(response.headers.get("Allow"), allowed);
        await assertRefused(response, 405, "method_not_allowed");
      }
    }
  });
});
