// An authority for the live client, over HTTP and WebSocket on localhost, with faults that a test chooses; and a clock that a test moves.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { CompactSign, importJWK } from "jose";
import { WebSocketServer } from "ws";
import { detach, issue } from "wicketgate/authority";
import { NOW, acme, keyPair } from "./world.mjs";

export const ISSUER = "https://authority.acme.example";
export const AUDIENCE = "live-tests";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** The entries of a list by their ids. */
const byId = (list = []) => new Map(list.map((entry) => [entry.id, entry]));

/** The difference of two documents as a delta's `organization`. */
function changes(before, after) {
  const put = (kind, entry = (value) => value) => {
    const [old, now] = [byId(before[kind]), byId(after[kind])];
    const changed = [...now.values()].filter((value) => JSON.stringify(old.get(value.id)) !== JSON.stringify(value));
    return [changed.map((value) => entry(value, old.get(value.id))), [...old.keys()].filter((id) => !now.has(id))];
  };
  const holders = (name) => (value, old) => {
    const held = new Set((value[name] ?? []).map(({ user }) => user));
    const without = [...new Set((old?.[name] ?? []).map(({ user }) => user))].filter((user) => !held.has(user));
    return { ...value, [name]: value[name] ?? [], without };
  };
  const kinds = {
    roles: put("roles"),
    users: put("users"),
    projects: put("projects"),
    teams: put("teams", holders("members")),
    assistants: put("assistants", holders("grants")),
  };
  const both = Object.entries(kinds);
  return {
    ...Object.fromEntries(both.filter(([, [changed]]) => changed.length > 0).map(([kind, [changed]]) => [kind, changed])),
    gone: Object.fromEntries(both.filter(([, [, gone]]) => gone.length > 0).map(([kind, [, gone]]) => [kind, gone])),
  };
}

/** The claims of a compact token, unverified. */
const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());

/** Starts the authority. `now` is its clock, in seconds; the files of `folder` are served too. */
export async function startAuthority({ now = () => Date.now() / 1000, folder } = {}) {
  const authority = {
    /** The signed-in user, or the problem document that is answered instead. */
    user: "vic",
    facts: acme(),
    version: 1,
    life: 600,
    key: keyPair,
    published: [keyPair.publicKey],
    issuer: ISSUER,
    /** The answer to a delta's request: `true` for the delta, a status, or a function that changes the answer. */
    deltas: true,
    /** Claims that replace those of snapshots. */
    claims: {},
    /** Changes an answer before it is sent: `(path, { status, headers, body }, query)`. */
    intercept: undefined,
    updates: true,
    /** The HTML at `/`, if there is a page. */
    page: undefined,
    /** Every request so far: `{ path, status, headers }`. */
    requests: [],
    sockets: new Set(),
    /** The number of WebSocket connections so far. */
    connections: 0,
  };

  const snapshot = (version = authority.version, facts = authority.facts) =>
    issue(facts, {
      key: authority.key.privateKey,
      issuer: authority.issuer,
      audience: AUDIENCE,
      version,
      state: `s${version}`,
      issuedAt: Math.floor(now()),
      expiresIn: authority.life,
      scope: { member: authority.user },
      ...authority.claims,
    });
  const past = new Map();

  /** A compact delta of the signed-in user's snapshot, from a version to the current one. */
  async function delta(from) {
    const [before, after] = [claims(await snapshot(from, past.get(from) ?? authority.facts)), claims(await snapshot())];
    const payload = {
      ...after,
      from: { version: from, state: before.state },
      organization: { id: after.organization.id, ...changes(before.organization, after.organization) },
    };
    return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: "EdDSA", typ: "wicketgate-delta+jwt", kid: authority.key.publicKey.kid })
      .sign(await importJWK(authority.key.privateKey, "EdDSA"));
  }

  async function signed(token) {
    const { payload, signature } = await detach(token);
    return { status: 200, headers: { "content-type": "application/json", "wicketgate-signature": signature }, body: payload };
  }

  const problem = (status, code) => ({
    status,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify({ code, title: code }),
  });

  async function answer(path, query, headers) {
    if (path === "/.well-known/jwks.json") return { status: 200, headers: {}, body: JSON.stringify({ keys: authority.published }) };
    if (path === "/" && authority.page !== undefined)
      return { status: 200, headers: { "content-type": "text/html" }, body: authority.page };
    if (path.startsWith("/v1/") && typeof authority.user !== "string") return problem(authority.user.status, authority.user.code);
    if (path === "/v1/snapshot") {
      const etag = `"${createHash("sha256")
        .update(JSON.stringify([authority.user, authority.version, authority.facts, authority.life]))
        .digest("hex")}"`;
      if (headers["if-none-match"] === etag) return { status: 304, headers: { etag }, body: "" };
      const full = await signed(await snapshot());
      return { ...full, headers: { ...full.headers, etag } };
    }
    if (path === "/v1/delta") {
      if (typeof authority.deltas === "number") return problem(authority.deltas, "delta_unavailable");
      const answered = await signed(await delta(Number(query.get("from"))));
      return typeof authority.deltas === "function" ? authority.deltas(answered) : answered;
    }
    if (folder !== undefined) {
      try {
        return {
          status: 200,
          headers: { "content-type": TYPES[extname(path)] ?? "text/plain" },
          body: await readFile(join(folder, normalize(path))),
        };
      } catch {
        // Answered with 404 below.
      }
    }
    return problem(404, "not_found");
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    let answered = await answer(pathname, searchParams, request.headers);
    answered = (await authority.intercept?.(pathname, answered, searchParams)) || answered;
    authority.requests.push({ path: request.url, status: answered.status, headers: request.headers });
    response.writeHead(answered.status, { date: new Date(now() * 1000).toUTCString(), ...answered.headers }).end(answered.body);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    // A page that is closed resets its connections; that is no failure.
    socket.on("error", () => {});
    authority.connections++;
    if (!authority.updates || typeof authority.user !== "string")
      return socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (connection) => {
      authority.sockets.add(connection);
      connection.on("error", () => {});
      connection.on("close", () => authority.sockets.delete(connection));
      if (authority.updates !== "silent") connection.send(JSON.stringify(authority.update()));
    });
  });

  const listen = (port) => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address();

  return Object.assign(authority, {
    url: `http://localhost:${port}`,
    /** Sends a message on every connection. */
    send(message) {
      for (const socket of authority.sockets) socket.send(typeof message === "string" ? message : JSON.stringify(message));
    },
    /** The message about the current version. */
    update: () => ({ version: authority.version, ...(authority.claims.epoch && { epoch: authority.claims.epoch }) }),
    /** Restores the facts of an earlier version as the next version; with `epoch`, as the first of that epoch. */
    restore(version, epoch) {
      authority.facts = structuredClone(past.get(version));
      authority.version = version + 1;
      authority.claims = { ...authority.claims, ...(epoch && { epoch }) };
      authority.send(authority.update());
    },
    /** Changes the facts and increases the version. Sends the update unless `send` is false. */
    change(edit, { send = true } = {}) {
      past.set(authority.version, structuredClone(authority.facts));
      edit(authority.facts);
      authority.version++;
      if (send) authority.send(authority.update());
    },
    /** The requests to a path, newest last. */
    to: (path) => authority.requests.filter((request) => request.path.split("?")[0] === path),
    async stop() {
      for (const socket of authority.sockets) socket.terminate();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    start: () => listen(port),
  });
}

