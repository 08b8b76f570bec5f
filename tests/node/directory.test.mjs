// The directory from JavaScript: every command once, refusals, the history, and the tokens that it signs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { open, openHead } from "wicketgate";
import { apiKeyDigest, CommandRefused, Directory, WicketgateError, issue, verifyChain } from "wicketgate/authority";
import { commands } from "wicketgate/contract";
import { assertDecent, fails } from "../lib/fails.mjs";
import { NOW, acme, keyPair, keys } from "../lib/world.mjs";

const gina = { user: "gina" };
const vic = { user: "vic" };
const olga = { user: "olga" };
const DAY = 86_400;

/** A directory and its history. */
async function founded() {
  const { directory, event } = await Directory.found(acme(), { now: NOW });
  const events = [event];
  const execute = (actor, command, now = NOW) => {
    const decided = directory.execute(actor, command, { now });
    events.push(decided.event);
    return decided;
  };
  return { directory, events, execute };
}

/** A validator: the command was refused with this code and these fields. */
const refuses =
  (code, fields = {}) =>
  (error) => {
    assert.ok(error instanceof CommandRefused && error instanceof WicketgateError, String(error.stack));
    assert.equal(error.name, "CommandRefused");
    const { capability, denied, ids, path, until } = error;
    const nothing = { capability: undefined, denied: undefined, ids: [], path: undefined, until: undefined };
    assert.deepEqual({ code: error.code, capability, denied, ids, path, until }, { code, ...nothing, ...fields });
    assertDecent(error);
    return true;
  };

const find = (directory, list, id) => directory.view("system", NOW).organization[list]?.find((thing) => thing.id === id);

/** Options of signing. */
const options = (more) => ({ key: keyPair.privateKey, issuedAt: NOW, expiresIn: 3600, ...more });

test("unknown options are refused", async () => {
  await assert.rejects(Directory.found(acme(), { nwo: NOW }), fails("invalid_options", "nwo"));
  const { directory } = await founded();
  for (const odd of [{ nwo: NOW }, { at: NOW }]) {
    for (const ask of ["decide", "preview", "execute"]) {
      assert.throws(
        () => directory[ask](gina, { type: "create_team", name: "Support" }, odd),
        fails("invalid_options", Object.keys(odd)[0]),
        ask,
      );
    }
  }
});

