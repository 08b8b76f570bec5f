// A change of the plan with many public assistants: their gate snapshots are written in small slices, and other requests do not wait for them.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { smallOrganization, startService } from "../lib/service.mjs";
import { standIn } from "../lib/stand-in.mjs";
import { until } from "../lib/until.mjs";

/** The most snapshots that are written at the same time. */
const SLICE = 10;

/** The key-value store is the service `STORE`. Without it, the store keeps nothing and answers at once. */
const STORE = `
import worker, { Organization as Ours } from "./worker.js";
export { Registry } from "./worker.js";
export class Organization extends Ours {
  #writes = 0;
  constructor(ctx, env) {
    const ask = (method, key = "", body = null) => env.STORE?.fetch("http://store/" + key, { method, body });
    super(ctx, {
      ...env,
      GATE: {
        put: async (key, value) => {
          this.#writes += 1;
          await ask("PUT", key, value);
        },
        delete: async (key) => { await ask("DELETE", key); },
        list: async () => ({ keys: await (await ask("GET")).json(), list_complete: true }),
      },
    });
  }
  writes() {
    return this.#writes;
  }
}
export default {
  ...worker,
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/writes") return worker.fetch(request, env, ctx);
    return Response.json(await env.DIRECTORY.get(env.DIRECTORY.idFromName(env.ORGANIZATION)).writes());
  },
};`;

/** An organization with public assistants `p000`, `p001`, … */
function facts(count) {
  const organization = smallOrganization();
  const [site] = organization.assistants;
  organization.assistants = Array.from({ length: count }, (_, n) => ({ ...site, id: `p${String(n).padStart(3, "0")}` }));
  return organization;
}

/** A store in this process, whose writes the test lets pass. */
function controlledStore() {
  const waiting = [];
  const store = {
    /** The version of each assistant's snapshot. */
    versions: new Map(),
    /** Finished writes `{ assistant, version }`, in order. */
    writes: [],
    /** How many writes may still finish. */
    allowed: Infinity,
    inFlight: 0,
    most: 0,
    waiting: () => waiting.length,
    /** Lets the next `count` writes finish, and no others. The record of writes begins anew. */
    allow(count) {
      store.writes = [];
      store.most = 0;
      store.allowed = count;
    },
    release() {
      store.allowed = Infinity;
      for (const go of waiting.splice(0)) go(true);
    },
    /** Forgets the waiting writes, as if they had been lost. */
    lose() {
      for (const go of waiting.splice(0)) go(false);
    },
    async answer(request) {
      const assistant = new URL(request.url).pathname.slice("/gate:acme:".length);
      if (request.method === "GET") return Response.json([...store.versions.keys()].map((name) => ({ name: `gate:acme:${name}` })));
      const token = await request.text();
      store.inFlight += 1;
      store.most = Math.max(store.most, store.inFlight);
      store.allowed -= 1;
      const written = store.allowed >= 0 || (await new Promise((go) => waiting.push(go)));
      store.inFlight -= 1;
      if (!written) return new Response(null, { status: 500 });
      if (request.method === "DELETE") store.versions.delete(assistant);
      else {
        const { version } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
        store.versions.set(assistant, version);
        store.writes.push({ assistant, version });
      }
      return new Response();
    },
    /** Whether all snapshots are of this version or a later one. */
    current: (count, version) => store.versions.size === count && [...store.versions.values()].every((one) => one >= version),
  };
  return store;
}

describe("with a slow store", () => {
  const COUNT = 120;
  const store = controlledStore();
  let service;
  let gina;

  before(async () => {
    const worker = { ...(await standIn(STORE)), serviceBindings: { STORE: store.answer } };
    service = await startService({ facts: facts(COUNT), worker });
    gina = await service.signIn("gina");
    await until(() => store.current(COUNT, 1), "the first snapshots are written");
  });
  afterEach(() => store.release());
  after(() => service?.stop());

  async function plan(withholds) {
    const response = await service.operator("/v1/plan", { method: "PUT", body: { withholds } });
    assert.equal(response.status, 200);
    return (await response.json()).version;
  }
  const renewed = (version) => until(() => store.current(COUNT, version), "all snapshots are renewed");

  test("commands and reads are answered while the writes wait, and few wait at the same time", async () => {
    store.allow(0);
    const version = await plan(["assistant.chat"]);
    await until(() => store.waiting() > 0, "the renewal has begun");
    const answer = await gina.does({ type: "create_team", name: "Meanwhile" });
    assert.equal(answer.version, version + 1);
    assert.equal((await gina.get("/v1/session")).status, 200);
    assert.equal((await gina.get("/v1/snapshot")).status, 200);
    assert.deepEqual(store.writes, []);
    store.release();
    await renewed(version);
    assert.equal(store.writes.length, COUNT);
    assert.equal(store.most, SLICE);
  });

  test("a later change supersedes the writes that have not begun, and none is written out of order", async () => {
    store.allow(0);
    await plan([]);
    await until(() => store.waiting() === SLICE, "the first slice waits");
    const latest = await plan(["assistant.chat"]);
    store.release();
    await renewed(latest);
    assert.equal(store.writes.length, COUNT + SLICE, "only the first slice is written twice");
    const [early, late] = [store.writes.slice(0, SLICE), store.writes.slice(SLICE)];
    assert.ok(early.every(({ version }) => version < latest));
    assert.ok(late.every(({ version }) => version === latest));
    assert.equal(new Set(late.map(({ assistant }) => assistant)).size, COUNT);
  });

  test("a change of one assistant comes before the rest of a larger change", async () => {
    store.allow(0);
    const planned = await plan([]);
    await until(() => store.waiting() === SLICE, "the first slice waits");
    const last = `p${COUNT - 1}`;
    assert.ok(!store.writes.some(({ assistant }) => assistant === last));
    const { version } = await gina.does({ type: "create_link", assistant: last, level: "view" });
    store.release();
    await renewed(planned);
    const at = store.writes.findIndex(({ assistant }) => assistant === last);
    assert.ok(at < 2 * SLICE, `it was write ${at}`);
    assert.equal(store.versions.get(last), version);
  });

  test("a restart in the middle continues, without a request", async () => {
    store.allow(30);
    const version = await plan(["assistant.chat"]);
    await until(() => store.writes.length === 30 && store.waiting() > 0, "some are written, others wait");
    await service.restart({ disk: async () => store.lose() });
    assert.ok(!store.current(COUNT, version));
    store.allowed = Infinity;
    await renewed(version);
    const last = store.writes.slice(30);
    assert.ok(last.length <= COUNT - 2 * SLICE, "those that were recorded are not written again");
  });
});

test("between two slices other requests are answered, also if the store answers at once", async () => {
  const COUNT = 900;
  const service = await startService({ facts: facts(COUNT), worker: await standIn(STORE) });
  try {
    const writes = async () => (await fetch(`${service.url}/writes`)).json();
    await until(async () => (await writes()) === COUNT, "the first snapshots are written");
    await service.operator("/v1/plan", { method: "PUT", body: { withholds: ["assistant.chat"] } });
    const seen = new Set();
    await until(async () => seen.add(await writes()).has(2 * COUNT), "all are renewed", 60);
    assert.ok(seen.size > 5, `the requests saw the renewal in the states ${[...seen]}`);
  } finally {
    await service.stop();
  }
});
