// Many organizations in one deployment: what the operator does with them.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startIdentityProvider } from "../../demo/identity-provider.mjs";
import { assertProblem } from "../lib/problem.mjs";
import { startOrganizations } from "../lib/organizations.mjs";
import { startService } from "../lib/service.mjs";
import { standIn } from "../lib/stand-in.mjs";
import { until } from "../lib/until.mjs";

const PEOPLE = [
  { id: "ines", email: "inès.núñez@example.org" },
  { id: "jörg", email: "jörg@example.org" },
  { id: "mia", email: "mia@example.org" },
];

/**
 * The registry, with a method that lets the time of a deleted organization pass; and an object that takes the settings of an organization named
 * "Unlucky" at the second attempt.
 */
const STAND_IN = `
import worker, { Organization as Theirs, Registry as Ours } from "./worker.js";
export default worker;
let unlucky = true;
export class Organization extends Theirs {
  configure(revision, settings) {
    const fails = unlucky && settings.name === "Unlucky";
    if (fails) unlucky = false;
    if (fails) throw new Error("the test wants a failure");
    return super.configure(revision, settings);
  }
}
export class Registry extends Ours {
  async letPass(id) {
    this.ctx.storage.sql.exec("UPDATE organizations SET until = 1 WHERE id = ?", id);
    await this.alarm();
  }
}`;

let platform;
before(async () => {
  platform = await startOrganizations({
    people: PEOPLE,
    hosts: ["north", "south", "elsewhere", "moved"],
    worker: await standIn(STAND_IN),
  });
});
after(() => platform?.stop());

const facts = (id, more = {}) => ({
  id,
  users: [{ id: "ines", role: "global_admin", email: PEOPLE[0].email }],
  teams: [{ id: "t", name: `Équipe ${id}`, creator: "ines" }],
  projects: [{ id: "p", team: "t", name: "FAQ", creator: "ines" }],
  assistants: [{ id: "site", project: "p", owner: "ines", name: "Site", accessibility: "public", embed: { origins: ["*"] } }],
  ...more,
});
const local = (label) => `${label}.localhost:${platform.port}`;
const passAt = (label) =>
  fetch(`${platform.originOf(label)}/v1/pass`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: platform.originOf(label) },
    body: JSON.stringify({ assistant: "site", embedder: "https://shop.example" }),
  });
const objects = async () =>
  (await readdir(join(platform.dir, "objects"), { recursive: true })).filter((name) => name.endsWith(".sqlite"));