test("every command, once", async () => {
  const { directory, events, execute } = await founded();
  const done = new Set();
  const run = (actor, command, now) => {
    const version = directory.version;
    const { result, event, gates, gone } = execute(actor, command, now);
    assert.deepEqual(gone, ["revoke_invitation", "remove_user"].includes(command.type) ? [command.user] : []);
    assert.equal(directory.version, version + 1);
    assert.equal(event.version, version + 1);
    assert.equal(JSON.parse(event.text).command.type, command.type);
    done.add(command.type);
    return { ...result, gates };
  };
  const account = (subject, email) => ({ issuer: "https://id.example", subject, email });

  const invited = run(gina, {
    type: "invite_user",
    email: "Nia@Acme.example",
    role: "application_admin",
    id: "nia",
    expires_in: DAY,
  });
  assert.deepEqual([invited.user, invited.email], ["nia", "nia@acme.example"]);
  assert.match(invited.token, /^wi_[\w-]{43}$/);
  const resent = run(gina, { type: "resend_invitation", user: "nia" });
  assert.notEqual(resent.token, invited.token);
  assert.deepEqual(directory.invitations(), [
    { user: "nia", email: "nia@acme.example", role: "application_admin", invited_by: "gina", invited_at: NOW, expires: NOW + DAY },
  ]);
  assert.equal(run("system", { type: "accept_invitation", token: resent.token, ...account("1", "nia@acme.example") }).user, "nia");
  assert.deepEqual(directory.user("nia"), { role: "application_admin", status: "active", email: "nia@acme.example" });
  assert.equal(directory.account("https://id.example", "1"), "nia");
  run(gina, { type: "invite_user", email: "max@acme.example", id: "max" });
  run(gina, { type: "revoke_invitation", user: "max" });
  assert.equal(directory.user("max"), undefined);
  assert.equal(run("system", { type: "join", id: "joe", ...account("2", "joe@acme.example") }).user, "joe");
  run("system", { type: "link_account", user: "vic", issuer: "https://id.example", subject: "3" });
  assert.equal(directory.account("https://id.example", "3"), "vic");
  assert.equal(directory.userAt("VIC@acme.example"), "vic");

  assert.equal(run(gina, { type: "create_user", id: "eve", email: "eve@acme.example", name: "Ève" }).user, "eve");
  run(gina, { type: "edit_user", user: "eve", name: null, email: "Eva@acme.example" });
  assert.deepEqual(directory.user("eve"), { role: "user", status: "active", email: "eva@acme.example" });
  run(gina, { type: "assign_role", user: "joe", role: "auditor" });
  assert.equal(directory.user("joe").role, "auditor");
  run(gina, { type: "suspend_user", user: "joe" });
  assert.equal(directory.user("joe").status, "suspended");
  run(gina, { type: "reactivate_user", user: "joe" });
  assert.equal(directory.user("joe").status, "active");
  const asBefore = directory.facts();
  run(gina, { type: "sign_out_user", user: "joe" });
  assert.equal(directory.facts(), asBefore);

  const { team } = run({ user: "nia" }, { type: "create_team", name: "New" });
  run({ user: "nia" }, { type: "edit_team", team, name: "Newer" });
  assert.equal(find(directory, "teams", team).name, "Newer");
  run({ user: "nia" }, { type: "add_member", team, user: "joe", role: "viewer", expires: NOW + DAY });
  run({ user: "nia" }, { type: "set_member_role", team, user: "joe", role: "owner" });
  assert.deepEqual(find(directory, "teams", team).members, [{ user: "joe", role: "owner", expires: NOW + DAY }]);
  run({ user: "nia" }, { type: "set_member_role", team, user: "joe", role: "owner", expires: null });
  assert.deepEqual(find(directory, "teams", team).members, [{ user: "joe", role: "owner" }]);
  const everybody = [
    { user: "joe", role: "owner" },
    { user: "olga", role: "viewer", expires: NOW + DAY },
  ];
  run({ user: "nia" }, { type: "set_members", team, members: everybody });
  assert.deepEqual(find(directory, "teams", team).members, everybody);
  run({ user: "nia" }, { type: "set_creator", team, creator: "joe" });
  assert.equal(find(directory, "teams", team).creator, "joe");
  run(gina, { type: "set_creator", team, creator: "nia" });
  const { project } = run({ user: "joe" }, { type: "create_project", team, name: "One" });
  run({ user: "joe" }, { type: "edit_project", project, name: "Two" });
  assert.equal(find(directory, "projects", project).name, "Two");
  const { assistant } = run({ user: "joe" }, { type: "create_assistant", project, name: "A", accessibility: "public" });
  run({ user: "joe" }, { type: "edit_assistant", assistant, name: "B" });
  assert.equal(find(directory, "assistants", assistant).name, "B");
  run({ user: "joe" }, { type: "grant", assistant, user: "vic", role: "editor" });
  assert.deepEqual(find(directory, "assistants", assistant).grants, [{ user: "vic", role: "editor" }]);
  run({ user: "joe" }, { type: "revoke_grant", assistant, user: "vic" });
  assert.equal(find(directory, "assistants", assistant).grants, undefined);
  run({ user: "joe" }, { type: "set_grants", assistant, grants: [{ user: "vic", role: "editor", expires: NOW + DAY }] });
  run({ user: "joe" }, { type: "set_expiry", assistant, user: "vic", expires: NOW + 2 * DAY });
  assert.deepEqual(find(directory, "assistants", assistant).grants, [{ user: "vic", role: "editor", expires: NOW + 2 * DAY }]);
  run({ user: "joe" }, { type: "set_grants", assistant, grants: [] });
  const { link, key, gates } = run({ user: "joe" }, { type: "create_link", assistant, level: "view" });
  assert.match(key, /^wk_[\w-]{43}$/);
  assert.deepEqual(gates, [assistant]);
  assert.deepEqual(find(directory, "assistants", assistant).links, [{ id: link, level: "view" }]);
  assert.ok(events.at(-1).sealed.includes(createHash("sha256").update(key).digest("base64url")));
  run({ user: "joe" }, { type: "revoke_link", assistant, link });
  run({ user: "joe" }, { type: "set_embed", assistant, origins: [] });
  assert.deepEqual(find(directory, "assistants", assistant).embed, { origins: [] });
  run({ user: "joe" }, { type: "set_embed", assistant, origins: null });
  assert.equal(find(directory, "assistants", assistant).embed, undefined);
  run({ user: "joe" }, { type: "transfer_assistant", assistant, user: "vic" });
  assert.equal(find(directory, "assistants", assistant).owner, "vic");
  assert.deepEqual(directory.publicAssistants().sort(), [assistant, "site"].sort());
  run(vic, { type: "set_accessibility", assistant, accessibility: "only_team" });
  assert.deepEqual(directory.publicAssistants(), ["site"]);
  run(gina, { type: "move_assistant", assistant, project: "faq" });
  assert.equal(find(directory, "assistants", assistant).project, "faq");
  run(gina, { type: "delete_assistant", assistant });
  run(gina, { type: "move_project", project, team: "support" });
  assert.equal(find(directory, "projects", project).team, "support");
  run(gina, { type: "move_project", project, team });
  run({ user: "joe" }, { type: "delete_project", project });
  run({ user: "joe" }, { type: "remove_member", team, user: "joe" });
  run(gina, { type: "delete_team", team, cascade: true });
  assert.equal(find(directory, "teams", team), undefined);

  const { webhook } = run(gina, {
    type: "create_webhook",
    url: "https://hooks.acme.example/in?token=secret",
    events: ["create_team"],
  });
  assert.match(webhook, /^w_[\w-]{16}$/);
  assert.ok(!events.at(-1).text.includes("secret"));
  run(gina, { type: "edit_webhook", webhook, name: "Tickets", events: null });
  run("system", { type: "disable_webhook", webhook });
  const url = "https://hooks.acme.example/in?token=secret";
  assert.deepEqual(directory.webhooks.all(), [{ id: webhook, url, name: "Tickets", paused: "disabled" }]);
  run(gina, { type: "enable_webhook", webhook });
  assert.deepEqual(directory.view(gina, NOW).webhooks, [{ id: webhook, url, name: "Tickets" }]);
  assert.deepEqual([directory.webhooks.areManagedBy(gina, NOW), directory.webhooks.areManagedBy(vic, NOW)], [true, false]);
  assert.ok(Array.isArray(directory.webhooks.managers(5)));
  run(gina, { type: "delete_webhook", webhook });
  const local = { type: "create_webhook", url: "http://localhost:4000/in" };
  assert.throws(() => directory.decide(gina, local, { now: NOW }), refuses("invalid_command", { path: "url" }));
  directory.webhooks.allowLoopback();
  directory.decide(gina, local, { now: NOW });
  assert.throws(() => directory.webhooks.areManagedBy(1n), fails("invalid_options", "actor"));

  const made = run(gina, { type: "create_api_key", name: "Sync", role: "global_admin", scopes: ["read", "commands"] });
  assert.match(made.secret, /^wgk_[\w-]{43}[0-9A-Za-z]{6}$/);
  const admitted = (secret) => directory.apiKeys.admit({ digest: apiKeyDigest(secret), scopes: ["commands"] }, NOW);
  assert.deepEqual(admitted(made.secret), { key: made.api_key });
  run({ key: made.api_key }, { type: "edit_team", team: "support", name: "Support" });
  run({ user: "gina", via: made.api_key }, { type: "edit_api_key", key: made.api_key, name: "Other" });
  const { secret } = run(gina, { type: "rotate_api_key", key: made.api_key });
  assert.deepEqual([admitted(made.secret), admitted(secret)], [{ refused: "invalid_api_key" }, { key: made.api_key }]);
  assert.deepEqual(directory.view(gina, NOW).api_keys, directory.apiKeys.all());
  run(gina, { type: "revoke_api_key", key: made.api_key });
  assert.deepEqual([directory.apiKeys.all(), apiKeyDigest("wgk_none")], [[], undefined]);

  run(gina, { type: "define_role", id: "reader", on: "assistant", grants: ["assistant.view"] });
  run(gina, { type: "delete_role", role: "reader" });
  run("system", { type: "set_plan", name: "free", withholds: ["panel.analytics"] });
  assert.deepEqual(directory.view(gina, NOW).organization.plan, { name: "free", withholds: ["panel.analytics"] });
  run(gina, { type: "apply_role_set", set: "built_in" });
  run(gina, { type: "complete_review", note: "All as it should be." });
  run("system", { type: "begin_epoch", epoch: 2 });
  run(gina, { type: "remove_user", user: "vic", successors: { draft: "olga" }, successor: "gina" });
  assert.equal(find(directory, "assistants", "draft").owner, "olga");
  assert.equal(directory.account("https://id.example", "3"), undefined);

  assert.deepEqual([...done].sort(), Object.keys(commands).sort());

  assert.equal(await verifyChain(events), directory.head);
  const replayed = await Directory.begin(events[0]);
  for (const event of events.slice(1)) replayed.apply(event);
  assert.equal(replayed.dump(), directory.dump());
});

