// A large organization that looks like a real one: generated ids, names with accents, grants, links and embeddings, ends in the past and in
// the future, invited and suspended people. Equal sizes give an equal organization.

import { createHash } from "node:crypto";
import { random } from "./world.mjs";

/** The size that one object must hold. */
export const LARGE = { users: 20_000, teams: 1_000, assistants: 100_000 };

const PAST = 1_500_000_000;
const FUTURE = 4_000_000_000;
const FIRST = [
  "Zoë",
  "José",
  "Søren",
  "Anna",
  "Jürgen",
  "Chloé",
  "Łukasz",
  "Marie",
  "Oğuz",
  "Tom",
  "Renée",
  "Björn",
  "李",
  "Ana",
  "Inès",
  "Max",
];
const LAST = [
  "Müller",
  "García",
  "Sørensen",
  "Novák",
  "Dubois",
  "Łapiński",
  "Yılmaz",
  "Smith",
  "O-Neill",
  "Åkesson",
  "Petrov",
  "van-Dijk",
];
const THINGS = [
  "Rechnungen",
  "Onboarding",
  "Retouren",
  "Reisekosten",
  "Données clients",
  "Contratación",
  "Garantie",
  "Wissensbasis",
  "Payroll",
];
const KINDS = [
  "Assistent",
  "helper",
  "Über­sicht".replace("­", ""),
  "guía",
  "conseiller",
  "FAQ",
  "Triage",
  "coach für Führungskräfte",
];
const CUSTOM_ROLES = [
  {
    id: "r_agent_admin",
    on: "assistant",
    grants: ["assistant.view", "assistant.chat", "assistant.edit", "corpus.view", "analytics.view"],
  },
  { id: "r_agent_user", on: "assistant", grants: ["assistant.view", "assistant.chat", "conversations.view"] },
  { id: "r_curator", on: "team", grants: ["assistant.view", "corpus.view", "corpus.manage"] },
];

/** The facts of an organization with the administrator `u_admin`. */
export function large({ users, teams, assistants }) {
  const draw = random(14);
  const id = (kind) => `${kind}_${draw.text(16)}`;
  const name = () => `${draw.pick(THINGS)} – ${draw.pick(KINDS)} ${draw.below(10_000)}`;
  const end = (future, past) => {
    const roll = draw.next();
    return roll < future ? { expires: FUTURE + draw.below(1e8) } : roll < future + past ? { expires: PAST + draw.below(1e8) } : {};
  };
  const people = Array.from({ length: users }, (_, n) => {
    if (n === 0) return { id: "u_admin", role: "global_admin", email: "admin@acme.example" };
    const roll = draw.next();
    const role = roll < 0.002 ? "global_admin" : roll < 0.02 ? "application_admin" : "user";
    const status = draw.next() < 0.95 ? {} : { status: "suspended" };
    const email = `${draw.pick(FIRST)}.${draw.pick(LAST)}.${n}@acme.example`.toLowerCase().normalize();
    return { id: id("u"), role, ...status, email };
  });
  const anybody = () => draw.pick(people).id;
  const groups = Array.from({ length: teams }, () => {
    const members = new Map();
    for (let n = 3 + draw.below(50); n > 0; n -= 1)
      members.set(anybody(), draw.chance(0.1) ? "owner" : draw.chance(0.1) ? "r_curator" : "viewer");
    const held = [...members].map(([user, role]) => ({ user, role, ...end(0.03, 0.01) }));
    return { id: id("t"), name: name(), creator: anybody(), members: held };
  });
  const projects = Array.from({ length: Math.max(teams, Math.ceil(assistants / 10)) }, (_, n) => {
    const team = n < teams ? groups[n] : draw.pick(groups);
    return { id: id("p"), name: name(), team: team.id, creator: draw.pick(team.members).user };
  });
  const bots = Array.from({ length: assistants }, () => {
    const roll = draw.next();
    const accessibility = roll < 0.25 ? "only_me" : roll < 0.9 ? "only_team" : "public";
    const bot = { id: id("a"), name: name(), project: draw.pick(projects).id, owner: anybody(), accessibility };
    const grants = new Map();
    while (draw.chance(0.4) && grants.size < 6) grants.set(anybody(), draw.pick(["editor", "r_agent_user", "r_agent_admin"]));
    if (grants.size > 0) bot.grants = [...grants].map(([user, role]) => ({ user, role, ...end(0.1, 0.05) }));
    if (draw.chance(accessibility === "public" ? 0.6 : 0.05)) {
      bot.links = Array.from({ length: 1 + draw.below(2) }, () => ({
        id: id("l"),
        level: draw.chance(0.8) ? "view" : "edit",
        digest: createHash("sha256").update(draw.text(43)).digest("base64url"),
        ...end(0.2, 0.1),
      }));
    }
    if (accessibility === "public" && draw.chance(0.3))
      bot.embed = { origins: [`https://${draw.text(6)}.example`, "https://*.acme.example"] };
    return bot;
  });
  return {
    id: "acme",
    plan: { name: "pro", withholds: ["conversations.takeover"] },
    roles: CUSTOM_ROLES,
    users: people,
    teams: groups,
    projects,
    assistants: bots,
  };
}
