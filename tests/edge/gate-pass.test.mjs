// Pass requests: who gets a pass, what the pass contains, and that a refusal has no reason.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import { open, openHead } from "wicketgate";
import { verifyPass } from "wicketgate/pass";
import {
  askPass,
  assertPrivate,
  assertRefused,
  AUDIENCES,
  chatWith,
  ISSUERS,
  link,
  passFor,
  payloadOf,
  whole,
} from "../lib/gate.mjs";
import { SESSION_COOKIE } from "../lib/service.mjs";
import { enter, startDemonstration } from "./demonstration.mjs";

const VIEW = `wk_${"v".repeat(43)}`;
const EDIT = `wk_${"e".repeat(43)}`;
const EXPIRED = `wk_${"s".repeat(43)}`;
const UNKNOWN = `wk_${"x".repeat(43)}`;
const SITE = "https://docs.acme.example";

let demo;
before(async () => {
  demo = await startDemonstration({ revalidateAfter: 1 });
  // One assistant may be embedded nowhere, one everywhere.
  const gina = await enter(demo, "gina");
  await gina.does({ type: "create_assistant", id: "nowhere", project: "faq", name: "Nowhere", accessibility: "public" });
  await gina.does({ type: "set_embed", assistant: "nowhere", origins: [] });
  await gina.does({ type: "create_assistant", id: "everywhere", project: "faq", name: "Everywhere", accessibility: "public" });
  await gina.does({ type: "set_embed", assistant: "everywhere", origins: ["*"] });
  await gina.does({ type: "create_assistant", id: "below", project: "faq", name: "Below", accessibility: "public" });
  await gina.does({ type: "set_embed", assistant: "below", origins: ["https://*.acme.example"] });
  await demo.publish();
});
after(() => demo?.stop());

const ask = (body, options) => askPass(demo.url, body, options);
const keys = async () => (await fetch(`${demo.url}/.well-known/pass-jwks.json`)).json();

describe("a pass names its visitor and purpose, and public keys are enough to verify it:", () => {
  const VISITOR = ["assistant.view", "assistant.chat"];
  for (const [what, body, capabilities, by] of [
    ["a view link", { assistant: "site", key: VIEW }, VISITOR, "view_link"],
    ["an edit link", { assistant: "site", key: EDIT }, [...VISITOR, "assistant.edit", "corpus.view"], "edit_link"],
    ["an embedding page", { assistant: "site", embedder: SITE }, VISITOR, "embed"],
    ["an embedding page in another spelling", { assistant: "site", embedder: "HTTPS://Docs.ACME.example:443" }, VISITOR, "embed"],
    ["a page below the domain", { assistant: "below", embedder: "https://a.b.acme.example" }, VISITOR, "embed"],
    ["any page", { assistant: "everywhere", embedder: "http://localhost:8080" }, VISITOR, "embed"],
  ]) {
    test(what, async () => {
      const response = await ask(body);
      assert.equal(response.status, 200);
      assertPrivate(response, { navigable: false });
      const { pass, expires_in: expiresIn, name, capabilities: told, ...rest } = await response.json();
      assert.deepEqual(rest, {});
      assert.ok(expiresIn > 290 && expiresIn <= 300);
      assert.deepEqual(told.toSorted(), capabilities.toSorted());
      assert.equal(name, { below: "Below", everywhere: "Everywhere" }[body.assistant]);

      const { payload, protectedHeader } = await jwtVerify(pass, createLocalJWKSet(await keys()), {
        issuer: ISSUERS.passes,
        audience: AUDIENCES.passes,
      });
      assert.equal(protectedHeader.typ, "wicketgate-pass+jwt");
      assert.equal(payload.organization, "acme");
      assert.equal(payload.assistant, body.assistant);
      assert.deepEqual(payload.capabilities, told);
      assert.equal(payload.obtained.by, by);
      assert.equal(payload.exp - payload.iat, 300);

      const expected = {
        keys: await keys(),
        issuer: ISSUERS.passes,
        audience: AUDIENCES.passes,
        organization: "acme",
        assistant: body.assistant,
      };
      const verified = await verifyPass(pass, { ...expected, capability: "assistant.chat" });
      assert.equal(verified.obtained.by, by);
      assert.ok(!JSON.stringify(verified).includes("wk_"));
      const edit = verifyPass(pass, { ...expected, capability: "assistant.edit" });
      if (capabilities.includes("assistant.edit")) await edit;
      else await assert.rejects(edit, { code: "not_granted" });
    });
  }

  test("a signed-in person, for their own capabilities", async () => {
    const olga = await enter(demo, "olga");
    const headers = { Cookie: `${SESSION_COOKIE}=${olga.session}` };
    const { pass, capabilities } = await passFor(demo.url, { assistant: "helper", member: true }, { headers });
    assert.ok(capabilities.includes("assistant.edit"));
    assert.deepEqual(payloadOf(pass).obtained, { by: "member", user: "olga" });
    await assertRefused(await ask({ assistant: "draft", member: true }, { headers }), 404, "refused");
    await assertRefused(await ask({ assistant: "pitch", member: true }, { headers }), 404, "refused");
  });

  test("the pass key signs passes alone, and no other key signs passes", async () => {
    const { pass } = await passFor(demo.url, { assistant: "site", key: VIEW });
    const authority = await (await fetch(`${demo.url}/.well-known/jwks.json`)).json();
    const own = await keys();
    for (const { kid, d } of own.keys) {
      assert.equal(d, undefined);
      assert.ok(!authority.keys.some((other) => other.kid === kid));
    }
    for (const all of [authority, own, { keys: [...authority.keys, ...own.keys] }]) {
      for (const opened of [open, openHead]) {
        await assert.rejects(opened(pass, { keys: all }), ({ code }) => ["unknown_key", "wrong_type"].includes(code));
      }
    }
    const snapshot = await demo.gateStore.get("gate:acme:site");
    for (const foreign of [snapshot, demo.signingKey.kid]) assert.equal((await chatWith(demo.url, "site", foreign)).status, 401);
  });
});