test("a capability held for a time can be given for no longer, and the refusal has the latest time", async () => {
  const { directory, execute } = await founded();
  execute(gina, { type: "add_member", team: "support", user: "ed", role: "owner", expires: NOW + DAY });
  const give = (expires) =>
    directory.decide(
      { user: "ed" },
      { type: "set_member_role", team: "support", user: "vic", role: "owner", expires },
      { now: NOW },
    );
  const refused = refuses("beyond_own_role", { path: "expires", until: NOW + DAY });
  assert.throws(
    () =>
      directory.decide(
        { user: "ed" },
        { type: "set_member_role", team: "support", user: "ed", role: "owner", expires: null },
        { now: NOW },
      ),
    refused,
  );
  assert.throws(() => give(NOW + DAY + 1), refused);
  assert.throws(() => give(null), refused);
  give(NOW + DAY);
});

test("the invitations of a removed administrator end, and the result lists them", async () => {
  const { directory, execute } = await founded();
  execute(gina, { type: "assign_role", user: "ed", role: "application_admin" });
  const invite = (email, role) => execute({ user: "ed" }, { type: "invite_user", email, role }).result.user;
  const invited = [invite("nia@acme.example", "application_admin"), invite("max@acme.example", "user")].sort();
  const removal = { type: "suspend_user", user: "ed" };
  assert.deepEqual(directory.preview(gina, removal, { now: NOW }).ended, invited);
  const { result, event } = execute(gina, removal);
  assert.deepEqual(result.ended, invited);
  assert.deepEqual(JSON.parse(event.text).command, { ...removal, ended: invited });
  assert.deepEqual(directory.invitations(), []);
  for (const user of invited) assert.equal(directory.user(user), undefined);
  assert.equal("ended" in execute(gina, { type: "reactivate_user", user: "ed" }).result, false);
});

