// The answers that the gate's sources accept from an authority: up to a limit, and with an error that names the fault.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authoritySource, remoteKeys } from "wicketgate/gate";
import { fails } from "../lib/fails.mjs";
import { gateSnapshot } from "../lib/gate-library.mjs";
import { keys } from "../lib/world.mjs";

const [header, payload, signature] = (await gateSnapshot()).split(".");
const signed = { "wicketgate-signature": `${header}..${signature}` };
const body = Buffer.from(payload, "base64url");
const url = "https://authority.acme.example/";
const read = (answer) =>
  authoritySource({ url, token: "t", fetch: async () => answer() }).read("site", new AbortController().signal);
const load = (answer) => remoteKeys(`${url}.well-known/jwks.json`, { fetch: async () => answer() })({ newer: false });

/** An endless body, and the number of bytes that were read. */
function endless(headers) {
  const asked = { bytes: 0 };
  const stream = new ReadableStream({ pull: (to) => (to.enqueue(new Uint8Array(65_536)), void (asked.bytes += 65_536)) });
  return { asked, answer: () => new Response(stream, { headers }) };
}

describe("a valid answer", () => {
  test("is a token or a JWK Set", async () => {
    assert.deepEqual(await read(() => new Response(body, { headers: signed })), {
      payload: new Uint8Array(body),
      signature: signed["wicketgate-signature"],
    });
    assert.deepEqual(await load(() => Response.json(keys)), keys);
  });
});

describe("an invalid answer: the error names the cause", () => {
  for (const [name, answer, code, message] of [
    [
      "a page",
      () => new Response("<!doctype html>", { headers: { ...signed, "content-type": "text/html" } }),
      "malformed",
      /text\/html: is the authority at `https:\/\/authority\.acme\.example\//,
    ],
    ["nothing", () => new Response("", { headers: signed }), "malformed", /200 without a body/],
    ["204", () => new Response(null, { status: 204 }), "malformed", /204 without a body/],
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://login.example/" } }),
      "unreachable",
      /with a redirect to `https:\/\/login\.example\/`$/,
    ],
    ["a failure", () => new Response("no", { status: 503 }), "unreachable", /answered 503$/],
    ["somebody else's 404", () => new Response("{}", { status: 404 }), "unreachable", /answered 404$/],
    [
      "bytes compressed twice",
      () => new Response(new Uint8Array([0x1f, 0x8b, 8]), { headers: signed }),
      "malformed",
      /still compressed/,
    ],
  ]) {
    test(name, async () => {
      for (const ask of [read, load])
        await assert.rejects(ask(answer), (error) => fails(code)(error) && message.test(error.message), ask.name);
    });
  }

  test("no signature, and keys that are no JWK Set", async () => {
    await assert.rejects(
      read(() => new Response(body)),
      (error) => fails("malformed")(error) && /no Wicketgate-Signature header/.test(error.message),
    );
    await assert.rejects(
      load(() => Response.json({ keys: 7 })),
      fails("malformed"),
    );
  });
});

describe("an endless answer is cut off", () => {
  for (const [name, headers, most] of [
    ["that does not say how long it is", {}, Infinity],
    ["that says so", { "content-length": "1e9" }, 65_536 * 2],
  ]) {
    test(name, async () => {
      for (const [ask, limit] of [
        [read, 4 * 1024 * 1024],
        [load, 256 * 1024],
      ]) {
        const { asked, answer } = endless({ ...signed, ...headers });
        await assert.rejects(ask(answer), fails("too_large"));
        assert.ok(asked.bytes <= Math.min(most, limit + 3 * 65_536), `${asked.bytes}`);
      }
    });
  }
});

test("a clock in milliseconds is refused", async () => {
  await assert.rejects(
    remoteKeys(async () => keys, { now: () => Date.now() })({ newer: false }),
    (error) => fails("invalid_options", "now")(error) && /milliseconds/.test(error.message),
  );
});
