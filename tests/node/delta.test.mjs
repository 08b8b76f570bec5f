// Deltas: an opened snapshot becomes the later one, or does not change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CompactSign, importJWK } from "jose";
import { open, openHead, WicketgateError } from "wicketgate";
import { detach, Directory } from "wicketgate/authority";
import { acme, EDIT, keyPair, keys, NOW, ORIGIN, VIEW } from "../lib/world.mjs";

const ISSUER = "https://authority.acme.example";
const EXPECT = { keys, now: NOW, issuer: ISSUER, audience: "page", organization: "acme" };
const gina = { user: "gina" };

const claims = (scope, more = {}) => ({
  key: keyPair.privateKey,
  issuer: ISSUER,
  audience: "page",
  issuedAt: NOW,
  expiresIn: 600,
  scope,
  ...more,
});

/** A directory, and a snapshot of it in a scope. */
async function begun(scope, expect = EXPECT) {
  const { directory } = await Directory.found(acme(), { now: NOW });
  return { directory, snapshot: await open(directory.snapshot(claims(scope)), expect) };
}

const does = (directory, command, actor = command.type === "set_plan" ? "system" : gina) =>
  directory.execute(actor, command, { now: NOW });

/** The answers to all questions to a snapshot. */
function answers(snapshot) {
  const facts = snapshot.facts();
  const asked = { facts, version: snapshot.version, state: snapshot.state };
  const presented =
    snapshot.scope === "member"
      ? [undefined]
      : snapshot.scope === "gate"
        ? [{}, { link: VIEW }, { link: EDIT }, { origin: ORIGIN }]
        : [
            ...(facts.users ?? []).map(({ id }) => ({ user: id })),
            {},
            { link: VIEW },
            { user: "vic", link: EDIT },
            { origin: ORIGIN },
          ];
  for (const one of presented) {
    const principal = snapshot.as(one);
    const name = JSON.stringify(one) ?? "subject";
    for (const capability of ["assistant.view", "assistant.edit", "assistant.share", "team.view", "project.edit"])
      asked[`${name} ${capability}`] = principal.list(capability);
    for (const id of ["draft", "helper", "site", "pitch", "fresh"])
      asked[`${name} ${id}`] = [principal.capabilities(id), principal.check("assistant.edit", id)];
    asked[`${name} organization`] = [
      principal.can("user.invite"),
      principal.canAssignRole("vic", "application_admin"),
      principal.canAssignRole("vic", "auditor"),
    ];
  }
  if (snapshot.scope === "workspace") asked.who = ["draft", "helper", "site"].map((id) => snapshot.whoCan("assistant.edit", id));
  return asked;
}

const CHANGES = {
  "an assistant opened to everybody": [{ type: "set_accessibility", assistant: "draft", accessibility: "public" }],
  "an assistant closed to its owner": [{ type: "set_accessibility", assistant: "site", accessibility: "only_me" }],
  "a user removed": [{ type: "remove_user", user: "vic", successor: "olga" }],
  "a user suspended": [{ type: "suspend_user", user: "ed" }],
  "a role given": [{ type: "assign_role", user: "vic", role: "application_admin" }],
  "a membership given and one taken": [
    { type: "add_member", team: "sales", user: "vic", role: "viewer" },
    { type: "remove_member", team: "support", user: "vic" },
  ],
  "a grant given and one taken": [
    { type: "grant", assistant: "site", user: "olga", role: "agent_user" },
    { type: "revoke_grant", assistant: "site", user: "ed" },
  ],
  "a role defined, held, redefined": [
    { type: "define_role", id: "reader", on: "team", grants: ["team.view"] },
    { type: "add_member", team: "sales", user: "vic", role: "reader" },
    { type: "define_role", id: "reader", on: "team", grants: ["team.view", "assistant.view"] },
  ],
  "everything in a team gone": [{ type: "delete_team", team: "support", cascade: true }],
  "something new under the id of something gone": [
    { type: "delete_assistant", assistant: "helper" },
    { type: "create_assistant", project: "deals", id: "helper", name: "Another", accessibility: "public" },
  ],
  "a plan": [{ type: "set_plan", name: "basic", withholds: ["assistant.edit"] }],
  "links and embedding": [
    { type: "revoke_link", assistant: "site", link: "l2" },
    { type: "set_embed", assistant: "site", origins: [] },
  ],
};