describe("a refusal", () => {
  test("has code, path, capability and reason, and changes nothing", async () => {
    const { directory } = await founded();
    const dump = directory.dump();
    const cases = [
      [vic, { type: "invite_user", email: "a@b.example" }, "not_allowed", { capability: "user.invite", denied: "not_granted" }],
      [{ user: "sam" }, { type: "create_team", name: "A" }, "not_allowed", { capability: "team.create", denied: "inactive" }],
      [{ user: "nobody" }, { type: "create_team", name: "A" }, "not_allowed", { capability: "team.create", denied: "inactive" }],
      [
        { user: "ed" },
        { type: "delete_assistant", assistant: "pitch" },
        "not_allowed",
        { capability: "assistant.delete", denied: "unknown_target" },
      ],
      [
        { user: "ed" },
        { type: "delete_assistant", assistant: "none" },
        "not_allowed",
        { capability: "assistant.delete", denied: "unknown_target" },
      ],
      [gina, { type: "create_link", assistant: "draft", level: "view" }, "only_me"],
      [vic, { type: "join", issuer: "i", subject: "s", email: "a@b.example" }, "not_allowed", { denied: "not_granted" }],
      [gina, { type: "create_team", name: "A", id: "support" }, "already_exists", { path: "id" }],
      [{ user: "abe" }, { type: "create_team", name: "A", id: "support" }, "beyond_own_role", { path: "id" }],
      [{ user: "abe" }, { type: "create_team", name: "A", id: "not-taken" }, "beyond_own_role", { path: "id" }],
      [gina, { type: "set_plan", withholds: [] }, "not_allowed", { denied: "not_granted" }],
      [gina, { type: "delete_team", team: "support" }, "not_empty", { ids: ["faq"] }],
      [gina, { type: "remove_user", user: "vic" }, "owns_assistants", { ids: ["draft", "helper", "site"] }],
      [
        gina,
        { type: "set_embed", assistant: "site", origins: ["https://a.example", "b"] },
        "invalid_command",
        { path: "origins[1]" },
      ],
      [gina, { type: "create_team", name: "A", colour: "red" }, "invalid_command", { path: "colour" }],
      [gina, { type: "no_such" }, "invalid_command", { path: "type" }],
      [gina, { type: "assign_role", user: "gina", role: "user" }, "own_role"],
    ];
    for (const [actor, command, code, fields] of cases) {
      assert.throws(() => directory.decide(actor, command, { now: NOW }), refuses(code, fields), JSON.stringify(command));
      assert.throws(() => directory.execute(actor, command, { now: NOW }), refuses(code, fields), JSON.stringify(command));
    }
    assert.equal(directory.dump(), dump);
    assert.equal(directory.version, 1);
  });

  test("of every value that is no command", async () => {
    const { directory } = await founded();
    const circular = {};
    circular.circular = circular;
    for (const odd of [undefined, null, 7, "create_team", [], () => 1, circular, { toJSON: () => 1n }]) {
      assert.throws(() => directory.decide(gina, odd, { now: NOW }), refuses("invalid_command"), String(odd));
    }
  });

  test("an actor is a user or the system; every other value is refused", async () => {
    const { directory } = await founded();
    for (const odd of [
      undefined,
      null,
      "gina",
      "System",
      {},
      { user: undefined },
      { user: 7 },
      { system: true },
      ["gina"],
      { user: "gina", system: "" },
    ]) {
      assert.throws(
        () => directory.decide(odd, { type: "create_team", name: "A" }, { now: NOW }),
        fails("invalid_options"),
        JSON.stringify(odd),
      );
    }
  });

  test("of invalid entropy and times", async () => {
    const { directory } = await founded();
    const command = { type: "create_team", name: "A" };
    for (const entropy of [new Uint8Array(31), new Uint8Array(0), new Array(32).fill(0.5), "entropy".padEnd(32)]) {
      assert.throws(() => directory.decide(gina, command, { now: NOW, entropy }), fails("invalid_options"));
    }
    for (const now of [NaN, Infinity, -1, NOW * 1000]) {
      assert.throws(() => directory.decide(gina, command, { now }), refuses("invalid_command", { path: "now" }), String(now));
    }
  });
});

