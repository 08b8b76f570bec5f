// What the console reads besides the member snapshot: the whole organization for global admins, access reviews, previews, and people's last activity.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { open } from "wicketgate";
import { assertProblem } from "../lib/problem.mjs";
import { AUDIENCE, ISSUER, smallOrganization, startService } from "../lib/service.mjs";

const HOUR = 60 * 60;
const seconds = () => Math.floor(Date.now() / 1000);

const EVERYTHING = `user.invite user.assign_role user.remove team.create panel.analytics panel.user_settings panel.aliases panel.chatlogs panel.api_keys
  settings.manage integrations.manage role.define audit.view team.view team.edit team.delete team.manage_members project.create assistant.create project.view
  project.edit project.delete assistant.view assistant.chat assistant.edit assistant.delete assistant.share corpus.view corpus.manage conversations.view
  conversations.takeover channels.deploy actions.manage analytics.view evaluation.run responses.supporting_content responses.thought_process`;

/** The role of deputies grants everything, that of the helpdesk only inviting. */
function organization() {
  const facts = smallOrganization();
  facts.roles = [
    { id: "deputy", on: "organization", grants: EVERYTHING.split(/\s+/) },
    { id: "helpdesk", on: "organization", grants: ["user.invite"] },
  ];
  facts.users.push(
    { id: "dora", role: "deputy", email: "dora@acme.example" },
    { id: "hal", role: "helpdesk", email: "hal@acme.example" },
  );
  return facts;
}

let service;
let gina;

/** Starts a service for this group, with a signed-in global admin. */
function fresh() {
  before(async () => {
    service = await startService({ facts: organization() });
    gina = await service.signIn("gina");
  });
  after(() => service?.stop());
}

/** Opens the answer as the console does. */
async function opened(member, response) {
  assert.equal(response.status, 200);
  const token = { payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") };
  return open(token, {
    keys: await member.json("/.well-known/jwks.json"),
    issuer: ISSUER,
    audience: AUDIENCE,
    organization: "acme",
  });
}

describe("the whole organization", () => {
  fresh();

  test("is shown to a global admin, without digests, and answers for everybody", async () => {
    const uma = await service.signIn("uma");
    const { result, version } = await uma.does({ type: "create_link", assistant: "site", level: "edit" });
    const response = await gina.get("/v1/workspace");
    assert.equal(response.headers.get("Cache-Control"), "private, no-store");
    const snapshot = await opened(gina, response);
    assert.deepEqual([snapshot.scope, snapshot.version, snapshot.subject], ["workspace", version, undefined]);
    const lasts = snapshot.expiresAt - seconds();
    assert.ok(lasts > 0 && lasts <= 600, `${lasts} seconds`);
    const text = JSON.stringify(snapshot.facts());
    assert.ok(text.includes(`"id":"${result.link}"`) && text.includes("udo@acme.example") && !text.includes("digest"), text);
    assert.deepEqual(snapshot.whoCan("assistant.edit", "draft"), ["gina", "uma"]);
    assert.equal(snapshot.as({ user: "udo" }).check("assistant.view", "draft").denied, "only_me");
    assert.equal(snapshot.as({ link: result.key }).check("assistant.edit", "site").denied, "link_invalid");
  });

  test("is not sent again to a reader who has it", async () => {
    const etag = (await gina.get("/v1/workspace")).headers.get("ETag");
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const response = await gina.get("/v1/workspace", { "If-None-Match": given });
      assert.deepEqual([response.status, response.headers.get("ETag"), await response.text()], [304, etag, ""]);
    }
    await gina.does({ type: "create_team", id: "fresh", name: "Fresh" });
    const changed = await gina.get("/v1/workspace", { "If-None-Match": etag });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.get("ETag"), etag);
    assert.notEqual((await gina.get("/v1/snapshot")).headers.get("ETag"), changed.headers.get("ETag"));
  });

  for (const path of ["/v1/workspace", "/v1/reviews", "/v1/reviews/1"]) {
    test(`${path}: nobody else sees it, with any grants`, async () => {
      for (const person of ["abe", "uma", "dora", "hal"]) {
        await assertProblem(await (await service.signIn(person)).get(path, { "If-None-Match": "*" }), 403, "not_allowed");
      }
      await assertProblem(await service.member().get(path), 401, "not_signed_in");
      const left = await service.signIn("gina");
      await left.post("/v1/session/end");
      await assertProblem(await left.get(path), 401, "not_signed_in");
    });
  }

  test("is not shown any more to a former global admin", async () => {
    await gina.does({ type: "assign_role", user: "udo", role: "global_admin" });
    const udo = await service.signIn("udo");
    const etag = (await udo.get("/v1/workspace")).headers.get("ETag");
    await gina.does({ type: "assign_role", user: "udo", role: "application_admin" });
    await assertProblem(await udo.get("/v1/workspace", { "If-None-Match": etag }), 403, "not_allowed");
  });
});