/**
 * Replaces timers, the monotonic clock and `Math.random` for the live client alone: its timers fire when the test moves the clock. The
 * originals are restored when the test ends.
 */
export function clockwork(t) {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    random: Math.random,
    steady: performance.now,
  };
  const clock = {
    /** Unix seconds. */
    now: NOW,
    /** The result of `Math.random`. */
    random: 0,
    /** Seconds since the start. Setting `now` does not change them. */
    steady: 0,
    timers: new Map(),
    /** Seconds until the next timer. */
    get next() {
      return Math.min(...[...clock.timers.values()].map(({ at }) => at)) - clock.steady;
    },
    /** Moves the clock and fires the timers that are due. */
    pass(seconds) {
      const until = clock.steady + seconds;
      for (;;) {
        const [due] = [...clock.timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at);
        const step = (due?.[1].at ?? until) - clock.steady;
        clock.steady += Math.max(0, step);
        clock.now += Math.max(0, step);
        if (due === undefined) return;
        clock.timers.delete(due[0]);
        due[1].fire();
      }
    },
  };
  globalThis.setTimeout = (fire, milliseconds, ...given) => {
    if (!new Error().stack.split("\n")[2].includes("/dist/client")) return real.setTimeout(fire, milliseconds, ...given);
    const timer = { fake: true };
    clock.timers.set(timer, { at: clock.steady + milliseconds / 1000, fire });
    return timer;
  };
  globalThis.clearTimeout = (timer) => (timer?.fake ? clock.timers.delete(timer) : real.clearTimeout(timer));
  Math.random = () => clock.random;
  performance.now = () => clock.steady * 1000;
  t.after(() => {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Math.random = real.random;
    performance.now = real.steady;
  });
  return clock;
}

/** A storage in memory. */
export function storage() {
  const held = new Map();
  return { held, getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void held.set(key, value) };
}

/** `fetch` and `WebSocket` that record each use with its time. `quiet` waits until none is in progress. */
export function watched(clock, Socket) {
  const done = [];
  const pending = new Set();
  const open = new Set();
  const until = async (what, operation) => {
    const mark = {};
    pending.add(mark);
    done.push({ at: clock.steady, what });
    try {
      return await operation();
    } finally {
      pending.delete(mark);
    }
  };
  return {
    done,
    open,
    fetch: (url, init) =>
      until(new URL(url).pathname, async () => {
        const response = await fetch(url, init);
        const body = await response.arrayBuffer();
        return new Response(response.status === 304 ? null : body, response);
      }),
    WebSocket: class extends Socket {
      constructor(url) {
        super(url);
        open.add(this);
        this.once("close", () => open.delete(this));
        void until("connection", () => new Promise((resolve) => this.once("message", resolve).once("close", resolve)));
      }
    },
    async quiet() {
      do for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      while (pending.size > 0);
    },
  };
}