for (const [name, commands] of Object.entries(CHANGES)) {
  for (const scope of [
    "workspace",
    { member: "gina" },
    { member: "vic" },
    { member: "ed" },
    { gate: ["draft", "helper", "site"] },
  ]) {
    test(`${name}: the ${JSON.stringify(scope)} snapshot answers as the later one`, async () => {
      const { directory, snapshot } = await begun(scope);
      for (const command of commands) does(directory, command);
      if (scope.member !== undefined && directory.user(scope.member) === undefined) {
        assert.throws(() => directory.delta(1, claims(scope)), { code: "delta_unavailable" });
        return;
      }
      snapshot.apply(directory.delta(1, claims(scope)));
      assert.deepEqual(answers(snapshot), answers(await open(directory.snapshot(claims(scope)), EXPECT)));
    });
  }
}

test("existing principals answer by the later facts, also for a removed user and a restored one", async () => {
  const { directory, snapshot } = await begun("workspace");
  const [vic, ed] = [snapshot.as({ user: "vic" }), snapshot.as({ user: "ed" })];
  const both = () => [vic.can("assistant.edit", "helper"), ed.can("conversations.view", "site")];
  assert.deepEqual(both(), [true, true]);
  const step = (command) => {
    const { version } = directory;
    does(directory, command);
    snapshot.apply(directory.delta(version, claims("workspace")));
  };
  step({ type: "remove_user", user: "vic", successor: "olga" });
  step({ type: "suspend_user", user: "ed" });
  assert.deepEqual(both(), [false, false]);
  assert.deepEqual(vic.check("assistant.edit", "helper"), { allowed: false, denied: "inactive" });
  step({ type: "reactivate_user", user: "ed" });
  assert.deepEqual(both(), [false, true]);
});

test("a delta travels detached too, and from the present version renews the times", async () => {
  let now = NOW;
  const { directory, snapshot } = await begun({ member: "vic" }, { ...EXPECT, now: () => now });
  const me = snapshot.as();
  now = NOW + 599;
  snapshot.apply(await detach(directory.delta(1, claims({ member: "vic" }, { issuedAt: now }))));
  assert.deepEqual([snapshot.version, snapshot.issuedAt, snapshot.expiresAt], [1, now, now + 600]);
  now = NOW + 1000;
  assert.equal(me.can("assistant.edit", "helper"), true);
  now = NOW + 1199;
  assert.equal(me.can("assistant.edit", "helper"), false);
});

test("a delta does not name anything that its reader may not see", async () => {
  const { directory } = await begun("workspace");
  does(directory, { type: "create_assistant", project: "faq", id: "secret", name: "Secret" });
  does(directory, { type: "delete_assistant", assistant: "draft" }, { user: "vic" });
  const { payload } = await detach(directory.delta(1, claims({ member: "ed" })));
  assert.doesNotMatch(payload, /secret|draft|gina|vic/i);
});

test("changes that are not kept any more: delta_unavailable", async () => {
  const { directory } = await begun("workspace");
  does(directory, { type: "edit_team", team: "sales", name: "Deals" });
  const restored = await Directory.restore(directory.dump());
  assert.throws(() => restored.delta(1, claims("workspace")), { code: "delta_unavailable" });
  for (const from of [0, 3, -1]) assert.throws(() => directory.delta(from, claims("workspace")), { code: "delta_unavailable" });
  for (const from of [1.5, NaN, "1"]) assert.throws(() => directory.delta(from, claims("workspace")), { code: "invalid_options" });
});

test("a head names the current version, and is no snapshot", async () => {
  const { directory, snapshot } = await begun("workspace");
  does(directory, { type: "edit_team", team: "sales", name: "Deals" });
  const { scope: _, ...options } = claims();
  const head = directory.headToken(options);
  assert.deepEqual(await openHead(head, EXPECT), { organization: "acme", version: 2, issuedAt: NOW, expiresAt: NOW + 600 });
  await assert.rejects(open(head, EXPECT), { code: "wrong_type" });
  assert.throws(() => snapshot.apply(head), { code: "wrong_type" });
  await assert.rejects(openHead(directory.snapshot(claims("workspace")), EXPECT), { code: "wrong_type" });
  await assert.rejects(openHead(head, { ...EXPECT, minVersion: 3 }), { code: "rolled_back" });
  await assert.rejects(openHead(head, { ...EXPECT, now: NOW + 600 }), { code: "expired" });
  await assert.rejects(openHead(head, { ...EXPECT, organization: "other" }), { code: "wrong_organization" });
});