describe("an access review", () => {
  fresh();

  const review = (note) => ({ type: "complete_review", ...(note !== undefined && { note }) });

  test("can be completed by a global admin only", async () => {
    for (const [person, code] of [
      ["abe", "not_allowed"],
      ["uma", "not_allowed"],
      ["dora", "beyond_own_role"],
    ]) {
      await assertProblem(await (await service.signIn(person)).command(review()), 403, code);
    }
    await assertProblem(await service.member().command(review()), 401, "not_signed_in");
    for (const note of ["", "x".repeat(501), 7]) {
      const problem = await assertProblem(await gina.command(review(note)), 400, "invalid_command");
      assert.equal(problem.path, "note");
    }
    assert.deepEqual(await gina.json("/v1/reviews"), { reviews: [] });
    await assertProblem(await gina.get("/v1/reviews/1"), 404, "unknown_review");
  });

  test("keeps the organization's facts, so that the next review can show the changes", async () => {
    const before = seconds();
    const { version, result } = await gina.does(review("Two editors too many.\nFixed."));
    assert.deepEqual(result, {});
    const { reviews } = await gina.json("/v1/reviews");
    assert.deepEqual(reviews, [{ version, at: reviews[0].at, by: "gina", note: "Two editors too many.\nFixed.", snapshot: true }]);
    assert.ok(reviews[0].at >= before && reviews[0].at <= seconds());

    await gina.does({ type: "assign_role", user: "udo", role: "application_admin" });
    const then = await opened(gina, await gina.get(`/v1/reviews/${version}`));
    const now = await opened(gina, await gina.get("/v1/workspace"));
    assert.deepEqual([then.version, now.version, then.scope], [version, version + 1, "workspace"]);
    assert.ok(!JSON.stringify(then.facts()).includes("digest"));
    const changes = now.diff(then);
    assert.deepEqual([...new Set(changes.map(({ user }) => user))], ["udo"]);
    assert.ok(changes.some(({ kind, gained }) => kind === "organization" && gained.includes("user.invite")));
    // It is in the audit log, like every command.
    const { events } = await gina.json(`/v1/audit?after=${version - 1}&limit=1`);
    assert.deepEqual(JSON.parse(events[0].text).command, review("Two editors too many.\nFixed."));
  });

  test("is listed for ever; the facts of the latest two are kept", async () => {
    const [first] = (await gina.json("/v1/reviews")).reviews;
    const second = (await gina.does(review())).version;
    await gina.does({ type: "create_team", id: "between", name: "Between" });
    const third = (await gina.does(review("Third."))).version;
    const listed = async () =>
      (await gina.json("/v1/reviews")).reviews.map(({ version, note, snapshot }) => [version, note, snapshot]);
    const expected = [
      [third, "Third.", true],
      [second, undefined, true],
      [first.version, first.note, undefined],
    ];
    assert.deepEqual(await listed(), expected);
    await assertProblem(await gina.get(`/v1/reviews/${first.version}`), 404, "unknown_review");
    await assertProblem(await gina.get(`/v1/reviews/${second + 1}`), 404, "unknown_review");
    for (const none of ["0", "-1", "x", "1.5", `${2 ** 60}`])
      await assertProblem(await gina.get(`/v1/reviews/${none}`), 400, "bad_request");

    await service.restart();
    assert.deepEqual(await listed(), expected);
    const teams = async (version) =>
      (await opened(gina, await gina.get(`/v1/reviews/${version}`))).facts().teams.map(({ id }) => id);
    assert.deepEqual([await teams(second), await teams(third)], [["support"], ["between", "support"]]);
  });

  test("is completed once, also if it is sent again", async () => {
    const { length } = (await gina.json("/v1/reviews")).reviews;
    const headers = { "Idempotency-Key": "once" };
    assert.deepEqual(await gina.does(review("Again."), headers), await gina.does(review("Again."), headers));
    assert.equal((await gina.json("/v1/reviews")).reviews.length, length + 1);
  });

  test("is refused if somebody changed the kept facts; everything else works on", async () => {
    const [{ version }] = (await gina.json("/v1/reviews")).reviews;
    await service.restart({
      edit: [["UPDATE review_facts SET text = REPLACE(text, 'application_admin', 'global_admin') WHERE version = ?", version]],
    });
    await assertProblem(await gina.get(`/v1/reviews/${version}`), 500, "tampered");
    assert.equal((await gina.get("/v1/workspace")).status, 200);
    await gina.does(review());
  });
});

