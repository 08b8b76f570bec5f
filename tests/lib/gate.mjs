// Requests to the gate as a browser or a script sends them, and the gate alone in workerd with a store and an authority that the test makes fail.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Miniflare } from "miniflare";
import { Directory, generateKeyPair, issue } from "wicketgate/authority";
import { workerOptions } from "../../edge/miniflare.mjs";
import { assertDecent } from "./fails.mjs";

export const AUDIENCES = { gate: "wicketgate-gate", passes: "wicketgate-chat" };
export const ISSUERS = { authority: "https://authority.acme.example", passes: "https://gate.acme.example" };

/** Sends `POST /v1/pass` as the gate's own pages do. A header that is `undefined` is left out. */
export function askPass(url, body, { headers = {}, method = "POST" } = {}) {
  const all = { "Content-Type": "application/json", Origin: url, ...headers };
  return fetch(`${url}/v1/pass`, {
    method,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
}

/** Asks for a pass, and fails if it is refused. */
export async function passFor(url, body, options) {
  const response = await askPass(url, body, options);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

export function chatWith(url, assistant, pass, message = "Hello", headers = {}) {
  return fetch(`${url}/v1/chat/${encodeURIComponent(assistant)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(pass !== undefined && { Authorization: `Bearer ${pass}` }), ...headers },
    body: JSON.stringify({ message }),
  });
}

/** Reads the greeting of the chat, or writes it. */
export function greeting(url, assistant, pass, text, headers = {}) {
  return fetch(`${url}/v1/chat/${encodeURIComponent(assistant)}/greeting`, {
    headers: { Authorization: `Bearer ${pass}`, ...(text !== undefined && { "Content-Type": "application/json" }), ...headers },
    ...(text !== undefined && { method: "PUT", body: JSON.stringify({ greeting: text }) }),
  });
}

/** Asserts that the gate answered with a problem document of this code, and returns it. */
export async function assertRefused(response, status, code) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(response.headers.get("Content-Type"), /^application\/problem\+json/);
  assertPrivate(response);
  const problem = JSON.parse(text);
  assert.deepEqual(Object.keys(problem).sort(), ["code", "status", "title", "type"]);
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `urn:wicketgate:problem:${code}`);
  assertDecent({ message: problem.title });
  return problem;
}

/** Asserts the headers of an answer for one visitor: it is not cached, and only `fetch` can read a pass, not a navigation. */
export function assertPrivate({ headers }, { navigable = true } = {}) {
  assert.equal(headers.get("Cache-Control"), "no-store");
  if (navigable) assert.equal(headers.get("Referrer-Policy"), "no-referrer");
  assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
  for (const name of headers.keys()) assert.ok(!name.startsWith("access-control-"), name);
}

/** All of an answer that a visitor sees, except the date, which differs between any two answers. */
export async function whole(response) {
  const headers = [...response.headers].filter(([name]) => name !== "date");
  return { status: response.status, headers, body: await response.text() };
}

/** The payload of a pass, unverified. */
export function payloadOf(pass) {
  return JSON.parse(Buffer.from(pass.split(".")[1], "base64url").toString());
}

/** A share link's key, and its digest for the facts. */
export function link(id, level = "view", more = {}) {
  const key = `wk_${randomBytes(32).toString("base64url")}`;
  return { key, fact: { id, level, digest: createHash("sha256").update(key).digest("base64url"), ...more } };
}

/** An organization with one public assistant. */
export function factsOf(assistant, more = {}) {
  return {
    id: "acme",
    users: [{ id: "gina", role: "global_admin" }],
    teams: [{ id: "t" }],
    projects: [{ id: "p", team: "t" }],
    assistants: [
      {
        id: assistant,
        project: "p",
        owner: "gina",
        accessibility: "public",
        embed: { origins: ["https://docs.acme.example"] },
        ...more,
      },
    ],
  };
}

/** A Worker in place of the store or the authority. It answers with its entries while its mode is `up`, and fails in the other modes. */
const STAND_IN = `
import { WorkerEntrypoint } from "cloudflare:workers";

const entries = new Map();
const calls = [];
const visitorRequests = [];
let mode = "up";

async function read(name) {
  calls.push(name);
  if (mode === "down") throw new Error("the test wants a failure");
  if (mode === "slow") await scheduler.wait(120_000);
  return mode === "absent" ? null : entries.get(name) ?? null;
}

/** The part of a key-value namespace that the gate uses. */
export class Store extends WorkerEntrypoint {
  get(key) {
    return read(key);
  }
}

export default {
  async fetch(request) {
    const { hostname, pathname } = new URL(request.url);
    if (hostname === "control") {
      const change = await request.json();
      for (const [name, value] of Object.entries(change.entries ?? {})) entries.set(name, value);
      mode = change.mode ?? mode;
      return Response.json((change.visitors ? visitorRequests : calls).splice(0));
    }
    if (pathname === "/v1/snapshot") visitorRequests.push({ path: pathname, headers: [...request.headers] });
    const answer = await read(pathname);
    if (answer === null) return Response.json({ code: "unknown_assistant" }, { status: 404 });
    if (pathname.endsWith("jwks.json")) return new Response(answer);
    const [header, payload, signature] = answer.split(".");
    const text = new TextDecoder().decode(Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0)));
    return new Response(text, { headers: { "Wicketgate-Signature": header + ".." + signature } });
  },
};
`;

function standIn(name) {
  return { name, modules: true, script: STAND_IN, compatibilityDate: workerOptions("gate").compatibilityDate };
}

/**
 * @param {{ bindings?: Record<string, string>, rateLimits?: { address: number, assistant: number } }} [options]
 */
export async function startGate({ bindings = {}, rateLimits = { address: 1_000_000, assistant: 1_000_000 } } = {}) {
  const { publicKey, privateKey } = await generateKeyPair();
  const { privateKey: passKey } = await generateKeyPair();
  const logged = [];
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    handleRuntimeStdio(...streams) {
      for (const stream of streams) stream.on("data", (chunk) => logged.push(chunk.toString()));
    },
    workers: [
      {
        ...workerOptions("gate", { rateLimits }),
        kvNamespaces: { CHAT: "chat" },
        serviceBindings: { GATE: { name: "store", entrypoint: "Store" }, AUTHORITY: "authority" },
        bindings: {
          ISSUER: ISSUERS.authority,
          ORGANIZATION: "acme",
          GATE_TOKEN: "the gate's token",
          PASS_KEYS: JSON.stringify({ keys: [passKey] }),
          PASS_ISSUER: ISSUERS.passes,
          REVALIDATE_AFTER: "1",
          ...bindings,
        },
      },
      standIn("store"),
      standIn("authority"),
    ],
  });
  const url = (await miniflare.ready).origin;
  const control = async (name, change = {}) => {
    const worker = await miniflare.getWorker(name);
    return (await worker.fetch("http://control/", { method: "POST", body: JSON.stringify(change) })).json();
  };

  const gate = {
    url,
    signingKey: privateKey,
    passKey,
    /** The output of workerd. */
    log: () => logged.join(""),
    /**
     * Changes the `entries` or the `mode` (`up`, `down`, `slow`, `absent`). Returns the names that were read since the last call; with
     * `visitors`, the requests that concern a visitor.
     */
    store: (change) => control("store", change),
    authority: (change) => control("authority", change),
    sign: (assistant, { facts = factsOf(assistant), ...options } = {}) =>
      issue(facts, {
        key: privateKey,
        issuer: ISSUERS.authority,
        audience: AUDIENCES.gate,
        version: 1,
        expiresIn: 600,
        scope: { gate: [assistant] },
        ...options,
      }),
    /** The head of an assistant after a number of commands. */
    async head(assistant, { commands = 0, version = 1, ...options } = {}) {
      const { directory } = await Directory.found(factsOf(assistant));
      for (let number = 0; number < commands; number += 1)
        directory.execute({ user: "gina" }, { type: "edit_assistant", assistant, name: `Name ${number}` });
      return directory.headToken({
        key: privateKey,
        issuer: ISSUERS.authority,
        audience: AUDIENCES.gate,
        expiresIn: 60,
        assistant: { id: assistant, version },
        ...options,
      });
    },
    /** Puts a valid snapshot into the store. */
    async publish(assistant, options) {
      await gate.store({ entries: { [`gate:acme:${assistant}`]: await gate.sign(assistant, options) } });
    },
    stop: () => miniflare.dispose(),
  };
  await gate.authority({ entries: { "/.well-known/jwks.json": JSON.stringify({ keys: [publicKey] }) } });
  return gate;
}