describe("an organization", () => {
  test("is created once, and the same call again changes nothing", async () => {
    const body = {
      id: "north",
      name: "Nørth & Söhne",
      hosts: [local("north")],
      founder: PEOPLE[0].email,
      plan: { withholds: ["actions.manage"] },
    };
    const first = await platform.operator("", { method: "POST", body });
    assert.equal(first.status, 201);
    const entry = await first.json();
    assert.deepEqual(entry, {
      id: "north",
      state: "active",
      name: "Nørth & Söhne",
      hosts: [local("north")],
      issuer: platform.originOf("north"),
      founder: PEOPLE[0].email,
      plan: { withholds: ["actions.manage"] },
      created: entry.created,
    });
    const again = await platform.operator("", { method: "POST", body: Object.fromEntries(Object.entries(body).reverse()) });
    assert.equal(again.status, 200);
    assert.deepEqual(await again.json(), entry);
    await assertProblem(await platform.operator("", { method: "POST", body: { ...body, name: "Other" } }), 409, "already_exists");
    assert.deepEqual(await platform.operate("/north"), entry);
  });

  test("is founded by its founder, with its plan", async () => {
    const founder = await platform.signIn("north", "ines");
    assert.equal((await founder.json("/v1/session")).role, "global_admin");
    const { organization } = await founder.json("/v1/directory");
    assert.deepEqual([organization.id, organization.plan], ["north", { withholds: ["actions.manage"] }]);
    await platform.operate("/north/plan", { method: "PUT", body: { name: "Größer", withholds: [] } });
    assert.deepEqual((await founder.json("/v1/directory")).organization.plan?.name, "Größer");
  });

  test("has hosts that nobody else has", async () => {
    await platform.create("south", { facts: facts("south") });
    for (const [path, body] of [
      ["hosts[0]", { id: "other", hosts: [local("north")] }],
      ["hosts[0]", { id: "other", hosts: [local("NORTH")] }],
      ["hosts[1]", { id: "other", hosts: [local("free"), local("apex")] }],
      ["issuer", { id: "other", hosts: [local("free")], issuer: platform.originOf("north") }],
    ]) {
      const problem = await assertProblem(await platform.operator("", { method: "POST", body }), 409, "already_exists");
      assert.equal(problem.path, path);
    }
    await assertProblem(await platform.operator("/other"), 404, "unknown_organization");
    await assertProblem(
      await platform.operator("/south", { method: "PATCH", body: { hosts: [local("north")] } }),
      409,
      "already_exists",
    );
    const moved = await platform.operate("/south", {
      method: "PATCH",
      body: { hosts: [local("south"), local("elsewhere"), "MÜNCHEN.Example"] },
    });
    assert.deepEqual(moved.hosts, [local("south"), local("elsewhere"), "xn--mnchen-3ya.example"]);
    const admin = await platform.signIn("elsewhere", "ines");
    assert.equal((await admin.json("/v1/directory")).organization.id, "south");
    await assertProblem(await admin.post("/v1/commands", {}, { Origin: platform.originOf("south") }), 403, "cross_origin");
  });

  test("is described in full, or refused with the field", async () => {
    const good = { id: "fine", hosts: ["fine.example"] };
    for (const [path, body] of [
      ["id", { ...good, id: "Fine" }],
      ["id", { ...good, id: "a:b" }],
      ["id", { ...good, id: "-fine" }],
      ["hosts", { id: "fine" }],
      ["hosts", { ...good, hosts: [] }],
      ["hosts[0]", { ...good, hosts: ["https://fine.example"] }],
      ["hosts[0]", { ...good, hosts: ["fine.example:443"] }],
      ["hosts[0]", { ...good, hosts: ["fine.example/x"] }],
      ["hosts[0]", { ...good, hosts: ["10.0.0.1"] }],
      ["hosts[0]", { ...good, hosts: ["fine"] }],
      ["hosts", { ...good, hosts: ["fine.example", "Fine.example"] }],
      ["name", { ...good, name: "a\nb" }],
      ["founder", { ...good, founder: "nobody" }],
      ["plan.withholds", { ...good, plan: { withholds: ["toString"] } }],
      ["plan.name", { ...good, plan: { name: "pro\u200b", withholds: [] } }],
      ["limits.users", { ...good, limits: { users: 1 } }],
      ["limits.mails_a_day", { ...good, limits: { mails_a_day: 6000 } }],
      ["openid.issuer", { ...good, openid: { issuer: "http://login.example", client_id: "x" } }],
      ["openid.secret", { ...good, openid: { issuer: "https://login.example", client_id: "x", secret: "y" } }],
      ["issuer", { ...good, issuer: "javascript:1" }],
      ["color", { ...good, color: "red" }],
      ["__proto__", JSON.parse('{"id":"fine","hosts":["fine.example"],"__proto__":{}}')],
    ]) {
      const response = await fetch(`${platform.apex}/v1/organizations`, {
        method: "POST",
        headers: { Authorization: `Bearer ${platform.secrets.OPERATOR_TOKEN}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const problem = await assertProblem(response, 400, "bad_request");
      assert.equal(problem.path, path, problem.title);
    }
  });

  test("is listed, a page at a time", async () => {
    const { organizations, next } = await platform.operate("?limit=1");
    assert.deepEqual([organizations.map(({ id }) => id), next], [["north"], "north"]);
    const rest = await platform.operate("?after=north");
    assert.deepEqual([rest.organizations.map(({ id }) => id), rest.next], [["south"], undefined]);
  });
});

test("a creation that failed half-way is repaired by the same call", async () => {
  const body = { id: "unlucky", name: "Unlucky", hosts: [local("unlucky")], founder: PEOPLE[2].email };
  await assertProblem(await platform.operator("", { method: "POST", body }), 500, "internal");
  assert.equal((await platform.operate("/unlucky")).pending, true);
  const again = await platform.operator("", { method: "POST", body });
  assert.equal(again.status, 200);
  assert.equal((await again.json()).pending, undefined);
  await assertProblem(
    await fetch(`${platform.originOf("unlucky")}/v1/gate/x`, {
      headers: { Authorization: `Bearer ${platform.secrets.GATE_TOKEN}` },
    }),
    503,
    "not_founded",
  );
});

describe("the operator's interface", () => {
  test("is at the apex alone, and needs the token", async () => {
    for (const token of [null, "x"]) await assertProblem(await platform.operator("", { token }), 401, "not_signed_in");
    await assertProblem(await platform.operator("/north", { token: null }), 401, "not_signed_in");
    const there = await fetch(`${platform.originOf("north")}/v1/organizations`, {
      headers: { Authorization: `Bearer ${platform.secrets.OPERATOR_TOKEN}` },
    });
    await assertProblem(there, 404, "not_found");
  });

  test("a single organization's addresses do not exist at the host of one of many", async () => {
    for (const [method, path, body] of [
      ["PUT", "/v1/organization", facts("north")],
      ["PUT", "/v1/plan", { withholds: [] }],
      ["POST", "/v1/restored", {}],
      ["POST", "/v1/keys/rotate", {}],
    ]) {
      const response = await fetch(platform.originOf("north") + path, {
        method,
        headers: { Authorization: `Bearer ${platform.secrets.OPERATOR_TOKEN}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      await assertProblem(response, 404, "not_found");
    }
  });

  test("rotates keys and begins epochs of one organization", async () => {
    const kids = async (label) => (await platform.at(label).json("/.well-known/jwks.json")).keys.map(({ kid }) => kid);
    const [before, others] = [await kids("north"), await kids("south")];
    await platform.operate("/north/keys/rotate", { method: "POST", body: {} });
    assert.equal((await kids("north")).length, before.length + 1);
    assert.deepEqual(await kids("south"), others);
    const { epoch } = await platform.operate("/south/restored", { method: "POST", body: {} });
    assert.ok(epoch > 0);
    await assertProblem(await platform.operator("/nowhere/restored", { method: "POST", body: {} }), 404, "unknown_organization");
  });
});

test("a host that nobody has is answered before an object wakes", async () => {
  const before = await objects();
  for (const path of ["/v1/snapshot", "/v1/organization", "/.well-known/jwks.json", "/v1/sign-in", "/v1/pass", "/a/site"]) {
    for (const label of ["nobody", "north.north", "xn--nrth-1na"]) {
      const { status } = await fetch(platform.originOf(label) + path, { redirect: "manual" });
      assert.equal(status, 404, label + path);
    }
  }
  await assertProblem(await platform.at("nobody").get("/v1/snapshot"), 404, "unknown_organization");
  assert.deepEqual(await objects(), before);
});

test("suspended: nobody is let in, and nothing is lost", async () => {
  await until(async () => (await passAt("south")).status === 200, "the gate admits");
  const admin = await platform.signIn("south", "ines");
  const updates = await admin.updates();
  const stream = (await admin.get("/v1/events/stream")).body.getReader();
  assert.equal((await platform.operate("/south/suspend", { method: "POST" })).state, "suspended");
  assert.equal(await updates.closed, 1001);
  for (let done = false; !done; ) ({ done } = await stream.read());
  for (const path of ["/v1/session", "/v1/snapshot", "/.well-known/jwks.json", "/v1/organization", "/v1/sign-in"]) {
    // The isolate may know the organization from before; then its object answers.
    if (path === "/v1/organization" || path === "/v1/sign-in") continue;
    await assertProblem(await admin.get(path), 503, "organization_suspended");
  }
  await until(
    async () => (await platform.gate().then((store) => store.get("gate:south:site"))) === null,
    "the gate has no snapshot",
  );
  await until(async () => (await passAt("south")).status !== 200, "the gate admits nobody");
  assert.equal((await platform.operate("/south/resume", { method: "POST" })).state, "active");
  await until(async () => (await admin.get("/v1/session")).status === 200, "people are back", 70);
  await until(async () => (await passAt("south")).status === 200, "and visitors", 70);
});

test("imported: the history of another installation, with the plan that is bought here", async () => {
  const before = await startService({ facts: facts("moved"), bindings: { ORGANIZATION: "moved" } });
  const lines = await (await before.operator("/v1/organization/export", { method: "GET", body: null })).text();
  await before.stop();
  await platform.create("moved", { plan: { withholds: ["actions.manage"] } });
  const response = await fetch(`${platform.apex}/v1/organizations/moved/import`, {
    method: "POST",
    headers: { Authorization: `Bearer ${platform.secrets.OPERATOR_TOKEN}`, "Content-Type": "application/x-ndjson" },
    body: lines,
  });
  assert.equal(response.status, 201, await response.clone().text());
  const { organization, version } = await (await platform.signIn("moved", "ines")).json("/v1/directory");
  assert.deepEqual(organization.plan, { withholds: ["actions.manage"] });
  assert.ok(version >= (await response.json()).version);
  await platform.operate("/moved", { method: "DELETE" });
});

test("deleted: as if it were not there, brought back, and at last erased with everything", async () => {
  await platform.create("brief", { facts: facts("brief") });
  const store = await platform.gate();
  await until(async () => (await store.get("gate:brief:site")) !== null, "its snapshot is there");
  const entry = await platform.operate("/brief", { method: "DELETE" });
  assert.equal(entry.state, "deleted");
  assert.ok(Math.abs(entry.until - Date.now() / 1000 - 30 * 86400) < 60);
  await assertProblem(
    await platform.operator("", { method: "POST", body: { id: "other", hosts: [local("brief")] } }),
    409,
    "already_exists",
  );
  await until(async () => (await store.get("gate:brief:site")) === null, "its snapshot is gone");
  await platform.operate("/brief/resume", { method: "POST" });
  await until(async () => (await store.get("gate:brief:site")) !== null, "it is back, with everything");

  await platform.operate("/brief", { method: "DELETE" });
  await (await platform.registry()).letPass("brief");
  await assertProblem(await platform.operator("/brief"), 404, "unknown_organization");
  assert.deepEqual((await store.list({ prefix: "gate:brief:" })).keys, []);
  // The host is free again, the id is not.
  await assertProblem(
    await platform.operator("", { method: "POST", body: { id: "brief", hosts: [local("brief")] } }),
    409,
    "already_exists",
  );
  await platform.create("heir", { hosts: [local("brief")] });
  await until(
    async () => (await (await fetch(`${platform.originOf("brief")}/v1/organization`)).json()).id === "heir",
    "the host leads to another",
    70,
  );
});

test("each organization may have its own identity provider, and no other counts there", async () => {
  const label = "own";
  const redirectUri = `${platform.originOf(label)}/v1/sign-in/callback`;
  const own = { clientId: "customer", clientSecret: "a-secret-of-the-customer" };
  const provider = await startIdentityProvider({ port: 0, people: [{ id: "ines", email: PEOPLE[0].email }], redirectUri, ...own });
  try {
    const openid = { issuer: provider.issuer, client_id: own.clientId, client_secret: own.clientSecret };
    const entry = await platform.create(label, { founder: PEOPLE[0].email, openid });
    assert.deepEqual(entry.openid, { issuer: provider.issuer, client_id: own.clientId });
    assert.ok(!JSON.stringify(await platform.operate("")).includes(own.clientSecret));
    const founder = await platform.signIn(label, "ines", { provider });
    assert.equal((await founder.json("/v1/session")).user, "founder");
    // The same address at the deployment's provider is another account.
    const other = await platform.signIn("north", "ines");
    assert.deepEqual(
      (await other.json("/v1/session/organizations")).organizations.map(({ id }) => id),
      ["north", "south"],
    );
    assert.deepEqual(
      (await founder.json("/v1/session/organizations")).organizations.map(({ id }) => id),
      [label],
    );
    const location = new URL((await platform.at(label).get("/v1/sign-in")).headers.get("Location"));
    assert.equal(location.origin, new URL(provider.issuer).origin);
    // The answer of a sign-in at one host is nothing at another.
    const start = await platform.at("north").get("/v1/sign-in");
    const state = new URL(start.headers.get("Location")).searchParams.get("state");
    await assertProblem(await platform.at(label).get(`/v1/sign-in/callback?code=x&state=${state}`), 400, "sign_in_failed");
  } finally {
    await provider.stop();
  }
});