test("a review of an organization that does not fit into one row is kept and shown", async () => {
  const facts = organization();
  facts.teams.push(
    ...Array.from({ length: 6000 }, (_, n) => ({ id: `big-${n}`, name: `${"x".repeat(n % 7)}${"😀é".repeat(60)}` })),
  );
  const service = await startService({ facts });
  try {
    const gina = await service.signIn("gina");
    const { version } = await gina.does({ type: "complete_review" });
    const [[{ parts }]] = await service.restart({ edit: [["SELECT COUNT(*) AS parts FROM review_facts"]] });
    assert.ok(parts > 4, `${parts} parts`);
    const then = await opened(gina, await gina.get(`/v1/reviews/${version}`));
    assert.deepEqual(then.facts(), (await opened(gina, await gina.get("/v1/workspace"))).facts());
  } finally {
    await service.stop();
  }
});

describe("people's last activity", () => {
  fresh();

  const activity = async (member = gina) => (await member.json("/v1/directory")).activity;
  const recent = (at) => at > seconds() - 60 && at <= seconds();
  /** Acts as if these seconds had passed. */
  const age = (by, user) => service.restart({ edit: [["UPDATE activity SET at = at - ? WHERE user = ?", by, user]] });

  test("begins with their sign-in, and is shown to those who look after people", async () => {
    const uma = await service.signIn("uma");
    const seen = await activity();
    assert.deepEqual(Object.keys(seen).sort(), ["gina", "uma"]);
    assert.ok(Object.values(seen).every(recent), JSON.stringify(seen));
    const abe = await service.signIn("abe");
    assert.deepEqual(Object.keys(await activity(abe)).sort(), ["abe", "gina", "uma"]);
    assert.equal(await activity(uma), undefined);
  });

  test("is shown only of people whom the reader sees", async () => {
    const hal = await service.signIn("hal");
    assert.deepEqual(Object.keys(await activity(hal)), ["hal"]);
  });

  for (const [what, act] of [
    ["a snapshot", (member) => member.get("/v1/snapshot")],
    ["a delta", (member) => member.get("/v1/delta?from=1")],
    ["a command, also one that is refused", (member) => member.command({ type: "create_team", name: "No" })],
  ]) {
    test(`is recorded with ${what}, once an hour`, async () => {
      const uma = await service.signIn("uma");
      await age(HOUR - 60, "uma");
      await act(uma);
      assert.ok((await activity()).uma < seconds() - HOUR / 2, "within the hour nothing is written");
      await age(61, "uma");
      await act(uma);
      assert.ok(recent((await activity()).uma), "after it, it is");
    });
  }

  test("is not recorded with other requests", async () => {
    const uma = await service.signIn("uma");
    await age(2 * HOUR, "uma");
    for (const path of ["/v1/session", "/v1/head", "/v1/directory"]) await uma.get(path);
    assert.ok((await activity()).uma < seconds() - HOUR);
  });

  test("is kept, and deleted with the person", async () => {
    const udo = await service.signIn("udo");
    await service.restart();
    assert.ok(recent((await activity()).udo));
    await gina.does({ type: "suspend_user", user: "udo" });
    await udo.get("/v1/snapshot");
    assert.ok("udo" in (await activity()));
    await gina.does({ type: "remove_user", user: "udo" });
    assert.ok(!("udo" in (await activity())));
    const [rows] = await service.restart({ edit: [["SELECT user FROM activity WHERE user = 'udo'"]] });
    assert.deepEqual(rows, []);
  });
});

