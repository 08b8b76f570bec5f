// Deeply nested bodies. Code that walks a parsed value could overflow its stack, so they are refused by their text, before parsing.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { askPass, assertRefused, startGate } from "../lib/gate.mjs";
import { assertProblem } from "../lib/problem.mjs";
import { SESSION_COOKIE, startService } from "../lib/service.mjs";

/** So many nested objects fit into 64 KiB. */
const DEPTHS = [33, 3000, 9000];
const SHAPES = {
  lists: (depth) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`,
  objects: (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
  "lists that never end": (depth) => "[".repeat(depth),
  "behind text with quotes and brackets": (depth) =>
    `{"type":"create_team","name":"\\"]]}}","a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`,
};

describe("the authority answers 400 to a deeply nested body", () => {
  let service;
  before(async () => {
    service = await startService();
  });
  after(() => service?.stop());

  for (const [shape, body] of Object.entries(SHAPES)) {
    test(`${shape}, for every route`, async () => {
      const stranger = service.member();
      stranger.visitor.setCookie(service.url, SESSION_COOKIE, "x".repeat(43));
      for (const depth of DEPTHS) {
        for (const path of ["/v1/commands", "/v1/preview", "/v1/invitation", "/v1/session/end"]) {
          const { title } = await assertProblem(await stranger.post(path, body(depth)), 400, "bad_request");
          assert.equal(title, "the body is nested deeper than 32 levels");
        }
        for (const [method, path] of [
          ["PUT", "/v1/organization"],
          ["POST", "/v1/keys/rotate"],
        ]) {
          const response = await fetch(service.url + path, {
            method,
            headers: { "Content-Type": "application/json", Authorization: `Bearer ${service.secrets.OPERATOR_TOKEN}` },
            body: body(depth),
          });
          await assertProblem(response, 400, "bad_request");
        }
      }
    });
  }

  test("and accepts a body that only looks deep", async () => {
    const gina = await service.signIn("gina");
    await gina.does({ type: "create_team", id: "brackets", name: "[".repeat(100) });
    await gina.does({ type: "create_team", id: "quotes", name: `"${"{".repeat(100)}\\` });
  });
});

describe("the gate answers 400, too", () => {
  let gate;
  before(async () => {
    gate = await startGate();
  });
  after(() => gate?.stop());

  test("for a pass request", async () => {
    for (const depth of [33, 1000, 2000]) {
      for (const body of [SHAPES.lists(depth), `{"assistant":${"[".repeat(depth)}${"]".repeat(depth)},"key":"x"}`]) {
        await assertRefused(
          await askPass(gate.url, body),
          body.length > 4096 ? 413 : 400,
          body.length > 4096 ? "too_large" : "bad_request",
        );
      }
    }
  });

  test("for a chat message", async () => {
    await gate.publish("site");
    await gate.authority({ entries: { "/v1/gate/site/head": await gate.head("site") } });
    const { pass } = await (await askPass(gate.url, { assistant: "site", embedder: "https://docs.acme.example" })).json();
    for (const depth of [33, 3000]) {
      const response = await fetch(`${gate.url}/v1/chat/site`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${pass}` },
        body: `{"message":${"[".repeat(depth)}${"]".repeat(depth)}}`,
      });
      await assertRefused(response, 400, "bad_request");
    }
  });
});