describe("a refusal is equal for every reason", () => {
  const stranger = link("l1").key;
  const CASES = {
    "an unknown assistant": { assistant: "no-such-assistant", key: VIEW },
    "an assistant that is not public": { assistant: "helper", key: VIEW },
    "an Only Me assistant": { assistant: "draft", key: VIEW },
    "an id that is none": { assistant: "a b/../<script>", key: VIEW },
    "an id that is too long": { assistant: "x".repeat(1000), key: VIEW },
    "an empty id": { assistant: "", key: VIEW },
    "a name of the language": { assistant: "__proto__", key: VIEW },
    "a wrong key": { assistant: "site", key: UNKNOWN },
    "a key of a good form": { assistant: "site", key: stranger },
    "a key that is none": { assistant: "site", key: "<script>" },
    "an empty key": { assistant: "site", key: "" },
    "an expired key": { assistant: "site", key: EXPIRED },
    "another assistant's key": { assistant: "nowhere", key: VIEW },
    "a site that may not": { assistant: "site", embedder: "https://evil.example" },
    "a site, where none may": { assistant: "nowhere", embedder: SITE },
    "a site, of an unknown assistant": { assistant: "no-such-assistant", embedder: SITE },
    "nobody signed in": { assistant: "site", member: true },
  };

  test("in every byte", async () => {
    const answers = await Promise.all(Object.entries(CASES).map(async ([what, body]) => [what, await whole(await ask(body))]));
    const [[, first]] = answers;
    assert.equal(first.status, 404);
    assert.equal(JSON.parse(first.body).code, "refused");
    for (const [what, answer] of answers) assert.deepEqual(answer, first, what);
  });

  test("in the time it takes", async () => {
    const names = [
      "an unknown assistant",
      "an assistant that is not public",
      "a wrong key",
      "a key of a good form",
      "an expired key",
      "a site that may not",
    ];
    const times = new Map(names.map((name) => [name, []]));
    // Alternating, so that other load on the machine slows all of them.
    for (let round = 0; round < 25; round += 1) {
      for (const name of names) {
        const begun = performance.now();
        await (await ask(CASES[name])).text();
        times.get(name).push(performance.now() - begun);
      }
    }
    const medians = names.map((name) => times.get(name).toSorted((one, other) => one - other)[12]);
    for (const all of times.values()) assert.ok(Math.min(...all) >= 24, "the floor holds");
    const [least, most] = [Math.min(...medians), Math.max(...medians)];
    assert.ok(most - least < 8 + 0.2 * least, `medians in ms: ${medians.map((median) => median.toFixed(1)).join(", ")}`);
  });

  test("and repeats nothing of the request", async () => {
    for (const body of Object.values(CASES)) {
      const text = JSON.stringify(await whole(await ask(body)));
      for (const sent of Object.values(body))
        if (typeof sent === "string" && sent.length > 3) assert.ok(!text.includes(sent), sent);
    }
  });
});