describe("a preview", () => {
  const GRANTED = ["assistant.view", "assistant.chat", "assistant.edit", "corpus.view"];

  test("lists gains and losses as they then happen, and changes nothing", async () => {
    const { directory, execute } = await founded();
    const opening = async () => open(directory.snapshot(options()), { keys, now: NOW });
    const commands = [
      { type: "grant", assistant: "helper", user: "vic", role: "editor" },
      { type: "grant", assistant: "site", user: "olga", role: "editor" },
      { type: "add_member", team: "support", user: "ed", role: "viewer" },
      { type: "set_accessibility", assistant: "site", accessibility: "only_me" },
      { type: "set_accessibility", assistant: "site", accessibility: "public" },
      { type: "define_role", id: "auditor", on: "organization", grants: ["audit.view", "panel.chatlogs"] },
      { type: "assign_role", user: "ed", role: "auditor" },
      { type: "transfer_assistant", assistant: "draft", user: "olga" },
      { type: "suspend_user", user: "olga" },
      { type: "reactivate_user", user: "olga" },
      { type: "delete_project", project: "faq", cascade: true },
      { type: "remove_user", user: "abe", successor: "gina" },
      { type: "edit_team", team: "support", name: "Help" },
    ];
    for (const command of commands) {
      const before = await opening();
      const dump = directory.dump();
      const preview = directory.preview(gina, command, { now: NOW });
      assert.equal(directory.dump(), dump);
      execute(gina, command);
      const sorted = (changes) => changes.map((change) => JSON.stringify(Object.entries(change).sort())).sort();
      assert.deepEqual(sorted(preview.changes), sorted((await opening()).diff(before)), JSON.stringify(command));
      assert.equal(preview.others, 0);
    }
  });

  test("lists changes of expiries", async () => {
    const { directory } = await founded();
    const held = (command) => directory.preview(gina, command, { now: NOW }).holdings ?? [];
    const until = (expires) => held({ type: "grant", assistant: "site", user: "olga", role: "editor", expires });
    const change = { user: "olga", kind: "assistant", target: "site", before: [] };
    assert.deepEqual(until(NOW + DAY), [{ ...change, after: [{ role: "editor", expires: NOW + DAY }] }]);
    assert.deepEqual(until(null), [{ ...change, after: [{ role: "editor" }] }]);
    assert.deepEqual(until(undefined), until(null));
    assert.deepEqual(held({ type: "edit_team", team: "support", name: "Help" }), []);
  });

  test("lists the changes for visitors of each link and each site", async () => {
    const { directory, execute } = await founded();
    const visitors = (command, actor = gina) => directory.preview(actor, { assistant: "site", ...command }, { now: NOW }).visitors;
    const nothing = { gained: [], lost: [] };
    assert.deepEqual(visitors({ type: "revoke_link", link: "l1" }), { gained: [], lost: ["assistant.view", "assistant.chat"] });
    assert.deepEqual(visitors({ type: "revoke_link", link: "l2" }), { gained: [], lost: GRANTED });
    assert.deepEqual(visitors({ type: "create_link", level: "edit" }, vic), { gained: GRANTED, lost: [] });
    assert.deepEqual(visitors({ type: "set_embed", origins: ["https://other.example"] }), {
      gained: ["assistant.view", "assistant.chat"],
      lost: ["assistant.view", "assistant.chat"],
    });
    assert.deepEqual(visitors({ type: "edit_assistant", name: "Same" }), nothing);
    execute("system", { type: "set_plan", withholds: ["assistant.edit"] });
    const plan = directory.preview("system", { type: "set_plan", withholds: ["assistant.chat", "panel.aliases"] }, { now: NOW });
    assert.deepEqual(plan.visitors, { gained: ["assistant.edit"], lost: ["assistant.chat"] });
    assert.ok(plan.changes.every(({ kind }) => kind === "organization"));
    assert.deepEqual(plan.changes.find(({ user }) => user === "gina").lost, ["panel.aliases"]);
  });

  test("names only people in the actor's snapshot, and counts the others", async () => {
    const { directory } = await founded();
    const preview = (actor, command) => directory.preview(actor, command, { now: NOW });
    const people = ({ changes, others }) => [[...new Set(changes.map(({ user }) => user))], others];
    const close = { type: "set_accessibility", assistant: "site", accessibility: "only_me" };
    assert.deepEqual(people(preview(gina, close)), [["abe", "ed", "olga"], 0]);
    // Vic owns it, and does not see the rights of other people on it.
    assert.deepEqual(people(preview(vic, close)), [[], 3]);
    assert.deepEqual(preview(vic, close).visitors, { gained: [], lost: GRANTED });
    // A person that the actor names is known to the actor.
    assert.deepEqual(
      preview(vic, { type: "grant", assistant: "site", user: "olga", role: "editor" }).changes.map(({ user, target }) => [
        user,
        target,
      ]),
      [],
    );
    assert.deepEqual(preview(vic, { type: "revoke_grant", assistant: "site", user: "ed" }).changes, [
      { user: "ed", kind: "assistant", target: "site", gained: [], lost: ["conversations.view"] },
    ]);
    // A manager of the team sees its members, but no assistants that are Only Me.
    assert.deepEqual(people(preview(olga, { type: "remove_member", team: "support", user: "vic" })), [["vic"], 0]);
    // An admin sees everybody, with their organization roles.
    const suspended = preview({ user: "abe" }, { type: "suspend_user", user: "vic" });
    assert.ok(!JSON.stringify(suspended).includes("draft"), JSON.stringify(suspended));
    assert.ok(
      suspended.changes.every(({ kind }) => kind === "organization"),
      JSON.stringify(suspended),
    );
  });

  test("is refused like the command", async () => {
    const { directory } = await founded();
    const cases = [
      [vic, { type: "invite_user", email: "a@b.example" }, "not_allowed", { capability: "user.invite", denied: "not_granted" }],
      [
        { user: "ed" },
        { type: "delete_assistant", assistant: "pitch" },
        "not_allowed",
        { capability: "assistant.delete", denied: "unknown_target" },
      ],
      [gina, { type: "remove_user", user: "vic" }, "owns_assistants", { ids: ["draft", "helper", "site"] }],
      [gina, { type: "create_team", name: "A", colour: "red" }, "invalid_command", { path: "colour" }],
      [gina, undefined, "invalid_command"],
    ];
    for (const [actor, command, code, fields] of cases) {
      assert.throws(() => directory.preview(actor, command, { now: NOW }), refuses(code, fields), JSON.stringify(command));
    }
    assert.throws(() => directory.preview("gina", { type: "create_team", name: "A" }, { now: NOW }), fails("invalid_options"));
    assert.throws(
      () => directory.preview(gina, { type: "create_team", name: "A" }, { now: NaN }),
      refuses("invalid_command", { path: "now" }),
    );
  });

  test("reveals no secret, however often it is asked", async () => {
    const { directory } = await founded();
    const dump = directory.dump();
    for (let n = 0; n < 2000; n++) {
      const made = directory.preview(gina, { type: "invite_user", email: `p${n}@acme.example` }, { now: NOW });
      assert.deepEqual(made, { changes: [], others: 0, visitors: { gained: [], lost: [] } });
    }
    assert.equal(directory.dump(), dump);
    const { result } = directory.execute(gina, { type: "create_team", name: "A" }, { now: NOW });
    assert.notEqual(
      directory.preview(gina, { type: "create_team", name: "A" }, { now: NOW }).changes.find(({ kind }) => kind === "team").target,
      result.team,
    );
  });
});

