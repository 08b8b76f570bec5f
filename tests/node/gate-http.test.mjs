// The gate over HTTP: requests for passes, requests with passes, and refusals, which are all the same.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { verifyPass } from "wicketgate/pass";
import { expected, gateOf, links, memberSnapshot, withSite } from "../lib/gate-library.mjs";
import { EDIT, NOW, ORIGIN, STRANGE, VIEW, digest } from "../lib/world.mjs";

const OWN = "https://gate.acme.example";
const JSON_TYPE = { "Content-Type": "application/json" };
const asking = (body, { method = "POST", headers = { Origin: OWN, ...JSON_TYPE }, ...init } = {}) =>
  new Request(`${OWN}/v1/pass`, {
    method,
    headers,
    ...(method !== "GET" && {
      body:
        typeof body === "object" && !(body instanceof Uint8Array || body instanceof ReadableStream) ? JSON.stringify(body) : body,
    }),
    duplex: "half",
    ...init,
  });
const key = (link, assistant = "site") => ({ assistant, key: link });

/** Status, headers and body of an answer. */
async function whole(response) {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
const codeOf = async (response) => JSON.parse((await whole(response)).body).code;

// The log is captured and checked, and not printed.
const { error } = console;
let logged;
beforeEach(() => {
  logged = [];
  console.error = (...words) => logged.push(words.join(" "));
});
afterEach(() => {
  console.error = error;
  for (const line of logged) for (const secret of [VIEW, EDIT, digest(VIEW), "eyJ"]) assert.ok(!line.includes(secret), line);
});

describe("asking for a pass", () => {
  for (const [name, body, capabilities, by] of [
    ["with a view link", key(VIEW), ["assistant.view", "assistant.chat"], "view_link"],
    ["with an edit link", key(EDIT), ["assistant.view", "assistant.chat", "assistant.edit", "corpus.view"], "edit_link"],
    ["from a site", { assistant: "site", embedder: ORIGIN }, ["assistant.view", "assistant.chat"], "embed"],
  ]) {
    test(name, async () => {
      const { gate } = await gateOf();
      const response = await gate.passResponse(asking(body));
      const { status, headers, body: text } = await whole(response);
      const { pass, ...rest } = JSON.parse(text);
      assert.deepEqual([status, rest], [200, { expires_in: 300, name: "Site", capabilities }]);
      assert.deepEqual(headers, {
        "cache-control": "no-store",
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
      });
      assert.equal((await verifyPass(pass, expected())).obtained.by, by);
      assert.ok(!text.includes(VIEW) && !text.includes(EDIT));
    });
  }

  test("as a member, with the session of the request", async () => {
    const { gate } = await gateOf();
    const request = asking({ assistant: "draft", member: true });
    const response = await gate.passResponse(request, {
      member: async (given) => (assert.equal(given, request), memberSnapshot("vic")),
    });
    const { pass, name } = await response.json();
    assert.equal(name, undefined);
    assert.deepEqual((await verifyPass(pass, expected({ assistant: "draft" }))).obtained, { by: "member", user: "vic" });
  });

  test("for an admission that another visitor just had: the same pass, with its remaining lifetime", async () => {
    const { gate, clock } = await gateOf();
    const ask = async () => (await gate.passResponse(asking(key(VIEW)))).json();
    const [one, two] = [await ask(), await ask()];
    assert.deepEqual(two, one);
    clock.now += 4;
    assert.deepEqual(await ask(), { ...one, expires_in: 296 });
  });

  test("from the gate's own origin, by option or by URL", async () => {
    const { gate } = await gateOf();
    const status = async (headers, options) =>
      (await gate.passResponse(asking(key(VIEW), { headers: { ...JSON_TYPE, ...headers } }), options)).status;
    assert.equal(await status({ Origin: OWN }), 200);
    assert.equal(await status({ "Sec-Fetch-Site": "same-origin" }), 200);
    assert.equal(await status({ Origin: "https://own.example" }, { origin: "https://own.example" }), 200);
    assert.equal(await status({ Origin: OWN }, { origin: "https://own.example" }), 403);
    for (const headers of [
      {},
      { Origin: "null" },
      { Origin: ORIGIN },
      { Origin: `${OWN}.evil.example` },
      { Origin: OWN.toUpperCase() },
      { Origin: `${OWN}/` },
      { Origin: `${OWN}:8443` },
      { Origin: "http://gate.acme.example" },
      { Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" },
      { Origin: "", "Sec-Fetch-Site": "same-origin" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
      { "Sec-Fetch-Site": "cross-site" },
    ])
      assert.equal(await status(headers), 403, JSON.stringify(headers));
  });

  for (const [name, request, status, code] of [
    ["another method", () => asking("", { method: "GET" }), 405, "method_not_allowed"],
    ["PUT", () => asking(key(VIEW), { method: "PUT" }), 405, "method_not_allowed"],
    ["another origin", () => asking(key(VIEW), { headers: { ...JSON_TYPE, Origin: ORIGIN } }), 403, "cross_origin"],
    [
      "a form",
      () => asking("assistant=site", { headers: { Origin: OWN, "Content-Type": "application/x-www-form-urlencoded" } }),
      415,
      "unsupported_media_type",
    ],
    ["text", () => asking(key(VIEW), { headers: { Origin: OWN, "Content-Type": "text/plain" } }), 415, "unsupported_media_type"],
    [
      "a type that begins alike",
      () => asking(key(VIEW), { headers: { Origin: OWN, "Content-Type": "application/jsonx" } }),
      415,
      "unsupported_media_type",
    ],
    ["a long body", () => asking(key("x".repeat(4096))), 413, "too_large"],
    [
      "an endless body",
      () => asking(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1000)) })),
      413,
      "too_large",
    ],
    [
      "an endless body that says it is short",
      () =>
        asking(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1000)) }), {
          headers: { Origin: OWN, ...JSON_TYPE, "Content-Length": "5", "Transfer-Encoding": "chunked" },
        }),
      413,
      "too_large",
    ],
    ["no body", () => asking(null), 400, "bad_request"],
    ["no JSON", () => asking("{"), 400, "bad_request"],
    ["no UTF-8", () => asking(new Uint8Array([0x22, 0xff, 0x22])), 400, "bad_request"],
    ["an array", () => asking([]), 400, "bad_request"],
    ["null", () => asking("null"), 400, "bad_request"],
    ["no assistant", () => asking({ key: VIEW }), 400, "bad_request"],
    ["an assistant that is no text", () => asking({ assistant: 1, key: VIEW }), 400, "bad_request"],
    ["neither key nor site", () => asking({ assistant: "site" }), 400, "bad_request"],
    ["a key and a site", () => asking({ assistant: "site", key: VIEW, embedder: ORIGIN }), 400, "bad_request"],
    ["a key that is no text", () => asking({ assistant: "site", key: [VIEW] }), 400, "bad_request"],
    ["a member that is named", () => asking({ assistant: "site", member: "gina" }), 400, "bad_request"],
    ["something more", () => asking({ assistant: "site", key: VIEW, capabilities: ["assistant.edit"] }), 400, "bad_request"],
    ["a prototype", () => asking('{"assistant":"site","key":"x","__proto__":{"a":1}}'), 400, "bad_request"],
  ]) {
    test(`${name}: ${status}`, async () => {
      const { gate, source } = await gateOf();
      const { status: found, headers, body } = await whole(await gate.passResponse(request()));
      assert.deepEqual(
        [found, JSON.parse(body).code, JSON.parse(body).status, headers["content-type"]],
        [status, code, status, "application/problem+json"],
      );
      assert.equal(headers["cache-control"], "no-store");
      assert.deepEqual(
        Object.keys(headers).filter((header) => header.startsWith("access-control")),
        [],
      );
      assert.ok(!body.includes("wk_"));
      assert.equal(source.since().read, 0, "nothing was looked at");
    });
  }

  test("every refusal is the same: status, headers, body, and not before 25 milliseconds", async () => {
    const { gate, publish, source } = await gateOf();
    await publish({ facts: withSite({ links: [links.edit, { ...links.view, expires: NOW }] }) });
    source.tokens.set("draft", source.tokens.get("site"));
    source.tokens.delete("draft");
    const options = { member: async () => undefined };
    const answers = [];
    for (const body of [
      key(STRANGE),
      key(VIEW),
      key(""),
      key("x".repeat(3000)),
      key(VIEW, "other"),
      key(VIEW, "draft"),
      key(VIEW, "a/b"),
      key(VIEW, ""),
      key(VIEW, "é".repeat(200)),
      key(digest(VIEW)),
      { assistant: "site", embedder: "https://evil.example" },
      { assistant: "site", embedder: "null" },
      { assistant: "site", embedder: "" },
      { assistant: "other", embedder: ORIGIN },
      { assistant: "site", member: true },
      { assistant: "other", member: true },
    ]) {
      for (let n = 0; n < 2; n++) {
        const began = performance.now();
        const response = await gate.passResponse(asking(body), options);
        const took = performance.now() - began;
        assert.ok(took >= 25, `${took} ms for ${JSON.stringify(body)}`);
        answers.push(await whole(response));
      }
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.deepEqual([answers[0].status, JSON.parse(answers[0].body).code], [404, "refused"]);
    assert.deepEqual(logged, []);
  });

  test("a member without a session, or at a gate without members: the same refusal", async () => {
    const { gate } = await gateOf({ members: { audience: "console" } });
    const without = await whole(await gate.passResponse(asking({ assistant: "site", member: true })));
    assert.deepEqual(without, await whole(await gate.passResponse(asking(key(STRANGE)))));
  });

  test("that cannot be decided: 503 with Retry-After, and the reason in the log only", async () => {
    const { gate, source } = await gateOf();
    source.answer.read = () => {
      throw new Error(`lost ${VIEW}`);
    };
    const { status, headers, body } = await whole(await gate.passResponse(asking(key(VIEW))));
    assert.deepEqual([status, JSON.parse(body).code, headers["retry-after"]], [503, "unavailable", "5"]);
    assert.equal(logged.length, 1);
    for (const options of [
      { limit: () => Promise.reject(new Error(VIEW)) },
      {
        limit: () => {
          throw new Error(VIEW);
        },
      },
    ]) {
      assert.equal((await (await gateOf()).gate.passResponse(asking(key(VIEW)), options)).status, 503);
    }
    const broken = { member: () => Promise.reject(new Error(VIEW)) };
    assert.equal((await (await gateOf()).gate.passResponse(asking({ assistant: "site", member: true }), broken)).status, 503);
  });
});

