// Why the reader cannot suspend, remove, sign out or reassign a person, beyond the capabilities: the core's answers in words. The authority decides.
import { roleBound, type RoleBound, type User } from "wicketgate";
import type { ConsoleContext } from "../../data/console-context";
import { organizationRoles, roleName } from "../../why/words";

/** Why the person cannot be suspended or removed. */
export function whyNotChangeAccount(user: User, { subject, me }: ConsoleContext): string | undefined {
  if (user.id === subject) return "This is your own account. Ask another administrator to do this.";
  return words(roleBound(me, { user: user.id }), user);
}

/** Why the person cannot be signed out. Nobody loses access by that, so only their role matters. */
export function whyNotSignOut(user: User, { me }: ConsoleContext): string | undefined {
  return words(roleBound(me, { role: user.role }), user);
}

/** Why the person cannot be given another role. */
export function whyNotAssign(user: User, context: ConsoleContext): string | undefined {
  if (user.id === context.subject) return "You can’t change your own role. Ask another administrator to do this.";
  if (rolesFor(user, context).length > 0) return undefined;
  // A last global admin is the only one whom a global admin cannot remove either.
  return words(roleBound(context.me, { user: user.id }) ?? "beyond_own_role", user);
}

/** The other roles that the reader may give the person. */
export function rolesFor(user: User, { me, facts }: ConsoleContext): string[] {
  return organizationRoles(facts).filter((role) => role !== user.role && me.canAssignRole(user.id, role));
}

function words(bound: RoleBound | undefined, { role }: User): string | undefined {
  if (bound === undefined) return undefined;
  return bound === "last_global_admin"
    ? "This is the last active global admin. The organization needs at least one."
    : `Their role, ${roleName(role)}, grants more than yours. Ask a global admin.`;
}
