// A slow, obvious evaluator of the rules for signed-in users and assistants. It reads the whole organization, uses no tokens, and exists only
// to check the peers' answers.

import { CAPABILITIES, GRANTS } from "./rules.mjs";

const GLOBAL_ADMIN = "global_admin";
const CREATES_TEAMS = ["global_admin", "application_admin"];

/** Prepares lookups by id. */
export function directory(facts) {
  const byId = (list) => new Map(list.map((entity) => [entity.id, entity]));
  return {
    withheld: facts.plan?.withholds ?? [],
    roles: byId(facts.roles ?? []),
    users: byId(facts.users),
    teams: byId(facts.teams),
    projects: byId(facts.projects),
    assistants: byId(facts.assistants),
  };
}

/** Whether the user may do this to the assistant at the given time (Unix seconds). */
export function allowed(org, userId, capability, assistantId, now) {
  const user = org.users.get(userId);
  if (!user || (user.status ?? "active") !== "active") return false;
  const assistant = org.assistants.get(assistantId);
  if (!assistant || !CAPABILITIES.includes(capability)) return false;
  if (org.withheld.includes(capability)) return false;
  return relations(org, user, assistant, now).some(
    (relation) => counts(relation, assistant) && relation.grants.includes(capability),
  );
}

/** Every relation of the user to the assistant, hidden ones included, with what it grants. */
export function relations(org, user, assistant, now) {
  const found = [];
  const add = (kind, grants, extra) => found.push({ kind, grants, ...extra });
  const team = org.teams.get(org.projects.get(assistant.project).team);

  if (user.role === GLOBAL_ADMIN) add("global_admin", CAPABILITIES);
  const isCreator = team.creator === user.id && createsTeams(org, user.role);
  const member = (team.members ?? []).find((entry) => entry.user === user.id && current(entry, now));
  if (isCreator) add("team", GRANTS.team_owner);
  if (member) add("team", granted(org, `team_${member.role}`, member.role));
  if (assistant.owner === user.id) add("assistant_owner", GRANTS.owner);
  for (const grant of assistant.grants ?? []) {
    if (grant.user !== user.id || !current(grant, now)) continue;
    add("assistant_grant", granted(org, grant.role, grant.role), { inTeam: isCreator || Boolean(member) });
  }
  if (org.roles.has(user.role)) add("organization_role", granted(org, user.role, user.role));
  if (assistant.accessibility === "public") add("public", GRANTS.public);
  return found;
}

// The ceiling: the relations that count under an accessibility.
function counts(relation, assistant) {
  if (relation.kind === "global_admin" || relation.kind === "assistant_owner") return true;
  if (assistant.accessibility === "only_me") return false;
  if (assistant.accessibility === "public") return true;
  return relation.kind === "assistant_grant" ? relation.inTeam : true;
}

function granted(org, builtIn, custom) {
  return GRANTS[builtIn] ?? org.roles.get(custom)?.grants ?? [];
}

function createsTeams(org, role) {
  return CREATES_TEAMS.includes(role) || (org.roles.get(role)?.grants ?? []).includes("team.create");
}

function current(entry, now) {
  return entry.expires === undefined || now < entry.expires;
}

/** The user's capabilities on each assistant, without assistants that have none: id → bits. */
export function holdings(org, userId, now) {
  const held = new Map();
  for (const id of org.assistants.keys()) {
    let bits = 0;
    CAPABILITIES.forEach((capability, bit) => {
      if (allowed(org, userId, capability, id, now)) bits |= 1 << bit;
    });
    if (bits) held.set(id, bits);
  }
  return held;
}
