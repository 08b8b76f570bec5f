// The roles in the organization that the reader may give to somebody or something new: the core's answers. The authority decides.
import { roleBound } from "wicketgate";
import type { ConsoleContext } from "../../data/console-context";
import { organizationRoles } from "../../why/words";

export function rolesToGive({ me, facts }: ConsoleContext): string[] {
  return organizationRoles(facts).filter((role) => roleBound(me, { role }) === undefined);
}