describe("an embedding page that is not exactly an allowed one is refused:", () => {
  for (const embedder of [
    "https://evil.example",
    "https://docs.acme.example.evil.example",
    "https://docs.acme.example@evil.example",
    "https://evil.example/https://docs.acme.example",
    "https://evil.example#https://docs.acme.example",
    "https://xdocs.acme.example",
    "https://docs-acme.example",
    "https://x.docs.acme.example",
    "https://acme.example",
    "http://docs.acme.example",
    "wss://docs.acme.example",
    "https://docs.acme.example:8443",
    "https://docs.acme.example:80",
    "https://docs.acme.example:0443x",
    "https://docs.acme.example.",
    "https://docs.acme.example..",
    "https://docs.acme.example/",
    "https://docs.acme.example/path",
    "https://docs.acme.example?",
    " https://docs.acme.example",
    "https://docs.acme.example ",
    "https://docs.acme.example\n",
    "https://docs.acme.example\0",
    "https://docs.acme.example\t.evil.example",
    "https:\\\\docs.acme.example",
    "https:docs.acme.example",
    "//docs.acme.example",
    "docs.acme.example",
    "https://docs.acme.examp1e",
    "https://docs.аcme.example", // Cyrillic а
    "https://xn--docs-acme-example",
    "https://docs.xn--cme-5cd.example",
    "https://docs\u3002acme\u3002example",
    "https://ｄocs.acme.example",
    "https://docs.acme%2Eexample",
    "https://[docs.acme.example]",
    "https://https://docs.acme.example",
    "https://*.acme.example",
    "https://docs.*",
    "*",
    "null",
    "",
    "about:blank",
    "data:",
    "file://",
    "blob:https://docs.acme.example",
    "https://docs.acme.example,https://evil.example",
    "https://evil.example https://docs.acme.example",
  ]) {
    test(JSON.stringify(embedder), async () => assertRefused(await ask({ assistant: "site", embedder }), 404, "refused"));
  }

  test("an empty list allows nobody", async () => {
    for (const embedder of [SITE, "http://localhost", "null", "", demo.url])
      await assertRefused(await ask({ assistant: "nowhere", embedder }), 404, "refused");
  });

  test("a wildcard matches labels, and `*` does not match an opaque origin", async () => {
    for (const host of [
      "acme.example",
      ".acme.example",
      "evilacme.example",
      "a.acme.example.evil.example",
      "a.acme.example:8443",
    ]) {
      const embedder = `https://${host}`;
      await assertRefused(await ask({ assistant: "below", embedder }), 404, "refused");
    }
    for (const embedder of ["null", "", "*"]) await assertRefused(await ask({ assistant: "everywhere", embedder }), 404, "refused");
  });
});