describe("the limit", () => {
  test("is asked before anything is fetched", async () => {
    const { gate, source } = await gateOf();
    const order = [];
    const { read } = source.answer;
    source.answer.read = (id) => (order.push("read"), read(id));
    const limit = async (assistant) => (order.push(`limit ${assistant}`), true);
    assert.equal((await gate.passResponse(asking(key(VIEW)), { limit })).status, 200);
    assert.deepEqual(order, ["limit site", "read"]);
  });

  test("exceeded: neither the source nor the authority nor the session is asked", async () => {
    const asked = [];
    const noting = (name) => async () => {
      asked.push(name);
      throw new Error(name);
    };
    const source = { read: noting("read"), authority: { head: noting("head"), snapshot: noting("snapshot") } };
    const { gate } = await gateOf({ source, keys: noting("keys") });
    const options = { limit: async () => false, member: noting("member") };
    for (const body of [key(VIEW), key(STRANGE), { assistant: "site", member: true }, { assistant: "site", embedder: OWN }]) {
      for (let time = 0; time < 20; time += 1) assert.equal((await gate.passResponse(asking(body), options)).status, 429);
    }
    assert.deepEqual(asked, []);
  });

  test("exceeded: 429 for every request", async () => {
    const { gate, source } = await gateOf();
    const limit = async () => false;
    const answers = [];
    for (const body of [key(VIEW), key(STRANGE), key(VIEW, "other"), key(VIEW, "a/b"), { assistant: "site", member: true }])
      answers.push(await whole(await gate.passResponse(asking(body), { limit })));
    source.answer.read = () => new Promise(() => {});
    answers.push(await whole(await gate.passResponse(asking(key(VIEW, "another")), { limit })));
    source.answer.read = () => {
      throw new Error("down");
    };
    answers.push(await whole(await gate.passResponse(asking(key(VIEW, "third")), { limit })));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.deepEqual(
      [answers[0].status, answers[0].headers["retry-after"], JSON.parse(answers[0].body).code],
      [429, "60", "rate_limited"],
    );
  });

  test("every text that is no id counts as one assistant", async () => {
    const { gate } = await gateOf();
    const asked = [];
    for (const assistant of ["site", "a/b", "x".repeat(129), ""]) {
      await gate.passResponse(asking(key(VIEW, assistant)), { limit: async (about) => asked.push(about) > 0 });
    }
    assert.deepEqual(asked, ["site", "", "", ""]);
  });

  test("every answer but true counts as exceeded", async () => {
    const { gate } = await gateOf();
    for (const answer of [undefined, null, {}, "yes", { success: true }])
      assert.equal((await gate.passResponse(asking(key(VIEW)), { limit: async () => answer })).status, 429);
  });
});

