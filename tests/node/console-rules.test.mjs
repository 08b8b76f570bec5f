// The console foresees some answers of rules, to say beforehand why a button does nothing. Here they are compared with the core, over
// random organizations. The authority decides in any case.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { Directory } from "wicketgate/authority";
import { builtInRoles, capabilities } from "wicketgate/contract";
import { root } from "../lib/consumer.mjs";
import { opened } from "../lib/world.mjs";

const { outputFiles } = await build({
  stdin: {
    contents: `export * from "./people/account-rules"; export * from "./shared/roles-to-give"; export * from "./shared/holdings"; export * from "./assistants/sites";
      export { grantsOf, holdsEverything } from "../data/role-grants"; export { setClockOffset } from "../lib/clock";`,
    resolveDir: `${root}/www/src/pages`,
  },
  bundle: true,
  write: false,
  format: "esm",
});
const rules = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

const NOW = Math.floor(Date.now() / 1000);
const WORLDS = 60;

/** Numbers from a seed (mulberry32), so that a failure comes again. */
function randomOf(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, chance: (part) => next() < part, pick: (list) => list[below(list.length)] };
}

/** Some people with all kinds of roles, and one team with an assistant of each accessibility. */
function world(seed) {
  const { below, chance, pick } = randomOf(seed);
  const all = Object.keys(capabilities);
  const some = (part) => all.filter(() => chance(part));
  const roles = [
    { id: "everything", on: "organization", grants: all },
    { id: "helpers", on: "organization", grants: ["user.invite", "user.assign_role", "user.remove", ...some(0.2)] },
    { id: "random", on: "organization", grants: some(0.4) },
    { id: "lead", on: "team", grants: ["team.view", "assistant.view"] },
    { id: "agent", on: "assistant", grants: ["assistant.view", "assistant.chat"] },
  ].map((role) => ({ ...role, grants: [...new Set(role.grants)] }));
  const users = ["ana", "bob", "cleo", "dan", "eve", "fay"].map((id) => ({
    id,
    role: pick(["global_admin", "application_admin", "user", "everything", "helpers", "random"]),
    ...(chance(0.3) && { status: pick(["suspended", "invited"]) }),
    email: `${id}@acme.example`,
  }));
  // A directory has an active global admin.
  users.push({ id: "gina", role: chance(0.5) ? "global_admin" : "user", email: "gina@acme.example" });
  const active = ({ role, status = "active" }) => role === "global_admin" && status === "active";
  if (!users.some(active)) users.at(-1).role = "global_admin";
  const holding = (user, on) => ({ user, role: pick(on), ...(chance(0.4) && { expires: NOW + pick([-1000, 100_000]) }) });
  const someUsers = () => users.filter(() => chance(0.5)).map(({ id }) => id);
  return {
    id: "acme",
    roles,
    users,
    teams: [
      {
        id: "support",
        ...(chance(0.7) && { creator: pick(users).id }),
        members: someUsers().map((user) => holding(user, ["owner", "viewer", "lead"])),
      },
    ],
    projects: [{ id: "faq", team: "support" }],
    assistants: ["only_me", "only_team", "public"].map((accessibility) => ({
      id: `${accessibility}${below(100)}`,
      project: "faq",
      owner: pick(users).id,
      accessibility,
      grants: someUsers().map((user) => holding(user, ["editor", "agent"])),
    })),
  };
}

const isActive = ({ status = "active" }) => status === "active";

/** The code of the directory's refusal, or nothing. */
function refusal(directory, user, command) {
  try {
    directory.decide({ user }, command, { now: NOW });
    return undefined;
  } catch (error) {
    return error.code;
  }
}

/** Every person who acts, in every world, as the console knows them. */
async function forEveryActor(check) {
  for (let seed = 1; seed <= WORLDS; seed++) {
    const facts = world(seed);
    const { directory } = await Directory.found(facts, { now: NOW });
    const snapshot = await opened(facts, { issuedAt: NOW }, { now: NOW });
    for (const { id: subject, role } of facts.users.filter(isActive)) {
      const context = { me: snapshot.as({ user: subject }), facts, subject, role };
      check({ context, decide: (command) => refusal(directory, subject, command), seed });
    }
  }
}