describe("headers and fields that a client can forge decide nothing:", () => {
  // No browser lets a page send these; a script without a browser can send anything.
  for (const [what, headers] of [
    ["Referer", { Referer: `${SITE}/` }],
    [
      "Sec-Fetch-*",
      { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1" },
    ],
    [
      "X-Forwarded-*",
      { "X-Forwarded-Host": "docs.acme.example", "X-Forwarded-For": "127.0.0.1", Forwarded: "host=docs.acme.example" },
    ],
    ["CF-*", { "CF-Connecting-IP": "127.0.0.1", "CF-Worker": "acme.example", "CF-Visitor": '{"scheme":"https"}' }],
    [
      "X-Original-*",
      { "X-Original-URL": "/embed/everywhere", "X-Rewrite-URL": "/embed/everywhere", "X-HTTP-Method-Override": "PUT" },
    ],
    ["Authorization", { Authorization: "Bearer wicketgate" }],
    ["a cookie", { Cookie: `${SESSION_COOKIE}=${"A".repeat(43)}; user=gina` }],
  ]) {
    test(what, async () => {
      await assertRefused(await ask({ assistant: "site", embedder: "https://evil.example" }, { headers }), 404, "refused");
      await assertRefused(await ask({ assistant: "site", key: UNKNOWN }, { headers }), 404, "refused");
      await assertRefused(await ask({ assistant: "helper", member: true }, { headers }), 404, "refused");
      await assertRefused(
        await ask({ assistant: "site", key: VIEW }, { headers: { ...headers, Origin: SITE } }),
        403,
        "cross_origin",
      );
    });
  }

  test("a script that lies about the embedding page gets only what every visitor of that page gets", async () => {
    const { pass, capabilities } = await passFor(demo.url, { assistant: "site", embedder: SITE });
    assert.deepEqual(capabilities.toSorted(), ["assistant.chat", "assistant.view"]);
    assert.deepEqual(payloadOf(pass).obtained, { by: "embed", origin: SITE });
  });

  for (const [what, headers] of [
    ["another origin", { Origin: "https://evil.example" }],
    ["an allowed embedding page's origin", { Origin: SITE }],
    ["an opaque origin", { Origin: "null" }],
    ["an opaque origin that claims to be ours", { Origin: "null", "Sec-Fetch-Site": "same-origin" }],
    ["two origins", { Origin: `https://evil.example ${SITE}` }],
    ["an empty origin", { Origin: "" }],
    ["no origin", { Origin: undefined }],
    ["a sibling's request without an origin", { Origin: undefined, "Sec-Fetch-Site": "same-site" }],
    ["a stranger's request without an origin", { Origin: undefined, "Sec-Fetch-Site": "cross-site" }],
    ["a navigation", { Origin: undefined, "Sec-Fetch-Site": "none" }],
  ]) {
    test(`403 for ${what}`, async () => {
      await assertRefused(await ask({ assistant: "site", key: VIEW }, { headers }), 403, "cross_origin");
    });
  }

  test("403 for our own host by another scheme, port or name", async () => {
    const { port } = new URL(demo.url);
    for (const Origin of [
      `https://localhost:${port}`,
      "http://localhost",
      `http://localhost:${Number(port) + 1}`,
      `http://127.0.0.1:${port}`,
      `http://localhost.:${port}`,
      `${demo.url}/`,
      demo.url.toUpperCase(),
    ]) {
      await assertRefused(await ask({ assistant: "site", key: VIEW }, { headers: { Origin } }), 403, "cross_origin");
    }
  });

  test("200 without `Origin` if the browser says that the request is same-origin", async () => {
    assert.equal(
      (await ask({ assistant: "site", key: VIEW }, { headers: { Origin: undefined, "Sec-Fetch-Site": "same-origin" } })).status,
      200,
    );
  });
});

describe("a request must have exactly one form", () => {
  for (const [what, body] of [
    ["not JSON", "{"],
    ["nothing", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["a string", '"site"'],
    ["no assistant", { key: VIEW }],
    ["no credential", { assistant: "site" }],
    ["a key and an embedding page", { assistant: "site", key: VIEW, embedder: SITE }],
    ["a key and a membership", { assistant: "site", key: VIEW, member: true }],
    ["an unknown member", { assistant: "site", key: VIEW, capability: "assistant.edit" }],
    ["an assistant that is not a string", { assistant: ["site"], key: VIEW }],
    ["a key that is not a string", { assistant: "site", key: [VIEW] }],
    ["an embedding page that is not a string", { assistant: "site", embedder: null }],
    ["a membership that is not true", { assistant: "site", member: "true" }],
    ["no membership", { assistant: "site", member: false }],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d)],
  ]) {
    test(`400 for ${what}`, async () => assertRefused(await ask(body), 400, "bad_request"));
  }

  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
    "application/jsonp",
    "application/json-patch+json",
    "",
  ]) {
    test(`415 for ${type || "no type"}`, async () => {
      await assertRefused(
        await ask(JSON.stringify({ assistant: "site", key: VIEW }), { headers: { "Content-Type": type } }),
        415,
        "unsupported_media_type",
      );
    });
  }

  test("200 with a charset", async () => {
    assert.equal(
      (await ask({ assistant: "site", key: VIEW }, { headers: { "Content-Type": "Application/JSON; charset=utf-8" } })).status,
      200,
    );
  });

  test("413 for more than 4 KiB, announced or not", async () => {
    const large = JSON.stringify({ assistant: "site", key: "x".repeat(5000) });
    await assertRefused(await ask(large), 413, "too_large");
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const response = await fetch(`${demo.url}/v1/pass`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: demo.url },
      body: stream,
      duplex: "half",
    });
    await assertRefused(response, 413, "too_large");
    await assertRefused(await ask("x".repeat(300_000)), 413, "too_large");
  });

  test("405 for other methods, and no permission for other origins", async () => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await fetch(`${demo.url}/v1/pass`, {
        method,
        headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" },
      });
      assert.equal(response.headers.get("Allow"), "POST");
      await assertRefused(response, 405, "method_not_allowed");
    }
    const head = await fetch(`${demo.url}/v1/pass`, { method: "HEAD" });
    assert.equal(head.status, 405);
    assert.equal(await head.text(), "");
  });
});

test("everybody may read the public pass keys, and nothing else", async () => {
  const response = await fetch(`${demo.url}/.well-known/pass-jwks.json`);
  assert.equal(response.headers.get("Content-Type"), "application/jwk-set+json");
  assert.equal(response.headers.get("Cache-Control"), "public, max-age=300");
  const { keys: published } = await response.json();
  for (const key of published)
    assert.deepEqual(
      Object.keys(key).filter((name) => !["kty", "crv", "x", "kid", "alg", "use"].includes(name)),
      [],
    );
});