// Deltas with one fault each. The snapshot does not change.
const privateKey = await importJWK(keyPair.privateKey, "EdDSA");
const resigned = async (delta, change, header = {}) => {
  const [head, payload] = delta.split(".").map((part) => Buffer.from(part, "base64url").toString());
  const changed = JSON.parse(payload);
  change(changed);
  return new CompactSign(Buffer.from(JSON.stringify(changed)))
    .setProtectedHeader({ ...JSON.parse(head), ...header })
    .sign(privateKey);
};
const put = (field, value) => (claims) => (claims.organization[field] = value);

const FAULTS = {
  a_changed_payload: ["bad_signature", (delta) => delta.replace(/\.(.)/, (_, first) => `.${first === "e" ? "f" : "e"}`)],
  not_three_segments: ["malformed", () => "a.b"],
  a_snapshot_in_place_of_a_delta: ["wrong_type", (_, { directory }) => directory.snapshot(claims({ member: "vic" }))],
  another_algorithm: [
    "unsupported_algorithm",
    async (delta) =>
      delta.replace(/^[^.]+/, Buffer.from('{"alg":"HS256","typ":"wicketgate-delta+jwt","kid":"x"}').toString("base64url")),
  ],
  an_unknown_key: ["unknown_key", (delta) => resigned(delta, () => {}, { kid: "another" })],
  another_issuer: ["wrong_issuer", (delta) => resigned(delta, (claims) => (claims.iss = "https://other.example"))],
  another_audience: ["wrong_audience", (delta) => resigned(delta, (claims) => (claims.aud = "gate"))],
  another_organization: ["wrong_organization", (delta) => resigned(delta, put("id", "other"))],
  no_organization: ["wrong_organization", (delta) => resigned(delta, (claims) => delete claims.organization.id)],
  not_valid_yet: ["not_yet_valid", (delta) => resigned(delta, (claims) => (claims.nbf = NOW + 1))],
  expired_already: ["expired", (delta) => resigned(delta, (claims) => (claims.exp = NOW))],
  an_older_version: ["rolled_back", (delta) => resigned(delta, (claims) => (claims.version = 1)), 2],
  from_another_version: ["wrong_state", (delta) => resigned(delta, (claims) => (claims.from.version = 7))],
  from_another_state: ["wrong_state", (delta) => resigned(delta, (claims) => (claims.from.state = "x".repeat(22)))],
  from_nowhere: ["wrong_state", (delta) => resigned(delta, (claims) => delete claims.from)],
  for_another_scope: ["wrong_state", (_, { directory }) => directory.delta(1, claims("workspace"))],
  for_another_subject: ["wrong_state", (_, { directory }) => directory.delta(1, claims({ member: "ed" }))],
  applied_twice: ["wrong_state", (delta, { snapshot }) => (snapshot.apply(delta), delta)],
  a_dangling_project: [
    "invalid_facts",
    (delta) => resigned(delta, put("assistants", [{ id: "fresh", project: "nowhere", accessibility: "public" }])),
  ],
  a_stranger_as_owner: [
    "invalid_facts",
    (delta) => resigned(delta, put("assistants", [{ id: "fresh", owner: "gina", accessibility: "public" }])),
  ],
  a_digest_for_a_member: [
    "invalid_facts",
    (delta) =>
      resigned(
        delta,
        put("assistants", [{ id: "fresh", accessibility: "public", links: [{ id: "l", level: "view", digest: "A".repeat(43) }] }]),
      ),
  ],
  the_same_thing_twice: ["invalid_facts", (delta) => resigned(delta, put("teams", [{ id: "support" }, { id: "support" }]))],
  the_same_new_thing_twice: ["invalid_facts", (delta) => resigned(delta, put("teams", [{ id: "fresh" }, { id: "fresh" }]))],
  the_subject_gone: ["invalid_facts", (delta) => resigned(delta, put("gone", { users: ["vic"] }))],
  something_gone_that_is_not_there: ["invalid_facts", (delta) => resigned(delta, put("gone", { assistants: ["nothing"] }))],
  a_built_in_role_gone: ["invalid_facts", (delta) => resigned(delta, put("gone", { roles: ["editor"] }))],
  a_built_in_role_redefined: [
    "invalid_facts",
    (delta) => resigned(delta, put("roles", [{ id: "editor", on: "assistant", grants: [] }])),
  ],
  good_things_before_a_bad_one: [
    "invalid_facts",
    (delta) =>
      resigned(delta, (claims) => {
        claims.organization.roles = [{ id: "new_role", on: "assistant", grants: ["assistant.edit"] }];
        claims.organization.teams = [{ id: "new_team", creator: "vic", members: [{ user: "vic", role: "owner" }] }];
        claims.organization.projects = [{ id: "new_project", team: "new_team" }];
        claims.organization.assistants = [
          { id: "fresh", project: "new_project", owner: "vic", accessibility: "public" },
          { id: "bad", project: "nowhere", accessibility: "public" },
        ];
      }),
  ],
};

