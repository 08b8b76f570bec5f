// The capabilities of a role in the organization, whatever the plan withholds, to show them.
import type { Organization } from "wicketgate";
import { builtInRoles } from "wicketgate/contract";
import { ownProperty } from "../lib/own-property";

export function grantsOf(role: string, { roles = [] }: Organization): ReadonlySet<string> {
  const { level, grants } = ownProperty<{ level: string; grants: readonly string[] }>(builtInRoles, role) ?? {
    level: "organization",
    grants: roles.find(({ id, on }) => id === role && on === "organization")?.grants,
  };
  return new Set(level === "organization" ? grants : []);
}

/** Whether a person with this role holds everything everywhere. No custom role does: Only Me stays closed to it. */
export function holdsEverything(role: string): boolean {
  return role === "global_admin";
}