describe("founding", () => {
  test("refuses facts with the path", async () => {
    const facts = acme();
    facts.assistants[0].owner = "nobody";
    await assert.rejects(Directory.found(facts, { now: NOW }), fails("invalid_facts", "assistants[0].owner"));
    await assert.rejects(Directory.found("{", { now: NOW }), fails("malformed"));
    await assert.rejects(Directory.found(undefined, { now: NOW }), fails("invalid_facts"));
    await assert.rejects(
      Directory.found({ id: "acme", users: [{ id: "a", role: "user", email: "a" }] }, { now: NOW }),
      refuses("invalid_command", { path: "users[0].email" }),
    );
  });

  test("an organization without users can be joined, and its founder created", async () => {
    const { directory } = await Directory.found({ id: "acme" }, { now: NOW });
    const { result } = directory.execute("system", {
      type: "join",
      issuer: "https://id.example",
      subject: "1",
      email: "ana@acme.example",
    });
    directory.execute("system", { type: "assign_role", user: result.user, role: "global_admin" });
    assert.equal(directory.user(result.user).role, "global_admin");
    assert.throws(
      () => directory.execute("system", { type: "assign_role", user: result.user, role: "user" }),
      refuses("last_global_admin"),
    );
  });
});

describe("the history", () => {
  test("is verified, and tampering is found", async () => {
    const { directory, events, execute } = await founded();
    for (let n = 0; n < 4; n++) execute(gina, { type: "create_team", name: `Team ${n}` });
    assert.equal(await verifyChain(events), directory.head);
    assert.equal(await verifyChain(events.map(({ text }) => ({ text }))), directory.head);
    const middle = await verifyChain(events.slice(0, 3));
    assert.equal(await verifyChain(events.slice(3), middle), directory.head);
    const broken = [
      events.slice(1),
      events.toSpliced?.(2, 1) ?? events.filter((_, n) => n !== 2),
      [events[0], events[2], events[1]],
      events.map((event, n) => (n === 2 ? { ...event, text: event.text.replace("Team 1", "Team 9") } : event)),
      events.map((event, n) => (n === 4 ? { ...event, sealed: events[3].sealed } : event)),
      [{ text: "{}" }],
      [{ text: "no event" }],
      [],
    ];
    for (const [n, list] of broken.entries()) await assert.rejects(verifyChain(list), fails("tampered"), String(n));
    await assert.rejects(verifyChain(events.slice(3), await verifyChain(events.slice(0, 2))), fails("tampered"));
    await assert.rejects(verifyChain([{ text: 7 }]), fails("invalid_options"));
  });

  test("accepts the next event only", async () => {
    const { directory, events, execute } = await founded();
    const decided = directory.decide(gina, { type: "create_team", name: "Late" }, { now: NOW });
    execute(gina, { type: "create_team", name: "First" });
    const dump = directory.dump();
    for (const event of [decided.event, ...events, { ...decided.event, version: 3 }, { version: 3, text: "{}", sealed: "{}" }]) {
      assert.throws(() => directory.apply(event), fails("tampered"));
    }
    for (const odd of [undefined, {}, { version: 3, text: 7, sealed: "" }])
      assert.throws(() => directory.apply(odd), fails("invalid_options"));
    assert.equal(directory.dump(), dump);
  });

  test("has no token, key or digest in its text", async () => {
    const { events, execute } = await founded();
    const { token } = execute(gina, { type: "invite_user", email: "nia@acme.example" }).result;
    const { key } = execute(vic, { type: "create_link", assistant: "site", level: "view" }).result;
    execute("system", { type: "accept_invitation", token, issuer: "https://id.example", subject: "1", email: "nia@acme.example" });
    const text = events.map((event) => event.text).join("");
    for (const secret of [token, key]) {
      assert.ok(!events.some((event) => event.sealed.includes(secret)));
      for (const word of [secret, createHash("sha256").update(secret).digest("base64url")]) assert.ok(!text.includes(word));
    }
  });
});