for (const [name, [code, make, minimum]] of Object.entries(FAULTS)) {
  test(`refused, and nothing changed: ${name}`, async () => {
    const begin = await begun({ member: "vic" });
    const { directory, snapshot } = begin;
    if (minimum !== undefined) {
      does(directory, { type: "edit_team", team: "support", name: "Help" });
      snapshot.apply(directory.delta(1, claims({ member: "vic" })));
    }
    const from = directory.version;
    does(directory, { type: "set_accessibility", assistant: "helper", accessibility: "public" });
    const delta = directory.delta(from, claims({ member: "vic" }));
    const bad = await make(delta, begin);
    const before = answers(snapshot);
    assert.throws(
      () => snapshot.apply(bad),
      (error) => error instanceof WicketgateError && (assert.equal(error.code, code, error.message), true),
    );
    assert.deepEqual(answers(snapshot), before);
    if (name === "applied_twice") return;
    snapshot.apply(delta);
    assert.deepEqual(answers(snapshot), answers(await open(directory.snapshot(claims({ member: "vic" })), EXPECT)));
  });
}

test("a delta that is too large is refused, and a freed snapshot takes none", async () => {
  const { directory, snapshot } = await begun("workspace", { ...EXPECT, maxBytes: 8000 });
  does(directory, {
    type: "set_embed",
    assistant: "site",
    origins: Array.from({ length: 250 }, (_, n) => `https://a-rather-long-name-of-a-site-number-${n}.example`),
  });
  assert.throws(() => snapshot.apply(directory.delta(1, claims("workspace"))), { code: "too_large" });
  snapshot.free();
  assert.throws(() => snapshot.apply(directory.delta(1, claims("workspace"))), { code: "freed" });
});

test("a delta must hold to the options of opening, even if the options object has changed", async () => {
  const options = { ...EXPECT };
  const { directory, snapshot } = await begun("workspace", options);
  delete options.issuer;
  Object.assign(options, { organization: "another", minVersion: 99 });
  does(directory, { type: "create_team", id: "fresh", name: "Fresh" });
  const elsewhere = directory.delta(1, { ...claims("workspace"), issuer: "https://elsewhere.example" });
  assert.throws(() => snapshot.apply(elsewhere), { code: "wrong_issuer" });
  snapshot.apply(directory.delta(1, claims("workspace")));
  assert.equal(snapshot.version, 2);
});

test("deltas do not accumulate for ever: once they outgrow the snapshot, too_large", async () => {
  const { directory, snapshot } = await begun("workspace");
  const sites = Array.from({ length: 250 }, (_, n) => `https://${"long".repeat(12)}-${n}.acme.example`);
  const step = (n) => {
    const { version } = directory;
    does(directory, { type: "set_embed", assistant: "site", origins: [`https://${n}.example`, ...sites] });
    return directory.delta(version, claims("workspace"));
  };
  let refused;
  for (let n = 0; n < 300 && refused === undefined; n++) {
    const delta = step(n);
    try {
      snapshot.apply(delta);
    } catch (error) {
      refused = error;
    }
  }
  assert.equal(refused?.code, "too_large");
  assert.equal(snapshot.version, directory.version - 1);
});