const OF_ROLES = ["own_role", "beyond_own_role", "last_global_admin"];

/** That words stand in the console exactly where the directory refuses because of a role. Without the capability nothing is compared. */
function assertForeseen(words, code, note) {
  if (code === "not_allowed") return 0;
  assert.equal(words !== undefined, OF_ROLES.includes(code), `${note}: ${words} / ${code}`);
  return 1;
}

describe("roles in the organization", () => {
  test("who may be suspended, removed and signed out", async () => {
    let compared = 0;
    await forEveryActor(({ context, decide, seed }) => {
      // The console lets nobody suspend or remove themselves, which the directory does.
      for (const user of context.facts.users.filter(({ id }) => id !== context.subject)) {
        const note = `world ${seed}, ${context.subject} to ${user.id}`;
        const touch = rules.whyNotChangeAccount(user, context);
        compared += assertForeseen(touch, decide({ type: "remove_user", user: user.id }), `${note}, remove`);
        if (user.status !== "invited") {
          const type = user.status === "suspended" ? "reactivate_user" : "suspend_user";
          compared += assertForeseen(touch, decide({ type, user: user.id }), `${note}, ${type}`);
          const signOut = rules.whyNotSignOut(user, context);
          compared += assertForeseen(signOut, decide({ type: "sign_out_user", user: user.id }), `${note}, sign out`);
        }
      }
    });
    assert.ok(compared > 1000, `${compared} comparisons`);
  });

  test("with which roles somebody may be invited, and which may be given", async () => {
    let compared = 0;
    await forEveryActor(({ context, decide, seed }) => {
      const offered = rules.rolesToGive(context);
      for (const role of ["global_admin", "application_admin", "user", "everything", "helpers", "random"]) {
        const code = decide({ type: "invite_user", email: "new@acme.example", role });
        const words = offered.includes(role) ? undefined : "not offered";
        compared += assertForeseen(words, code, `world ${seed}, ${context.subject} invites ${role}`);
        for (const user of context.facts.users.filter((one) => one.role !== role)) {
          const given = decide({ type: "assign_role", user: user.id, role });
          const told = rules.rolesFor(user, context).includes(role) ? undefined : "not offered";
          compared += assertForeseen(told, given, `world ${seed}, ${context.subject} gives ${user.id} ${role}`);
        }
      }
    });
    assert.ok(compared > 1000, `${compared} comparisons`);
  });

  test("who holds everything everywhere", async () => {
    await forEveryActor(({ context: { me, subject, role }, seed }) => {
      const { because = [] } = me.check("audit.view");
      const everything = because.some(({ relation }) => relation === "global_admin");
      assert.equal(rules.holdsEverything(role), everything, `world ${seed}, ${subject}`);
    });
  });

  test("what a built-in role grants", () => {
    for (const [id, { level, grants }] of Object.entries(builtInRoles))
      assert.deepEqual([...rules.grantsOf(id, {})], level === "organization" ? grants : []);
    assert.deepEqual([...rules.grantsOf("toString", {})], []);
  });
});

describe("roles on teams and assistants", () => {
  test("which of them count", async () => {
    let [counting, sleeping] = [0, 0];
    for (let seed = 1; seed <= WORLDS; seed++) {
      const facts = world(seed);
      const snapshot = await opened(facts, { issuedAt: NOW }, { now: NOW });
      const names = (user, question, relations) => {
        const { because = [] } = snapshot.as({ user }).check(...question);
        return because.filter(({ relation }) => relations.includes(relation));
      };
      for (const assistant of facts.assistants) {
        for (const grant of assistant.grants) {
          const { inEffect } = rules.grantState(grant, assistant, facts, true);
          const told = names(grant.user, ["assistant.view", assistant.id], ["assistant_grant"]);
          assert.equal(inEffect, told.length > 0, `world ${seed}, ${grant.user} on ${assistant.id}`);
          if (inEffect) counting++;
          else sleeping++;
        }
      }
      const [team] = facts.teams;
      for (const member of team.members.filter(({ user }) => user !== team.creator)) {
        const { inEffect } = rules.membershipState(member, facts);
        const told = names(member.user, ["team.view", team.id], ["team_owner", "team_viewer", "team_role"]);
        assert.equal(inEffect, told.length > 0, `world ${seed}, ${member.user} in the team`);
      }
      const creator = facts.users.find(({ id }) => id === team.creator);
      if (creator && isActive(creator) && creator.role !== "global_admin") {
        const told = names(creator.id, ["team.view", team.id], ["team_owner", "team_viewer", "team_role"]);
        assert.equal(rules.inTeam(creator.id, team, facts), told.length > 0, `world ${seed}, the creator`);
      }
    }
    assert.ok(counting > 50 && sleeping > 50, `${counting} count, ${sleeping} do not`);
  });
});

