// Single everyday changes, as commands of the directory.

import { random } from "./world.mjs";

/** The administrator who makes them: may do everything, and can sign in. */
export function administrator({ users }) {
  return users[0];
}

/** One change of each kind. They concern the subject as far as the rules allow. Each works only once, and in this order. */
export function changesAbout(facts, subject) {
  const home = facts.teams.findLast((team) => team.members.some((member) => member.user === subject && member.role === "viewer"));
  const elsewhere = facts.teams.find((team) => !isIn(team, subject));
  const project = facts.projects.find(({ team }) => team === home.id);
  const within = new Set(facts.projects.filter(({ team }) => team === home.id).map(({ id }) => id));
  const foreign = (assistant) => assistant.owner !== subject && !assistant.grants?.some(({ user }) => user === subject);
  const near = facts.assistants.filter((assistant) => within.has(assistant.project) && foreign(assistant));
  const shared = near.find(({ accessibility }) => accessibility === "only_team");
  const hidden = near.find(({ accessibility }) => accessibility === "only_me");
  const colleague = plain(facts).find(({ id }) => id !== subject && !isIn(home, id)).id;
  const team = home.id;
  return [
    { type: "grant", assistant: shared.id, user: subject, role: "editor" },
    { type: "revoke_grant", assistant: shared.id, user: subject },
    { type: "edit_assistant", assistant: shared.id, name: "Travel desk" },
    { type: "set_accessibility", assistant: hidden.id, accessibility: "only_team" },
    { type: "set_accessibility", assistant: shared.id, accessibility: "public" },
    { type: "create_link", assistant: shared.id, level: "view" },
    { type: "create_assistant", project: project.id, id: "a_made", name: "Travel guide", accessibility: "only_team" },
    { type: "delete_assistant", assistant: "a_made" },
    { type: "edit_team", team, name: "Travel" },
    { type: "set_member_role", team, user: subject, role: "owner" },
    { type: "add_member", team, user: colleague, role: "viewer" },
    { type: "add_member", team: elsewhere.id, user: subject, role: "viewer" },
    { type: "assign_role", user: colleague, role: "application_admin" },
    { type: "suspend_user", user: colleague },
    { type: "remove_user", user: colleague, successor: subject },
  ];
}

/**
 * A round of changes that ends where it began, so that any number of rounds leaves an organization of equal size. Public assistants are changed
 * only on request, because their gate snapshots are written again after each change.
 */
export function routine(facts, { rounds = 50, open = false } = {}) {
  const draw = random(7);
  const people = plain(facts);
  const assistants = facts.assistants.filter(({ accessibility }) => accessibility === (open ? "public" : "only_team"));
  const teamOf = new Map(facts.projects.map(({ id, team }) => [id, facts.teams.find((other) => other.id === team)]));
  return Array.from({ length: rounds }, (_, round) => {
    const assistant = draw.pick(assistants);
    const team = teamOf.get(assistant.project);
    const free = people.filter(({ id }) => !isIn(team, id) && !assistant.grants?.some(({ user }) => user === id));
    const [one, other] = [draw.pick(free).id, draw.pick(people).id];
    const names = round % 2 ? ["Travel desk", "Payroll guide"] : ["Returns helper", "Billing coach"];
    const about = { assistant: assistant.id };
    const sharing = open
      ? [
          { type: "create_link", ...about, id: "measured", level: "view" },
          { type: "revoke_link", ...about, link: "measured" },
        ]
      : [
          { type: "set_accessibility", ...about, accessibility: "only_me" },
          { type: "set_accessibility", ...about, accessibility: "only_team" },
        ];
    return [
      { type: "add_member", team: team.id, user: one, role: "viewer" },
      { type: "grant", ...about, user: one, role: "editor" },
      { type: "edit_assistant", ...about, name: names[0] },
      ...sharing,
      { type: "edit_assistant", ...about, name: names[1] },
      { type: "set_member_role", team: team.id, user: one, role: "owner" },
      { type: "revoke_grant", ...about, user: one },
      { type: "remove_member", team: team.id, user: one },
      { type: "edit_team", team: team.id, name: names[0] },
      { type: "assign_role", user: other, role: "application_admin" },
      { type: "assign_role", user: other, role: "user" },
    ];
  }).flat();
}

function plain({ users }) {
  return users.filter(({ role, status }) => role === "user" && status === "active");
}

function isIn(team, user) {
  return team.creator === user || team.members.some((member) => member.user === user);
}
