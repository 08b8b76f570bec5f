// Passes per second of the built gate in workerd, compared with Workers that return a constant, in alternating rounds.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { verifyPass } from "wicketgate/pass";
import { workerOptions } from "../edge/miniflare.mjs";
import { material } from "./gate-material.mjs";
import { ISSUER, PASS_AUDIENCE, PASS_ISSUER } from "./gate-names.mjs";
import { workerdSeconds } from "./workerd.mjs";
import { random } from "./world.mjs";

const LOAD = fileURLToPath(new URL("gate-load.mjs", import.meta.url));
const OPEN = 500;
const CONNECTIONS = 64;
const UNLIMITED = { simple: { limit: 1_000_000_000, period: 60 } };
const SOCKET = [{ host: "127.0.0.1", port: 0 }];

const CONSTANT = `export default { fetch: () => new Response("ok") };`;
/** A Worker that always returns one stored answer of the gate. */
const SAME_SIZE = `
  let body = "";
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  export default {
    fetch: (request) => (request.method === "PUT" ? request.text().then((text) => new Response((body = text))) : new Response(body, { headers })),
  };`;

/** Rounds of `{ perSecond, share, server }` for each kind of request: answers per second, and the cores that client and server used. */
export async function measurePasses({ rounds, seconds, note }) {
  note("gate: making an organization");
  const made = await material({ users: 500, teams: 20, assistants: 1_000 }, OPEN);
  const running = await startGate(made);
  const load = startLoad();
  try {
    const kinds = await kindsOf(running, made);
    const results = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
    const draw = random(17);
    for (let round = -1; round < rounds; round++) {
      note(`gate: passes a second, round ${round + 1} of ${rounds}`);
      for (const [name, given] of draw.shuffle(Object.entries(kinds))) {
        const before = await running.cpu();
        const start = performance.now();
        const measured = await load.ask({ ...given, connections: CONNECTIONS, seconds });
        const server = ((await running.cpu()) - before) / ((performance.now() - start) / 1_000);
        if (round >= 0) results[name].push({ ...measured, server });
      }
    }
    return results;
  } finally {
    load.stop();
    await running.stop();
  }
}

async function startGate({ organization, keys, passKeys, tokens }) {
  const bindings = {
    ORGANIZATION: organization,
    ISSUER,
    PASS_ISSUER,
    PASS_KEYS: JSON.stringify(passKeys),
    GATE_TOKEN: "t".repeat(43),
  };
  const { modulesRoot, scriptPath, ...options } = workerOptions("gate");
  const constant = (name, script) => ({
    name,
    modules: true,
    script,
    compatibilityDate: options.compatibilityDate,
    unsafeDirectSockets: SOCKET,
  });
  const authority = {
    name: "authority",
    modules: true,
    script: `export default { fetch: ({ url }) => url.endsWith("/jwks.json") ? new Response(${JSON.stringify(JSON.stringify(keys))}) : new Response("", { status: 500 }) };`,
  };
  const miniflare = new Miniflare({
    workers: [
      {
        ...options,
        modulesRoot,
        scriptPath,
        bindings,
        ratelimits: { PASSES_BY_ADDRESS: UNLIMITED, PASSES_BY_ASSISTANT: UNLIMITED },
        unsafeDirectSockets: SOCKET,
      },
      constant("constant", CONSTANT),
      constant("same-size", SAME_SIZE),
      authority,
    ],
  });
  await miniflare.ready;
  const store = await miniflare.getKVNamespace("GATE", "gate");
  await Promise.all(Object.entries(tokens).map(([assistant, token]) => store.put(`gate:${organization}:${assistant}`, token)));
  const url = async (name) => new URL(await miniflare.unsafeGetDirectURL(name));
  return {
    gate: await url("gate"),
    constant: await url("constant"),
    sameSize: await url("same-size"),
    /** Seconds of processor time that workerd has used. */
    cpu: workerdSeconds,
    stop: () => miniflare.dispose(),
  };
}

async function kindsOf({ gate, constant, sameSize }, { organization, passKeys, visitors }) {
  const publicKeys = { keys: passKeys.keys.map(({ d: _, ...key }) => key) };
  const post = ({ host }, body) =>
    `POST /v1/pass HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const byLink = visitors.map(({ assistant, link }) => JSON.stringify({ assistant, key: link }));
  const [{ assistant, inner }] = visitors;
  const bySite = visitors.map((_, i) => JSON.stringify({ assistant, embedder: `https://s${i}.${inner}` }));
  // The measured answers must be valid passes.
  for (const body of [byLink[0], byLink.at(-1), bySite[0]]) {
    const response = await fetch(new URL("/v1/pass", gate), {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: gate.origin },
      body,
    });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(`the gate answered ${response.status}: ${answer}`);
    const expected = { keys: publicKeys, issuer: PASS_ISSUER, audience: PASS_AUDIENCE, organization, capability: "assistant.chat" };
    await verifyPass(JSON.parse(answer).pass, { ...expected, assistant: JSON.parse(body).assistant });
    await fetch(sameSize, { method: "PUT", body: answer });
  }
  const kind = (url, bodies) => ({ port: Number(url.port), requests: bodies.map((body) => post(url, body)) });
  return {
    constant: kind(constant, byLink.slice(0, 1)),
    sameSize: kind(sameSize, byLink.slice(0, 1)),
    oneKey: kind(gate, byLink.slice(0, 1)),
    manySites: kind(gate, bySite),
    manyAssistants: kind(gate, byLink),
  };
}

function startLoad() {
  const child = fork(LOAD, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return {
    ask(given) {
      return new Promise((resolve, reject) => {
        child.once("message", ({ value, error }) => (error ? reject(new Error(error)) : resolve(value)));
        child.send(given);
      });
    },
    stop: () => child.kill(),
  };
}
