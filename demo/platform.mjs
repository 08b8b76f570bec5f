// A second deployment beside the first: one authority and one gate for many organizations, each at its own name below `localhost`. Two are
// there from the start, of other kinds than Acme. Signe is in both.
import { workerOptions } from "../edge/miniflare.mjs";

/** The deployment's own host: the operator's interface is there. */
const APEX = "apex";

/** @returns the origins at which the platform's people come back from the identity provider */
export function platformOrigins(port) {
  return ["kaffe", "lykeio"].map((label) => originOf(label, port));
}

/** The origin at which people list their organizations and create one. */
export function apexOrigin(port) {
  return originOf(APEX, port);
}

/** The platform's people, for the identity provider. */
export function platformPeople() {
  return [
    { id: "signe", email: "signe@kaffe.example", note: "Kaffeverket i Åre and Λύκειο Αθηνών" },
    { id: "bjorn", email: "björn@kaffe.example", note: "Kaffeverket i Åre" },
    { id: "eleni", email: "eleni@lykeio.example", note: "Λύκειο Αθηνών" },
    { id: "nikos", email: "nikos@lykeio.example", note: "Λύκειο Αθηνών" },
  ];
}

/** Miniflare's options of its two Workers. `bindings` are those that both deployments share. */
export function platformWorkers({ port, authority, gate, rateLimits }) {
  return [
    { ...workerOptions("authority"), name: "platform", bindings: { ...authority, APEX: originOf(APEX, port), SIGN_UP: "open" } },
    {
      ...workerOptions("gate", { rateLimits }),
      name: "platform-gate",
      serviceBindings: { AUTHORITY: "platform" },
      bindings: gate,
    },
  ];
}

/** Creates and founds both organizations at the first start. Later starts keep what their people changed. */
export async function foundPlatform(miniflare, { port, operatorToken }) {
  const worker = await miniflare.getWorker("platform");
  const send = (path, method, body) =>
    worker.fetch(`${originOf(APEX, port)}/v1/organizations${path}`, {
      method,
      headers: { Authorization: `Bearer ${operatorToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  for (const { id, name, plan, facts } of [kaffe(), lykeio()]) {
    const issuer = `https://${id}.platform.example`; // equal at the next start, also at another port
    await send("", "POST", { id, name, issuer, plan, hosts: [hostOf(id, port)] });
    await send(`/${id}`, "PATCH", { hosts: [hostOf(id, port)] });
    await send(`/${id}/facts`, "PUT", facts);
  }
}

function hostOf(label, port) {
  return `${label}.localhost:${port}`;
}

function originOf(label, port) {
  return `http://${hostOf(label, port)}`;
}

/** A small company with the smallest plan. */
function kaffe() {
  const facts = {
    id: "kaffe",
    users: [
      { id: "signe", role: "global_admin", email: "signe@kaffe.example" },
      { id: "bjorn", role: "user", email: "björn@kaffe.example" },
    ],
    teams: [{ id: "rosteri", name: "Rosteriet", creator: "signe", members: [{ user: "bjorn", role: "owner" }] }],
    projects: [{ id: "butik", team: "rosteri", name: "Butiken på Årevägen", creator: "bjorn" }],
    assistants: [
      { id: "bonor", project: "butik", owner: "bjorn", name: "Bönrådgivaren", accessibility: "public" },
      { id: "schema", project: "butik", owner: "bjorn", name: "Schemaläggaren", accessibility: "only_team" },
    ],
  };
  return {
    id: "kaffe",
    name: "Kaffeverket i Åre",
    plan: { name: "Liten", withholds: ["panel.analytics", "panel.chatlogs", "actions.manage"] },
    facts,
  };
}

/** A school with classes as teams. */
function lykeio() {
  const subjects = ["Μαθηματικά", "Φυσική", "Ιστορία", "Αρχαία ελληνικά"];
  const classes = ["Α΄ τάξη", "Β΄ τάξη", "Γ΄ τάξη"];
  const facts = {
    id: "lykeio",
    users: [
      { id: "eleni", role: "global_admin", email: "eleni@lykeio.example" },
      { id: "nikos", role: "application_admin", email: "nikos@lykeio.example" },
      { id: "signe", role: "user", email: "signe@kaffe.example" },
      ...Array.from({ length: 40 }, (_, index) => ({ id: `m${index + 1}`, role: "user", email: `m${index + 1}@lykeio.example` })),
    ],
    teams: classes.map((name, index) => ({
      id: `class-${index + 1}`,
      name,
      creator: "nikos",
      members: [
        { user: "nikos", role: "owner" },
        ...(index === 0 ? [{ user: "signe", role: "viewer" }] : []),
        ...Array.from({ length: 13 }, (_, pupil) => ({ user: `m${index * 13 + pupil + 1}`, role: "viewer" })),
      ],
    })),
    projects: classes.map((_, index) => ({
      id: `lessons-${index + 1}`,
      team: `class-${index + 1}`,
      name: "Μαθήματα",
      creator: "nikos",
    })),
    assistants: classes.flatMap((_, index) =>
      subjects.map((subject, at) => ({
        id: `tutor-${index + 1}-${at + 1}`,
        project: `lessons-${index + 1}`,
        owner: "nikos",
        name: `Βοηθός: ${subject}`,
        accessibility: "only_team",
      })),
    ),
  };
  return { id: "lykeio", name: "Λύκειο Αθηνών", plan: { name: "Εκπαίδευση", withholds: [] }, facts };
}
