// The data that a server looks up for one member: the shared input of the peers that evaluate rules themselves (conditions, policies,
// Datalog). Like a member snapshot, it has only data that concerns this member.

import { GRANTS } from "./rules.mjs";

/** The member's teams and visible assistants, and the capabilities behind each relation. */
export function slice(facts, held, subject, now) {
  const current = (entry) => entry.expires === undefined || now < entry.expires;
  const teams = { owner: [], viewer: [] };
  for (const team of facts.teams) {
    const member = team.members.find((entry) => entry.user === subject && current(entry));
    if (member) teams[member.role].push(team.id);
  }
  const teamOf = new Map(facts.projects.map((project) => [project.id, project.team]));
  const assistants = facts.assistants
    .filter((assistant) => held.has(assistant.id))
    .map((assistant) => {
      const row = {
        id: assistant.id,
        team: teamOf.get(assistant.project),
        accessibility: assistant.accessibility,
      };
      if (assistant.owner === subject) row.owner = subject;
      const grant = assistant.grants?.find((entry) => entry.user === subject && current(entry));
      if (grant) row.grant = grant.role;
      return row;
    });
  return { subject, teams, assistants, table: table(facts) };
}

// The plan withholds from everybody, so these capabilities are removed from the table once.
function table(facts) {
  const withheld = new Set(facts.plan.withholds);
  const kept = (capabilities) => capabilities.filter((capability) => !withheld.has(capability));
  const roles = Object.fromEntries(facts.roles.map((role) => [role.id, kept(role.grants)]));
  const relations = Object.fromEntries(Object.entries(GRANTS).map(([id, list]) => [id, kept(list)]));
  const grantRoles = { editor: relations.editor, ...roles };
  return { ...relations, grantRoles };
}
