// Whether organizations of one deployment stay apart: what one of them has given out is presented at the host of another.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { until } from "./until.mjs";

const SITE = "https://shop.example";

/** An organization's facts, in which every name tells whose it is. */
export function markedFacts(id) {
  const mark = markOf(id);
  const key = `wk_${randomBytes(32).toString("base64url")}`;
  const digest = createHash("sha256").update(key).digest("base64url");
  const facts = {
    id,
    users: [
      { id: "ana", role: "global_admin", email: "ana@people.example" },
      { id: `${mark}.u`, role: "user", email: `${mark}@people.example` },
    ],
    teams: [{ id: "team", name: `Équipe ${mark}`, creator: "ana", members: [{ user: `${mark}.u`, role: "owner" }] }],
    projects: [{ id: "project", team: "team", name: `Projet ${mark}`, creator: "ana" }],
    assistants: [
      {
        id: "site",
        project: "project",
        owner: "ana",
        name: `Aide ${mark}`,
        accessibility: "public",
        links: [{ id: "l", level: "edit", digest }],
      },
      { id: `${mark}.a`, project: "project", owner: "ana", name: "Ayudante", accessibility: "public", embed: { origins: [SITE] } },
    ],
  };
  return { facts, key };
}

/** The text that is in everything of an organization and in nothing of another. */
function markOf(id) {
  return `mark-${createHash("sha256").update(id).digest("hex").slice(0, 12)}`;
}

/** Creates and founds an organization, and takes everything that it gives out. */
export async function givenOut(platform, id) {
  const { facts, key } = markedFacts(id);
  await platform.create(id, { facts });
  const ana = await platform.signIn(id, "ana");
  const url = platform.originOf(id);
  const snapshot = await ana.get("/v1/snapshot");
  const scopes = ["commands", "act_as", "read", "digests", "events", "passes"];
  const { result } = await ana.does({ type: "create_api_key", name: `Clé ${markOf(id)}`, role: "global_admin", scopes });
  let pass;
  await until(
    async () => {
      const response = await passAt(url, { assistant: "site", key });
      if (response.ok) ({ pass } = await response.json());
      return response.ok;
    },
    `${id}: the gate admits`,
    30,
  );
  return {
    id,
    url,
    mark: markOf(id),
    key,
    apiKey: result.secret,
    pass,
    cookie: `loopback-wicketgate-session=${ana.session}`,
    etag: snapshot.headers.get("ETag"),
    keys: await ana.json("/.well-known/jwks.json"),
    snapshot: { payload: await snapshot.text(), signature: snapshot.headers.get("Wicketgate-Signature") },
  };
}

function passAt(url, body, headers = {}) {
  return fetch(`${url}/v1/pass`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: url, ...headers },
    body: JSON.stringify(body),
  });
}

const READ = ["snapshot", "head", "directory", "workspace", "audit", "reviews", "session", "session/organizations", "delta?from=1"];

const READ_BY_KEYS = [...READ, "api-keys", "events", "signals", "webhooks", "workspace?digests", "workspace/delta?from=1"];

/** The API key of an organization, for itself or on behalf of somebody who has the same id in every organization. */
function byKey(organization, pick) {
  const Authorization = `Bearer ${organization.apiKey}`;
  return pick([{ Authorization }, { Authorization, "Wicketgate-Act-As": "ana" }]);
}