test("a dump restores the directory; other text does not", async () => {
  const { directory, execute } = await founded();
  execute(gina, { type: "invite_user", email: "nia@acme.example", id: "nia" });
  execute("system", { type: "link_account", user: "vic", issuer: "https://id.example", subject: "1" });
  const restored = await Directory.restore(directory.dump());
  assert.equal(restored.dump(), directory.dump());
  assert.deepEqual([restored.version, restored.head, restored.organization], [3, directory.head, "acme"]);
  assert.equal(restored.account("https://id.example", "1"), "vic");
  assert.deepEqual(restored.invitations(), directory.invitations());
  const options = { now: NOW, entropy: new Uint8Array(32) };
  const next = { type: "create_project", team: "support", name: "Next" };
  assert.deepEqual(restored.decide(olga, next, options), directory.decide(olga, next, options));
  for (const odd of ["", "{}", "null", directory.dump().replace('"head":"', '"head":"x')])
    await assert.rejects(Directory.restore(odd), fails("malformed"), odd);
  await assert.rejects(Directory.restore(undefined), fails("invalid_options"));
  await assert.rejects(Directory.restore(directory.dump().replace('"owner":"vic"', '"owner":"viv"')), fails("invalid_facts"));
});

describe("signed tokens", () => {
  test("a snapshot opens, with version and state", async () => {
    const { directory, execute } = await founded();
    execute(gina, { type: "add_member", team: "support", user: "ed", role: "viewer", expires: NOW + 60 });
    const snapshot = await open(directory.snapshot(options()), { keys, now: NOW });
    assert.deepEqual([snapshot.version, snapshot.state, snapshot.scope], [2, directory.state(NOW), "workspace"]);
    assert.equal(snapshot.as({ user: "ed" }).can("assistant.view", "helper"), true);
    assert.match(directory.state(NOW), /^[\w-]{22}$/);
    assert.notEqual(directory.state(NOW + 60), directory.state(NOW));
    const member = await open(directory.snapshot(options({ scope: { member: "ed" } })), { keys, now: NOW });
    assert.equal(member.as().can("team.view", "support"), true);
    assert.throws(() => directory.snapshot(options({ scope: { member: "nobody" } })), fails("unknown_user"));
    assert.throws(() => directory.snapshot(options({ version: 7 })), fails("invalid_options", "version"));
    assert.throws(() => directory.snapshot(options({ state: "s" })), fails("invalid_options", "state"));
    assert.throws(() => directory.snapshot({ ...options(), expiresIn: undefined }), fails("invalid_options", "expiresAt"));
  });

  test("a delta follows a change; without one, delta_unavailable", async () => {
    const { directory, execute } = await founded();
    const snapshot = await open(directory.snapshot(options({ scope: { member: "ed" } })), { keys, now: NOW });
    const ed = snapshot.as();
    assert.equal(ed.can("assistant.view", "helper"), false);
    execute(olga, { type: "add_member", team: "support", user: "ed", role: "viewer" });
    execute(gina, { type: "create_team", name: "Elsewhere" });
    snapshot.apply(directory.delta(1, options({ scope: { member: "ed" } })));
    assert.deepEqual([snapshot.version, snapshot.state], [3, directory.state(NOW)]);
    assert.equal(ed.can("assistant.view", "helper"), true);
    for (const from of [0, 4, -1]) assert.throws(() => directory.delta(from, options()), fails("delta_unavailable"), String(from));
    const restored = await Directory.restore(directory.dump());
    assert.throws(() => restored.delta(2, options()), fails("delta_unavailable"));
    snapshot.apply(restored.delta(3, options({ scope: { member: "ed" }, expiresIn: 7200 })));
    assert.equal(snapshot.expiresAt, NOW + 7200);
  });

  test("a head names the current version", async () => {
    const { directory, execute } = await founded();
    execute(gina, { type: "create_team", name: "New" });
    const head = await openHead(directory.headToken(options({ issuer: "https://a.example" })), {
      keys,
      now: NOW,
      issuer: "https://a.example",
    });
    assert.deepEqual([head.organization, head.version], ["acme", 2]);
  });

  test("a head about an assistant names the version of the last change of its gate snapshot", async () => {
    const { directory, execute } = await founded();
    assert.equal(directory.isPublic("site"), true);
    for (const id of ["helper", "nothing", ""]) assert.equal(directory.isPublic(id), false, id);
    execute(gina, { type: "create_team", name: "New" });
    const token = directory.headToken(options({ assistant: { id: "site", version: 1 } }));
    assert.deepEqual(await openHead(token, { keys, now: NOW }), {
      organization: "acme",
      assistant: "site",
      version: 1,
      issuedAt: NOW,
      expiresAt: NOW + 3600,
    });
    await assert.rejects(open(token, { keys, now: NOW }), fails("wrong_type"));
    for (const id of ["helper", "nothing", 7])
      assert.throws(
        () => directory.headToken(options({ assistant: { id, version: 1 } })),
        fails("invalid_options", "assistant.id"),
      );
    for (const version of [0, 3, 1.5, "1"]) {
      assert.throws(
        () => directory.headToken(options({ assistant: { id: "site", version } })),
        fails("invalid_options", "assistant.version"),
        String(version),
      );
    }
    execute(gina, { type: "set_accessibility", assistant: "site", accessibility: "only_me" });
    assert.equal(directory.isPublic("site"), false);
    assert.throws(
      () => directory.headToken(options({ assistant: { id: "site", version: 1 } })),
      fails("invalid_options", "assistant.id"),
    );
  });
});

