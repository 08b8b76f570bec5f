// What an organization role grants by itself, whatever the plan says: nobody gives a role that grants more than their own.
import type { Organization } from "wicketgate";
import { CAPABILITIES } from "../data/capabilities";

const ALL = Object.keys(CAPABILITIES) as (keyof typeof CAPABILITIES)[];

export function grantsOf(role: string, { roles = [] }: Organization): ReadonlySet<string> {
  switch (role) {
    case "global_admin":
      return new Set(ALL);
    case "application_admin":
      return new Set(ALL.filter((capability) => CAPABILITIES[capability].holders.includes("application_admin")));
    default:
      return new Set(roles.find(({ id, on }) => id === role && on === "organization")?.grants);
  }
}

/** Whether the one grants all that the other does. */
export function covers(one: string, other: string, facts: Organization): boolean {
  const held = grantsOf(one, facts);
  return [...grantsOf(other, facts)].every((capability) => held.has(capability));
}

/** Whether somebody of this role holds everything everywhere. No custom role does: what is open to its owner alone stays closed to it. */
export function holdsEverything(role: string): boolean {
  return role === "global_admin";
}
