// A seeded generator of organizations: equal size and seed give an equal organization, byte for byte.
// Times of expiry are far in the past or far in the future, so that the real clock can be used.

import { createHash } from "node:crypto";

/** The three measured sizes. */
export const SIZES = {
  S: { users: 100, teams: 10, assistants: 200 },
  M: { users: 2_000, teams: 100, assistants: 5_000 },
  L: { users: 20_000, teams: 1_000, assistants: 100_000 },
};

const PAST = 1_500_000_000;
const FUTURE = 4_102_444_800;
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
const NOUNS = ["Billing", "Onboarding", "Returns", "Travel", "Payroll", "Contracts", "Release", "Warranty"];
const KINDS = ["helper", "desk", "guide", "advisor", "FAQ", "triage", "coach", "lookup"];

const CUSTOM_ROLES = [
  {
    id: "agent_admin",
    on: "assistant",
    grants: [
      "assistant.view",
      "assistant.chat",
      "assistant.edit",
      "corpus.view",
      "corpus.manage",
      "channels.deploy",
      "conversations.view",
      "analytics.view",
      "actions.manage",
    ],
  },
  {
    id: "agent_user",
    on: "assistant",
    grants: ["assistant.view", "assistant.chat", "conversations.view", "conversations.takeover"],
  },
];

/** A seeded source of random numbers, with the draws that the benchmark needs. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n) => Math.floor(next() * n);
  return {
    next,
    below,
    chance: (p) => next() < p,
    pick: (list) => list[below(list.length)],
    shuffle(list) {
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [list[i], list[j]] = [list[j], list[i]];
      }
      return list;
    },
    text: (length) => Array.from({ length }, () => ALPHABET[below(36)]).join(""),
  };
}

/**
 * An organization of the given size and the plain user whose member snapshot is measured.
 * `names: false` leaves out the names of teams, projects and assistants.
 */
export function world({ users, teams, assistants, seed = 1, names = true }) {
  const draw = random(seed);
  const name = () => `${draw.pick(NOUNS)} ${draw.pick(KINDS)} ${draw.below(1000)}`;
  const named = (entity) => {
    const given = name();
    return names ? { ...entity, name: given } : entity;
  };

  const people = makeUsers(draw, users);
  const groups = Array.from({ length: teams }, () =>
    named({ id: `t_${draw.text(8)}`, creator: draw.pick(people).id, members: [] }),
  );
  for (const person of people) join(draw, groups, person);

  const projects = Array.from({ length: Math.max(teams, Math.ceil(assistants / 10)) }, (_, i) => {
    // The first projects go to all teams in turn; the others favour the first teams.
    const team = i < teams ? groups[i] : groups[Math.floor(teams * draw.next() ** 1.3)];
    return named({ id: `p_${draw.text(8)}`, team: team.id, creator: memberOf(draw, team, people) });
  });
  const teamOf = new Map(groups.map((team) => [team.id, team]));
  const bots = Array.from({ length: assistants }, () => {
    const project = draw.pick(projects);
    return named(makeAssistant(draw, project, teamOf.get(project.team), people));
  });

  const subject = plant(draw, people, groups, projects, bots);
  const facts = {
    id: "acme",
    plan: { name: "pro", withholds: ["panel.api_keys", "conversations.takeover"] },
    roles: CUSTOM_ROLES,
    users: people,
    teams: groups,
    projects,
    assistants: bots,
  };
  return { facts, subject };
}

function makeUsers(draw, count) {
  return Array.from({ length: count }, (_, i) => {
    const id = `u_${draw.text(8)}`;
    const roll = draw.next();
    const role = i === 0 || roll < 0.01 ? "global_admin" : roll < 0.03 ? "application_admin" : "user";
    const fate = draw.next();
    const status = i === 0 || fate < 0.92 ? "active" : fate < 0.97 ? "invited" : "suspended";
    return { id, role, status, email: `${id}@acme.example` };
  });
}

function join(draw, groups, person) {
  const wanted = Math.min(groups.length, 1 + draw.below(3));
  const chosen = new Set();
  while (chosen.size < wanted) chosen.add(draw.below(groups.length));
  for (const index of chosen) {
    const role = draw.chance(0.12) ? "owner" : "viewer";
    groups[index].members.push({ user: person.id, role, ...expiry(draw, 0.03, 0.01) });
  }
}

function makeAssistant(draw, project, team, people) {
  const roll = draw.next();
  const accessibility = roll < 0.25 ? "only_me" : roll < 0.9 ? "only_team" : "public";
  const assistant = {
    id: `a_${draw.text(10)}`,
    project: project.id,
    owner: memberOf(draw, team, people),
    accessibility,
  };
  const grants = new Map();
  while (draw.chance(0.4) && grants.size < 6) {
    const user = draw.chance(0.6) ? memberOf(draw, team, people) : draw.pick(people).id;
    grants.set(user, { user, role: grantRole(draw), ...expiry(draw, 0.1, 0.05) });
  }
  if (grants.size) assistant.grants = [...grants.values()];
  if (accessibility === "public" && draw.chance(0.4)) {
    assistant.links = Array.from({ length: 1 + draw.below(2) }, (_, i) => ({
      id: `l${i + 1}`,
      level: draw.chance(0.8) ? "view" : "edit",
      digest: createHash("sha256").update(draw.text(43)).digest("base64url"),
      ...expiry(draw, 0.2, 0.05),
    }));
  }
  if (accessibility === "public" && draw.chance(0.2)) {
    assistant.embed = { origins: [`https://${draw.text(6)}.example`, "https://*.acme.example"] };
  }
  return assistant;
}

function grantRole(draw) {
  const roll = draw.next();
  return roll < 0.75 ? "editor" : roll < 0.9 ? "agent_user" : "agent_admin";
}

function memberOf(draw, team, people) {
  return team.members.length && draw.chance(0.8) ? draw.pick(team.members).user : draw.pick(people).id;
}

function expiry(draw, future, past) {
  const roll = draw.next();
  if (roll < future) return { expires: FUTURE };
  return roll < future + past ? { expires: PAST } : {};
}

// The measured user is an ordinary user with a little of everything: three teams (owner of one), a few own assistants, and grants that
// count, have no effect, or have expired.
function plant(draw, people, groups, projects, bots) {
  const plain = people.filter((person) => person.role === "user" && person.status === "active");
  const subject = draw.pick(plain).id;
  for (const team of groups) {
    team.members = team.members.filter((member) => member.user !== subject);
    if (team.creator === subject) team.creator = people[0].id;
  }
  const middle = Math.floor(groups.length / 2);
  for (const [role, at] of [
    ["owner", middle - 1],
    ["viewer", middle],
    ["viewer", middle + 1],
  ])
    groups[at].members.push({ user: subject, role });

  const home = groups[middle].id;
  const homely = new Set(projects.filter((project) => project.team === home).map((project) => project.id));
  const near = bots.filter((bot) => homely.has(bot.project));
  const open = bots.filter((bot) => bot.accessibility === "public");
  for (const bot of [...near.slice(0, 4), ...sample(draw, bots, 4)]) bot.owner = subject;
  [...sample(draw, bots, 4), ...sample(draw, near, 4), ...sample(draw, open, 4)].forEach((bot, i) => {
    const others = (bot.grants ?? []).filter((grant) => grant.user !== subject);
    const grant = { user: subject, role: ["editor", "agent_user", "agent_admin"][i % 3] };
    bot.grants = [...others, i === 5 ? { ...grant, expires: PAST } : grant];
  });
  return subject;
}

function sample(draw, list, count) {
  return Array.from({ length: count }, () => draw.pick(list));
}
