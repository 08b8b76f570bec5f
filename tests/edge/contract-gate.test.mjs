// Every answer of the gate that the OpenAPI document has is produced by the real Worker, and no other.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { importJWK, SignJWT } from "jose";
import { checkAnswer, documented, operationsOf } from "../lib/contract.mjs";
import { factsOf, link, payloadOf, startGate } from "../lib/gate.mjs";

const SITE = "https://docs.acme.example";
/** Bytes of a body that is too long for every address. */
const TOO_LONG = 64 * 1024;
const [VIEW, EDIT] = [link("l1"), link("l2", "edit")];

const produced = new Set();

/** Sends a request as the gate's own pages do, and compares the answer with the document. */
async function ask(gate, method, path, { body, pass, headers = {} } = {}) {
  const response = await fetch(gate.url + path, {
    method,
    headers: {
      ...(body !== undefined && { "Content-Type": "application/json", Origin: gate.url }),
      ...(pass !== undefined && { Authorization: `Bearer ${pass}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.clone().text();
  produced.add(checkAnswer({ method, url: response.url, body, response, text }));
  return response;
}

const passBody = (visitor) => JSON.stringify({ assistant: "site", ...visitor });
const passOf = async (gate, { key }) => (await (await ask(gate, "POST", "/v1/pass", { body: passBody({ key }) })).json()).pass;

/** What each address takes: its body, and whose pass. */
const CHAT = [
  ["POST", "/v1/chat/site", JSON.stringify({ message: "Hello" })],
  ["GET", "/v1/chat/site/greeting", undefined],
  ["PUT", "/v1/chat/site/greeting", JSON.stringify({ greeting: "Good morning" })],
];

describe("the gate", () => {
  let gate;
  let edit;
  /** A pass that lets its holder see the assistant, and no more. */
  let view;
  before(async () => {
    gate = await startGate();
    await gate.publish("site", { facts: factsOf("site", { name: "Site", links: [VIEW.fact, EDIT.fact] }) });
    await gate.authority({ entries: { "/v1/gate/site/head": await gate.head("site") } });
    edit = await passOf(gate, EDIT);
    view = await new SignJWT({ ...payloadOf(await passOf(gate, VIEW)), capabilities: ["assistant.view"] })
      .setProtectedHeader({ typ: "wicketgate-pass+jwt", alg: "EdDSA", kid: gate.passKey.kid })
      .sign(await importJWK(gate.passKey, "EdDSA"));
  });
  after(() => gate?.stop());

  test("admits visitors, and refuses others", async () => {
    for (const visitor of [{ embedder: SITE }, { key: link("l3").key }, { member: true }])
      await ask(gate, "POST", "/v1/pass", { body: passBody(visitor) });
    await ask(gate, "POST", "/v1/pass", { body: passBody({ embedder: SITE }), headers: { Origin: "https://evil.example" } });
    await ask(gate, "GET", "/.well-known/pass-jwks.json");
  });

  test("takes a pass", async () => {
    for (const [method, path, body] of CHAT) {
      await ask(gate, method, path, { body, pass: edit });
      await ask(gate, method, path, { body, pass: "none" });
      await ask(gate, method, path, { body, pass: view });
    }
  });

  test("refuses bodies", async () => {
    for (const [method, path] of [["POST", "/v1/pass"], ...CHAT.filter(([, , body]) => body !== undefined)]) {
      await ask(gate, method, path, { body: "[]", pass: edit });
      await ask(gate, method, path, { body: "x".repeat(TOO_LONG), pass: edit });
      await ask(gate, method, path, { body: "{}", pass: edit, headers: { "Content-Type": "text/plain" } });
    }
  });

  test("takes no other method, and knows no other address", async () => {
    for (const { path } of operationsOf("gate")) await ask(gate, "DELETE", path.replace("{assistant}", "site"));
    await ask(gate, "GET", "/v1/other");
  });

  test("cannot decide without the authority and the store", async () => {
    await gate.authority({ mode: "down" });
    for (const [method, path, body] of CHAT) await ask(gate, method, path, { body, pass: edit });
    await gate.store({ mode: "down" });
    const body = JSON.stringify({ assistant: "other", embedder: SITE });
    await ask(gate, "POST", "/v1/pass", { body });
  });
});

test("too many requests of one address", async () => {
  const gate = await startGate({ rateLimits: { address: 1, assistant: 1000 } });
  try {
    // Two may fall into two minutes.
    for (let time = 0; time < 3; time += 1) await ask(gate, "POST", "/v1/pass", { body: passBody({ embedder: SITE }) });
  } finally {
    await gate.stop();
  }
});

test("no keys of passes", async () => {
  const gate = await startGate({ bindings: { PASS_KEYS: "none" } });
  try {
    await ask(gate, "GET", "/.well-known/pass-jwks.json");
  } finally {
    await gate.stop();
  }
});

test("every documented answer was produced", () => {
  assert.deepEqual(
    documented("gate").filter((answer) => !produced.has(answer)),
    [],
  );
});
