// Cedar, stateful interface: policies are parsed once. Entities are passed with each question, because the interface keeps none; only the two
// entities of the question are passed. No schema, because a question is a little faster without. Entities are in a JWT.

import init, { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/web";
import { wasm } from "#wasm";
import { sign, verify } from "./jwt.mjs";

const POLICIES = "member";

/** Server: the policies, and the member's facts and assistants as claims of a token. */
export async function prepare({ slice: { subject, teams, assistants, table } }) {
  const material = await sign({ policies: policies(table), subject, teams, assistants });
  return { material, wire: { body: material.token } };
}

/** Client: verifies, parses the policies once, prepares the entities. */
export async function open(material) {
  const [claims] = await Promise.all([verify(material), init({ module_or_path: wasm("cedar.wasm") })]);
  const parsed = preparsePolicySet(POLICIES, { staticPolicies: claims.policies });
  if (parsed.type !== "success") throw new Error(JSON.stringify(parsed.errors));

  const principal = { type: "User", id: claims.subject };
  const user = {
    uid: principal,
    attrs: { owned: claims.teams.owner, viewed: claims.teams.viewer },
    parents: [],
  };
  const resources = new Map(claims.assistants.map((row) => [row.id, entity(row)]));
  const ask = (capability, resource) => {
    const answer = statefulIsAuthorized({
      principal,
      action: { type: "Action", id: capability },
      resource: resource.uid,
      context: {},
      preparsedPolicySetId: POLICIES,
      entities: [user, resource],
    });
    if (answer.type !== "success" || answer.response.diagnostics.errors.length) {
      throw new Error(JSON.stringify(answer));
    }
    return answer.response.decision === "allow";
  };
  return {
    can(capability, id) {
      const resource = resources.get(id);
      return resource !== undefined && ask(capability, resource);
    },
    list(capability) {
      const ids = [];
      for (const [id, resource] of resources) if (ask(capability, resource)) ids.push(id);
      return ids;
    },
  };
}

function entity({ id, team, accessibility, owner, grant }) {
  const attrs = { team, accessibility };
  if (owner) attrs.owner = { __entity: { type: "User", id: owner } };
  if (grant) attrs.grant = grant;
  return { uid: { type: "Assistant", id }, attrs, parents: [] };
}

function policies(table) {
  const permit = (capabilities, when) => {
    const actions = capabilities.map((capability) => `Action::"${capability}"`).join(", ");
    return `permit(principal, action in [${actions}], resource) when { ${when} };`;
  };
  const shared = `resource.accessibility != "only_me"`;
  const member = "(principal.owned.contains(resource.team) || principal.viewed.contains(resource.team))";
  return [
    permit(table.owner, "resource has owner && resource.owner == principal"),
    permit(table.team_owner, `${shared} && principal.owned.contains(resource.team)`),
    permit(table.team_viewer, `${shared} && principal.viewed.contains(resource.team)`),
    permit(table.public, `resource.accessibility == "public"`),
    ...Object.entries(table.grantRoles).map(([role, grants]) =>
      permit(
        grants,
        `resource has grant && resource.grant == "${role}" && ` +
          `(resource.accessibility == "public" || (${shared} && ${member}))`,
      ),
    ),
  ].join("\n");
}
