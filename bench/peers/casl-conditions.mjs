// CASL with conditions: a few rules over the attributes of an assistant, and the assistants.
// Unsigned here; casl-conditions-jose.mjs signs both.

import { createMongoAbility } from "@casl/ability";
import { packRules, unpackRules } from "@casl/ability/extra";

const SUBJECT = "Assistant";

/** Server: the member's rules, packed as CASL recommends for tokens, and their assistants. */
export function prepare({ slice }) {
  const assistants = slice.assistants.map(({ grant, ...row }) => row);
  const material = { rules: packRules(rules(slice)), assistants };
  return { material, wire: { body: JSON.stringify(material) } };
}

/** Client: rules become an ability, assistants become the objects of its questions. */
export function open({ rules, assistants }) {
  // There is one kind of object, so its type need not be detected: the fastest documented way.
  const ability = createMongoAbility(unpackRules(rules), { detectSubjectType: () => SUBJECT });
  const byId = new Map(assistants.map((assistant) => [assistant.id, assistant]));
  return {
    can(capability, id) {
      const assistant = byId.get(id);
      return assistant !== undefined && ability.can(capability, assistant);
    },
    list: (capability) => assistants.filter((assistant) => ability.can(capability, assistant)).map((assistant) => assistant.id),
  };
}

// CASL tries the last rule first, so the most frequent relation comes last.
function rules({ subject, teams, assistants, table }) {
  const rule = (action, conditions) => ({ action, subject: SUBJECT, conditions });
  const shared = { $in: ["only_team", "public"] };
  const mine = { $in: [...teams.owner, ...teams.viewer] };
  const made = [];
  for (const [role, grants] of Object.entries(table.grantRoles)) {
    const ids = assistants.filter((assistant) => assistant.grant === role).map((assistant) => assistant.id);
    if (!ids.length) continue;
    made.push(rule(grants, { id: { $in: ids }, accessibility: "only_team", team: mine }));
    made.push(rule(grants, { id: { $in: ids }, accessibility: "public" }));
  }
  made.push(rule(table.owner, { owner: subject }));
  made.push(rule(table.team_owner, { accessibility: shared, team: { $in: teams.owner } }));
  made.push(rule(table.team_viewer, { accessibility: shared, team: { $in: teams.viewer } }));
  made.push(rule(table.public, { accessibility: "public" }));
  return made;
}