describe("websites", () => {
  const HOSTS = [
    "docs.acme.example",
    "acme.example",
    "a.docs.acme.example",
    "xdocs.acme.example",
    "localhost",
    "DOCS.acme.example",
  ];
  const PORTS = ["", ":443", ":80", ":8443"];
  const PATTERNS = [
    "*",
    ...HOSTS.flatMap((host) => PORTS.map((port) => `https://${host}${port}`)),
    ...["docs.acme.example", "acme.example"].flatMap((host) => PORTS.map((port) => `https://*.${host}${port}`)),
    ...PORTS.map((port) => `http://localhost${port}`),
  ];
  /** As browsers write them. */
  const ORIGINS = [
    ...new Set(
      ["http", "https"].flatMap((scheme) =>
        HOSTS.flatMap((host) => PORTS.map((port) => new URL(`${scheme}://${host}${port}`).origin)),
      ),
    ),
  ];

  test("where this page is one that a pattern allows", async () => {
    const facts = {
      id: "acme",
      users: [{ id: "gina", role: "global_admin" }],
      teams: [{ id: "support" }],
      projects: [{ id: "faq", team: "support" }],
      assistants: PATTERNS.map((pattern, n) => ({
        id: `a${n}`,
        project: "faq",
        owner: "gina",
        accessibility: "public",
        embed: { origins: [pattern] },
      })),
    };
    const snapshot = await opened(facts, { issuedAt: NOW }, { now: NOW });
    let allowed = 0;
    for (const origin of ORIGINS) {
      const visitor = snapshot.as({ origin });
      for (const [n, pattern] of PATTERNS.entries()) {
        assert.equal(rules.allows(pattern, origin), visitor.can("assistant.view", `a${n}`), `${pattern} for ${origin}`);
        allowed += Number(rules.allows(pattern, origin));
      }
    }
    assert.ok(allowed > 50, `${allowed} are allowed`);
  });

  test("every refused address has words", async () => {
    const { directory } = await Directory.found(
      {
        id: "acme",
        users: [{ id: "gina", role: "global_admin" }],
        teams: [{ id: "support" }],
        projects: [{ id: "faq", team: "support" }],
        assistants: [{ id: "site", project: "faq", owner: "gina", accessibility: "public" }],
      },
      { now: NOW },
    );
    const addresses = [
      ...PATTERNS,
      ...["null", "docs.acme.example", "docs.acme.example/help", "http://docs.acme.example", "ftp://docs.acme.example", "https://"],
      ...["https://docs.*.example", "https://bücher.example", "https://a:b@docs.acme.example", "https://docs.acme.example:99999"],
      ...[
        "https://docs.acme.example/help",
        "https://docs..example",
        "http://*.localhost",
        "javascript:alert(1)",
        "https://a b.example",
      ],
    ];
    let refused = 0;
    for (const address of addresses) {
      const code = refusal(directory, "gina", { type: "set_embed", assistant: "site", origins: [address] });
      if (code === undefined) continue;
      refused++;
      assert.equal(code, "invalid_command", address);
      assert.match(rules.whatIsWrong(address) ?? "", /\.$/, address);
    }
    assert.equal(refused, 15);
  });
});