test("a view has the facts that the actor may see", async () => {
  const { directory, execute } = await founded();
  execute(gina, { type: "invite_user", email: "nia@acme.example", id: "nia" });
  const admin = directory.view(gina, NOW);
  assert.equal(admin.version, 2);
  assert.deepEqual(
    admin.invitations.map(({ user, email }) => [user, email]),
    [["nia", "nia@acme.example"]],
  );
  assert.equal(admin.organization.users.filter(({ email }) => email).length, 7);
  assert.ok(!JSON.stringify([admin, directory.view("system", NOW)]).includes("digest"));
  const ed = directory.view({ user: "ed" }, NOW);
  assert.equal(ed.invitations, undefined);
  assert.deepEqual(ed.organization.users, [{ id: "ed", role: "user", email: "ed@acme.example" }]);
  assert.throws(() => directory.view({ user: "nobody" }, NOW), fails("unknown_user"));
});

describe("an overview", () => {
  test("is a workspace snapshot without digests: it opens, takes deltas, and admits by no link", async () => {
    const { directory, execute } = await founded();
    const { key } = execute(vic, { type: "create_link", assistant: "site", level: "edit" }).result;
    const overview = await open(directory.snapshot(options({ scope: "overview" })), { keys, now: NOW });
    const workspace = await open(directory.snapshot(options({ scope: "workspace" })), { keys, now: NOW });
    assert.deepEqual([overview.scope, overview.version], ["workspace", 2]);
    assert.ok(!JSON.stringify(overview.facts()).includes("digest") && JSON.stringify(workspace.facts()).includes("digest"));
    assert.deepEqual(overview.whoCan("assistant.edit", "site"), workspace.whoCan("assistant.edit", "site"));
    assert.equal(workspace.as({ link: key }).check("assistant.edit", "site").allowed, true);
    assert.equal(overview.as({ link: key }).check("assistant.edit", "site").denied, "link_invalid");

    execute(gina, { type: "assign_role", user: "vic", role: "application_admin" });
    const delta = (scope) => directory.delta(2, options({ scope }));
    assert.throws(() => overview.apply(delta("workspace")), fails("wrong_state"));
    overview.apply(delta("overview"));
    assert.equal(overview.version, 3);
    assert.equal(overview.as({ user: "vic" }).can("team.create"), true);
  });

  test("of an earlier version is signed from stored facts, and compared with the present one", async () => {
    const { directory, execute } = await founded();
    execute(vic, { type: "create_link", assistant: "site", level: "view" });
    execute(gina, { type: "complete_review" });
    const kept = directory.facts();
    execute(gina, { type: "assign_role", user: "ed", role: "application_admin" });
    const token = await issue(kept, options({ version: 3, scope: "overview" }));
    const then = await open(token, { keys, now: NOW });
    const now = await open(directory.snapshot(options({ scope: "overview" })), { keys, now: NOW });
    assert.deepEqual([then.version, now.version], [3, 4]);
    assert.ok(kept.includes("digest") && !JSON.stringify(then.facts()).includes("digest"));
    assert.deepEqual([...new Set(now.diff(then).map(({ user }) => user))], ["ed"]);
  });
});

test("an active global admin holds everything, even outside of the plan", async () => {
  const { directory, execute } = await founded();
  const holders = () => ["gina", "abe", "vic", "sam", "nobody"].filter((user) => directory.holdsEverything({ user }));
  assert.deepEqual(holders(), ["gina"]);
  assert.equal(directory.holdsEverything("system"), true);
  execute("system", { type: "set_plan", withholds: ["panel.analytics"] });
  assert.deepEqual(holders(), ["gina"]);
  assert.throws(() => directory.holdsEverything("gina"), fails("invalid_options"));
});

test("a freed directory throws", async () => {
  const { directory } = await founded();
  directory.free();
  directory.free();
  for (const ask of [
    () => directory.version,
    () => directory.dump(),
    () => directory.decide(gina, { type: "create_team", name: "A" }),
    () => directory.user("vic"),
  ]) {
    assert.throws(ask, fails("freed"));
  }
  const other = (await founded()).directory;
  other[Symbol.dispose]();
  assert.throws(() => other.head, fails("freed"));
});

test("the directory answers for an actor as a snapshot does", async () => {
  const { directory } = await founded();
  const denied = (actor, capability, target) => directory.denied(actor, capability, target, NOW);
  assert.equal(denied({ user: "gina" }, "audit.view"), undefined);
  assert.equal(denied("system", "audit.view"), undefined);
  assert.equal(denied({ user: "abe" }, "audit.view"), "not_granted");
  assert.equal(denied({ user: "sam" }, "audit.view"), "inactive");
  assert.equal(denied({ user: "nobody" }, "audit.view"), "inactive");
  assert.equal(denied({ user: "vic" }, "assistant.edit", "helper"), undefined);
  assert.equal(denied({ user: "olga" }, "assistant.edit", "draft"), "only_me");
  assert.equal(denied({ user: "gina" }, "assistant.edit"), "unknown_target");
  assert.equal(denied({ user: "gina" }, "no.such"), "unknown_target");
});