/** Each sends something of organization A to B. `may`: the statuses with which B may answer. */
const REQUESTS = [
  {
    name: "a session reads",
    may: [401],
    send: (a, b, pick) => fetch(`${b.url}/v1/${pick(READ)}`, { headers: { Cookie: a.cookie } }),
  },
  {
    name: "a session changes",
    may: [401],
    send: (a, b, pick) =>
      fetch(`${b.url}/v1/${pick(["commands", "preview"])}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: b.url, Cookie: a.cookie },
        body: JSON.stringify({ type: "create_team", name: "Stolen" }),
      }),
  },
  {
    name: "an API key reads",
    may: [401],
    send: (a, b, pick) => fetch(`${b.url}/v1/${pick(READ_BY_KEYS)}`, { headers: byKey(a, pick) }),
  },
  {
    name: "an API key changes",
    may: [401],
    send: (a, b, pick) =>
      fetch(`${b.url}/v1/${pick(["commands", "preview"])}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...byKey(a, pick) },
        body: JSON.stringify({ type: "create_team", name: "Stolen" }),
      }),
  },
  {
    name: "an API key makes a pass",
    may: [401],
    send: (a, b) =>
      fetch(`${b.url}/v1/passes`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${a.apiKey}` },
        body: JSON.stringify({ user: "ana", assistant: "site" }),
      }),
  },
  {
    name: "an API key and a session of another organization",
    may: [401],
    send: (a, b, pick) => fetch(`${b.url}/v1/${pick(READ_BY_KEYS)}`, { headers: { ...byKey(a, pick), Cookie: b.cookie } }),
  },
  {
    name: "an entity tag",
    may: [401],
    send: (a, b) => fetch(`${b.url}/v1/snapshot`, { headers: { Cookie: a.cookie, "If-None-Match": a.etag } }),
  },
  { name: "a link key", may: [404], send: (a, b) => passAt(b.url, { assistant: "site", key: a.key }) },
  { name: "an assistant's id", may: [404], send: (a, b) => passAt(b.url, { assistant: `${a.mark}.a`, embedder: SITE }) },
  {
    name: "a member's session at the gate",
    may: [404],
    send: (a, b) => passAt(b.url, { assistant: "site", member: true }, { Cookie: a.cookie }),
  },
  {
    name: "an id at the gate's address",
    may: [404],
    send: (a, b) => fetch(`${b.url}/embed/${a.mark}.a`, { headers: { "Sec-Fetch-Dest": "iframe" } }),
  },
  {
    name: "a pass",
    may: [401],
    send: (a, b, pick) =>
      fetch(`${b.url}/v1/chat/site${pick(["", "/greeting"])}`, {
        method: "PUT",
        headers: { Authorization: `Bearer ${a.pass}`, "Content-Type": "application/json" },
        body: JSON.stringify({ greeting: "Stolen" }),
      }).then(async (response) => (response.status === 405 ? chat(a, b) : response)),
  },
  {
    name: "an id for the gate's token",
    may: [404],
    send: (a, b, pick, token) =>
      fetch(`${b.url}/v1/gate/${a.mark}.a${pick(["", "/head"])}`, { headers: { Authorization: `Bearer ${token}` } }),
  },
  { name: "the host in the path", may: [404], send: (a, b) => fetch(`${b.url}/v1/organizations/${a.id}`) },
  {
    name: "a forwarded host",
    may: [200],
    send: (a, b) =>
      fetch(`${b.url}/v1/organization`, {
        headers: { "X-Forwarded-Host": new URL(a.url).host, Forwarded: `host=${new URL(a.url).host}` },
      }),
  },
  { name: "the keys", may: [200], send: (_, b) => fetch(`${b.url}/.well-known/jwks.json`) },
];

function chat(a, b) {
  return fetch(`${b.url}/v1/chat/site`, {
    method: "POST",
    headers: { Authorization: `Bearer ${a.pass}`, "Content-Type": "application/json" },
    body: JSON.stringify({ message: "Hello" }),
  });
}

/**
 * Sends a random request of one organization's to another.
 * @param {object[]} all what {@link givenOut} returned, of two organizations at least
 * @param {(items: unknown[]) => unknown} pick chooses at random
 * @returns {Promise<string | undefined>} what was answered that must not be
 */
export async function crossed(all, pick, gateToken) {
  const a = pick(all);
  const b = pick(all.filter((one) => one !== a));
  const { name, may, send } = pick(REQUESTS);
  const response = await send(a, b, pick, gateToken);
  const text = await response.text();
  const said = `${[...response.headers].join("\n")}\n${text}`;
  const told = [a.mark, a.pass, a.key, a.apiKey, a.cookie, a.snapshot.signature, ...a.keys.keys.map(({ kid }) => kid)].find(
    (secret) => said.includes(secret),
  );
  if (told === undefined && may.includes(response.status)) return undefined;
  return `${name}: ${a.id} at ${b.id}: ${response.status} ${text.slice(0, 200)}`;
}

/** mulberry32, seeded: a failure can be repeated. */
export function picker(seed) {
  let state = seed >>> 0;
  return (items) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return items[Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * items.length)];
  };
}

/** The labels of so many organizations. */
export function labels(count) {
  return Array.from({ length: count }, (_, index) => `org-${index + 1}`);
}

/** Fails unless every request is answered as it must be. */
export async function assertApart(all, { requests, seed, gateToken, lanes = 8 }) {
  const pick = picker(seed);
  const wrong = [];
  let left = requests;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const answered = await crossed(all, pick, gateToken);
      if (answered !== undefined) wrong.push(answered);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  assert.deepEqual(wrong.slice(0, 10), [], `of ${requests} requests with the seed ${seed}, ${wrong.length} were answered`);
}