describe("with a pass", () => {
  const question = { assistant: "site", capability: "assistant.chat" };
  const carrying = (authorization) =>
    new Request(`${OWN}/v1/chat/site`, { headers: authorization === undefined ? {} : { Authorization: authorization } });
  const passOf = async (gate, visitor = { link: VIEW }, assistant = "site") =>
    (await gate.issuePass(await gate.admit(assistant, visitor))).pass;

  test("a valid pass is returned with its admission", async () => {
    const { gate } = await gateOf();
    for (const scheme of ["Bearer", "bearer"]) {
      const { pass, admission } = await gate.authorize(carrying(`${scheme} ${await passOf(gate)}`), question);
      assert.deepEqual(
        [pass.assistant, admission.name, admission.capabilities],
        ["site", "Site", ["assistant.view", "assistant.chat"]],
      );
    }
  });

  test("every invalid pass gets the same 401", async () => {
    const { gate, clock, publish, source } = await gateOf();
    const other = (await gateOf({ organization: "other", keys: () => ({ keys: [] }) })).gate;
    const pass = await passOf(gate);
    const edit = await passOf(gate, { link: EDIT });
    const member = await passOf(gate, { member: await memberSnapshot("vic") }, "draft");
    const answers = [];
    const ask = async (authorization, { at = NOW, by = gate, ...changes } = {}) => {
      clock.now = at;
      answers.push(await whole(await by.authorize(carrying(authorization), { ...question, ...changes })));
    };
    for (const authorization of [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      pass,
      `Basic ${pass}`,
      `Bearer ${pass} x`,
      `Bearer ${pass}, Bearer ${pass}`,
      "Bearer x",
      `Bearer ${pass}x`,
      `Bearer ${pass.slice(0, -9)}AAAAAAAAA`,
      `Bearer ${source.tokens.get("site")}`,
      `Bearer ${source.heads.get("site")}`,
      `Bearer ${VIEW}`,
    ])
      await ask(authorization);
    await ask(`Bearer ${pass}`, { at: NOW + 300 });
    await ask(`Bearer ${pass}`, { at: NOW - 1 });
    await ask(`Bearer ${pass}`, { assistant: "draft" });
    await ask(`Bearer ${pass}`, { assistant: "" });
    await ask(`Bearer ${pass}`, { by: other });
    await ask(`Bearer ${member}`, { assistant: "draft" });
    await ask(`Bearer ${member}`, { assistant: "draft", member: async () => undefined });
    await ask(`Bearer ${member}`, { assistant: "draft", member: () => memberSnapshot("gina") });
    await publish({ version: 2, facts: withSite({ links: [] }) });
    await ask(`Bearer ${pass}`, { consult: "head" });
    await ask(`Bearer ${edit}`, { capability: "assistant.edit" });
    await ask(`Bearer ${edit}`);
    for (const [place, answer] of answers.entries()) assert.deepEqual(answer, answers[0], `answer ${place}`);
    assert.deepEqual(
      [answers[0].status, JSON.parse(answers[0].body).code, answers[0].headers["www-authenticate"]],
      [401, "invalid_pass", 'Bearer error="invalid_token"'],
    );
    assert.deepEqual(logged, []);
  });

  test("a valid pass without the capability gets 403", async () => {
    const { gate, publish } = await gateOf();
    const pass = await passOf(gate);
    const answer = await whole(await gate.authorize(carrying(`Bearer ${pass}`), { ...question, capability: "assistant.edit" }));
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [403, "insufficient_pass"]);
    await publish({ version: 2, facts: withSite({ links: [{ ...links.view, level: "edit" }] }) });
    assert.equal(
      (await gate.authorize(carrying(`Bearer ${pass}`), { ...question, capability: "assistant.edit", consult: "head" })).status,
      403,
    );
  });

  test("a pass of an edit link is checked with the authority each time", async () => {
    const { gate, source } = await gateOf();
    const pass = await passOf(gate, { link: EDIT });
    source.since();
    for (let n = 0; n < 3; n++)
      assert.equal(
        (await gate.authorize(carrying(`Bearer ${pass}`), { ...question, capability: "assistant.edit" })).admission.admitted,
        true,
      );
    assert.equal(source.since().head, 3);
    source.answer.head = () => {
      throw new Error("down");
    };
    const answer = await gate.authorize(carrying(`Bearer ${pass}`), { ...question, capability: "assistant.edit" });
    assert.deepEqual([answer.status, await codeOf(answer)], [503, "unavailable"]);
  });

  test("a member's pass is checked with the session of the request", async () => {
    const { gate } = await gateOf();
    const request = carrying(`Bearer ${await passOf(gate, { member: await memberSnapshot("vic") }, "draft")}`);
    const member = async (given) => (assert.equal(given, request), memberSnapshot("vic"));
    assert.equal(
      (await gate.authorize(request, { assistant: "draft", capability: "assistant.edit", member })).admission.obtained.user,
      "vic",
    );
    const failing = await gate.authorize(request, {
      assistant: "draft",
      capability: "assistant.edit",
      member: () => Promise.reject(new Error("down")),
    });
    assert.equal(failing.status, 503);
    const link = carrying(`Bearer ${await passOf(gate)}`);
    await gate.authorize(link, { ...question, member: () => assert.fail("asked for a visitor") });
  });

  test("without the source: 503", async () => {
    const { gate, source, clock } = await gateOf();
    const pass = await passOf(gate);
    source.answer.read = () => {
      throw new Error("down");
    };
    clock.now += 299;
    assert.equal((await gate.authorize(carrying(`Bearer ${pass}`), question)).pass.assistant, "site", "within the grace");
    source.answer.head = source.answer.read;
    const answer = await gate.authorize(carrying(`Bearer ${pass}`), { ...question, consult: "head" });
    assert.deepEqual([answer.status, answer.headers.get("retry-after")], [503, "5"]);
  });
});
