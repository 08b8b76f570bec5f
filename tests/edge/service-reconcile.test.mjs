// Reconciling: lines of desired facts, all or nothing; a second time nothing.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { verifyChain } from "wicketgate/authority";
import { assertProblem } from "../lib/problem.mjs";
import { SESSION_COOKIE, smallOrganization, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

const KINDS = { roles: "role", users: "user", teams: "team", projects: "project", assistants: "assistant" };

/** The facts as lines. */
function linesOf(facts) {
  return Object.entries(KINDS).flatMap(([list, kind]) => (facts[list] ?? []).map((fact) => JSON.stringify({ kind, ...fact })));
}

function send(lines, { query = "", member = gina, headers = {} } = {}) {
  return fetch(`${service.url}/v1/reconcile${query}`, {
    method: "POST",
    body: Array.isArray(lines) ? lines.join("\n") : lines,
    headers: {
      "Content-Type": "application/x-ndjson",
      Origin: service.url,
      Cookie: `${SESSION_COOKIE}=${member.session}`,
      ...headers,
    },
  });
}

/** The last line of the answer, and the lines before it. */
async function reconcile(lines, options) {
  const response = await send(lines, options);
  assert.equal(response.status, 200, response.status === 200 ? "" : await response.clone().text());
  assert.equal(response.headers.get("Content-Type"), "application/x-ndjson");
  const answer = (await response.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { ...answer.at(-1), progress: answer.slice(0, -1) };
}

const ALL = `?kinds=${Object.keys(KINDS).join(",")}`;
const directory = () => gina.json("/v1/directory");

/** The small organization with names, without a person, and with more of everything. */
function desired() {
  const facts = smallOrganization();
  facts.users = facts.users.filter(({ id }) => id !== "udo");
  facts.users.push({ id: "zoë", role: "user", email: "zoe@acme.example", name: "Zoë Łuczak" });
  facts.users.at(-1).id = "zoe";
  facts.roles = [{ id: "helper", on: "team", grants: ["team.view"] }];
  facts.teams.push({ id: "north", name: "Équipe du Nord", creator: "uma", members: [{ user: "zoe", role: "helper" }] });
  facts.projects.push({ id: "press", team: "north", name: "Presse", creator: "zoe" });
  facts.assistants.push({
    id: "helper",
    project: "press",
    owner: "zoe",
    name: "Aide",
    accessibility: "only_me",
    grants: [{ user: "uma", role: "editor" }],
    links: [{ id: "l1", level: "view", digest: "A".repeat(43) }],
  });
  facts.assistants[0].accessibility = "only_team";
  return facts;
}

describe("an organization", () => {
  test("is rehearsed: nothing changes, and the commands are listed", async () => {
    const before = await directory();
    const { result, progress } = await reconcile(linesOf(desired()), { query: `${ALL}&dry_run` });
    assert.ok(progress.some(({ progress }) => progress.executing));
    assert.equal(result.total, result.listed.length);
    assert.deepEqual(result.commands.create_user, 1);
    const removal = result.listed.find(({ command }) => command.type === "remove_user");
    assert.equal(removal.command.user, "udo");
    assert.ok(result.listed.some(({ preview }) => preview.changes.length > 0));
    assert.deepEqual(await directory(), before);
    await service.restart();
    assert.deepEqual(await directory(), before);
  });

  test("becomes what is desired, once", async () => {
    const udo = await service.signIn("udo");
    const { result } = await reconcile(linesOf(desired()), { query: ALL });
    assert.equal(result.version, 1 + result.total + 2, JSON.stringify(result));
    const { organization } = await directory();
    assert.deepEqual(
      organization.users.map(({ id }) => id),
      ["abe", "gina", "sam", "uma", "zoe"],
    );
    assert.equal(organization.users.at(-1).name, "Zoë Łuczak");
    assert.deepEqual(organization.assistants.find(({ id }) => id === "helper").grants, [{ user: "uma", role: "editor" }]);
    await assertProblem(await udo.get("/v1/session"), 403, "removed_user");
    await until(async () => (await (await service.gate()).get("gate:acme:site")) === null, "the gate knows");

    const again = await reconcile(linesOf(desired()), { query: ALL });
    assert.deepEqual([again.result.total, again.result.version], [0, result.version]);
    await service.restart();
    assert.deepEqual((await reconcile(linesOf(desired()), { query: ALL })).result.total, 0);
    const { events } = await gina.json("/v1/audit?limit=1000");
    await verifyChain(events);
    assert.equal(events.length, result.version);
  });

  test("is not changed by one fault, which is named with its line", async () => {
    const before = await directory();
    const lines = [...linesOf(desired()), "", JSON.stringify({ kind: "team", id: "south", name: "Sud" })];
    const bad = JSON.stringify({
      kind: "assistant",
      id: "lost",
      name: "Perdu",
      project: "press",
      owner: "zoe",
      accessibility: "public",
      grants: [{ user: "nobody", role: "editor" }],
    });
    const refused = await reconcile([...lines, bad], { query: ALL });
    assert.deepEqual([refused.problem.code, refused.problem.path], ["unknown_user", `line ${lines.length + 1}: grants[0].user`]);
    const unread = await reconcile([...lines, '{ "kind": "team", "id": "x", "nam": "X" }'], { query: ALL });
    assert.deepEqual([unread.problem.code, unread.problem.path], ["invalid_facts", `line ${lines.length + 1}: nam`]);
    const twice = await reconcile([...lines, lines[0]], { query: ALL });
    assert.deepEqual([twice.problem.code, twice.problem.path], ["invalid_facts", `line ${lines.length + 1}: id`]);
    assert.deepEqual(await directory(), before);
    await gina.does({ type: "edit_team", team: "north", name: "Nord" });
    await service.restart();
    assert.equal((await directory()).version, before.version + 1);
  });

  test("keeps what nobody owns", async () => {
    const before = (await directory()).organization.assistants.length;
    const { result } = await reconcile([JSON.stringify({ kind: "team", id: "south", name: "Sud" })]);
    assert.deepEqual(result.commands, { create_team: 1, set_creator: 1 });
    assert.equal((await directory()).organization.assistants.length, before);
  });

  test("does not lose the person who reconciles", async () => {
    const { problem } = await reconcile([JSON.stringify({ kind: "user", id: "abe", role: "global_admin" })], {
      query: "?kinds=users&successor=abe",
    });
    assert.equal(problem.code, "own_role");
  });
});

test("many lines arrive in parts", async () => {
  const lines = Array.from({ length: 5_000 }, (_, n) =>
    JSON.stringify({ kind: "project", id: `p${n}`, team: "north", name: `Projet nº ${n} – ${"é".repeat(60)}`, creator: "gina" }),
  );
  const { result, progress } = await reconcile(lines);
  assert.ok(progress.length > 3);
  assert.deepEqual(result.commands, { create_project: 5_000 });
  assert.equal((await reconcile(lines)).result.total, 0);
});

describe("with lines that take long", () => {
  /** A team that must not come into being, sent slowly: `meanwhile` is done between the lines. */
  async function slowly(headers, id, meanwhile) {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    // More than the Worker keeps, so that the object has it before the rest comes.
    const team = (name) => `${JSON.stringify({ kind: "team", id, name })}\n`;
    const role = (n) =>
      `${JSON.stringify({ kind: "role", id: `${id}-${n}`, on: "team", grants: ["team.view", "project.view"] })}\n`;
    const first = Array.from({ length: 3000 }, (_, n) => role(n)).join("");
    void writer.write(new TextEncoder().encode(first)).catch(() => {});
    const response = await fetch(`${service.url}/v1/reconcile`, {
      method: "POST",
      body: readable,
      duplex: "half",
      headers: { "Content-Type": "application/x-ndjson", Origin: service.url, ...headers },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const progress = await reader.read();
    assert.match(progress.value, /"lines":\d/);
    await meanwhile();
    await writer.write(new TextEncoder().encode(team("Trop tard"))).catch(() => {});
    await writer.close().catch(() => {});
    let text = "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    assert.ok(!(await directory()).organization.teams.some((one) => one.id === id));
    return JSON.parse(text.trim().split("\n").at(-1)).problem?.code;
  }

  test("it ends with the session", async () => {
    const second = await service.signIn("gina");
    const cookie = { Cookie: `${SESSION_COOKIE}=${second.session}` };
    assert.equal(await slowly(cookie, "late", () => second.post("/v1/session/end")), "not_signed_in");
  });

  for (const [what, change, code] of [
    ["revoked", { type: "revoke_api_key" }, "invalid_api_key"],
    ["narrowed", { type: "edit_api_key", scopes: ["read"] }, "missing_scope"],
    ["elsewhere", { type: "edit_api_key", addresses: ["203.0.113.0/24"] }, "address_not_allowed"],
  ])
    test(`it ends when the key is ${what}`, async () => {
      const made = { type: "create_api_key", name: "Přenos dat", role: "global_admin", scopes: ["commands", "read"] };
      const { result } = await gina.does(made);
      const headers = { Authorization: `Bearer ${result.secret}` };
      assert.equal(await slowly(headers, `late-${what}`, () => gina.does({ ...change, key: result.api_key })), code);
    });
});

describe("a request", () => {
  test("is refused: of another site, without a session, of another type, of somebody who does not see everything", async () => {
    await assertProblem(await send([], { headers: { Origin: "https://evil.example" } }), 403, "cross_origin");
    await assertProblem(await send([], { headers: { Cookie: "" } }), 401, "not_signed_in");
    await assertProblem(await send([], { headers: { "Content-Type": "application/json" } }), 415, "unsupported_media_type");
    await assertProblem(await send([], { query: "?kinds=people" }), 400, "bad_request");
    await assertProblem(await send([], { query: "?kind=users" }), 400, "bad_request");
    await assertProblem(await send([], { headers: { "If-Version": "1" } }), 412, "version_conflict");
    const abe = await service.signIn("abe");
    await assertProblem(await send([], { member: abe }), 403, "not_allowed");
  });

  test("is not UTF-8", async () => {
    const { problem } = await reconcile(Buffer.from([0x7b, 0xff, 0x7d]));
    assert.equal(problem.code, "bad_request");
  });
});