describe("a preview", () => {
  fresh();

  const closing = { type: "set_accessibility", assistant: "site", accessibility: "only_me" };
  const CHAT = ["assistant.view", "assistant.chat"];

  test("lists who would gain or lose which capabilities, exactly as it then happens, and changes nothing", async () => {
    const { version } = await gina.json("/v1/directory");
    const older = await opened(gina, await gina.get("/v1/workspace"));
    const response = await gina.post("/v1/preview", closing);
    assert.deepEqual([response.status, response.headers.get("Cache-Control")], [200, "private, no-store"]);
    const preview = await response.json();
    assert.deepEqual(Object.keys(preview).sort(), ["changes", "others", "visitors"]);
    assert.deepEqual(preview.visitors, { gained: [], lost: CHAT });
    assert.equal(preview.others, 0);
    assert.equal((await gina.json("/v1/directory")).version, version);
    assert.equal(
      (await gina.get("/v1/workspace", { "If-None-Match": (await gina.get("/v1/workspace")).headers.get("ETag") })).status,
      304,
    );

    await gina.does(closing);
    const newer = await opened(gina, await gina.get("/v1/workspace"));
    const comparable = (changes) =>
      changes.map(({ user, kind, target, gained, lost }) => JSON.stringify({ user, kind, target, gained, lost })).sort();
    assert.deepEqual(comparable(preview.changes), comparable(newer.diff(older)));
    assert.ok(preview.changes.some(({ user, target }) => user === "udo" && target === "site"));
    await gina.does({ ...closing, accessibility: "public" });
  });

  test("contains nothing that the caller may not see", async () => {
    const uma = await service.signIn("uma");
    const { changes, others, visitors } = await (await uma.post("/v1/preview", closing)).json();
    assert.deepEqual([changes, others > 0, visitors], [[], true, { gained: [], lost: CHAT }]);
    const abe = await service.signIn("abe");
    const suspending = await (await abe.post("/v1/preview", { type: "suspend_user", user: "uma" })).text();
    assert.ok(!suspending.includes("draft"), suspending);
  });

  test("is refused as the command is, and needs the same form", async () => {
    const uma = await service.signIn("uma");
    for (const [member, command, status, code] of [
      [uma, { type: "suspend_user", user: "udo" }, 403, "not_allowed"],
      [gina, { type: "assign_role", user: "gina", role: "user" }, 409, "own_role"],
      [gina, { type: "grant", assistant: "site", user: "nobody", role: "editor" }, 404, "unknown_user"],
      [gina, { type: "no_such" }, 400, "invalid_command"],
      [gina, "{", 400, "invalid_command"],
    ]) {
      const problem = await assertProblem(await member.post("/v1/preview", command), status, code);
      assert.deepEqual(problem, await assertProblem(await member.command(command), status, code));
    }
    await assertProblem(await service.member().post("/v1/preview", closing), 401, "not_signed_in");
    await assertProblem(await gina.post("/v1/preview", closing, { Origin: "https://elsewhere.example" }), 403, "cross_origin");
    await assertProblem(await gina.post("/v1/preview", closing, { "Content-Type": "text/plain" }), 415, "unsupported_media_type");
    await assertProblem(await gina.post("/v1/preview", `{"type":"${"x".repeat(70_000)}"}`), 413, "too_large");
    await assertProblem(await gina.get("/v1/preview"), 405, "method_not_allowed");
  });
});

test("storage from before these tables works on", async () => {
  const service = await startService();
  try {
    const gina = await service.signIn("gina");
    await service.restart({ edit: [["DROP TABLE activity"], ["DROP TABLE reviews"], ["DROP TABLE review_facts"]] });
    assert.deepEqual((await gina.json("/v1/directory")).activity, {});
    assert.deepEqual(await gina.json("/v1/reviews"), { reviews: [] });
    const { version } = await gina.does({ type: "complete_review" });
    assert.deepEqual(Object.keys((await gina.json("/v1/directory")).activity), ["gina"]);
    assert.equal((await gina.get(`/v1/reviews/${version}`)).status, 200);
  } finally {
    await service.stop();
  }
});
