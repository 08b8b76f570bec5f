// Why the reader cannot suspend, remove, sign out or reassign a person, beyond the capabilities. The authority decides.
import type { User } from "wicketgate";
import type { ConsoleContext } from "../../data/console-context";
import { covers } from "../../data/role-grants";
import { organizationRoles, roleName } from "../../why/words";

/** Why the person cannot be suspended or removed. */
export function whyNotChangeAccount(user: User, { subject, role, facts }: ConsoleContext): string | undefined {
  if (user.id === subject) return "This is your own account. Ask another administrator to do this.";
  if (!covers(role, user.role, facts)) return beyond(user);
  if (isLastAdmin(user, facts.users)) return LAST_ADMIN;
  return undefined;
}

/** Why the person cannot be signed out. Nobody loses access by that, so only their role matters. */
export function whyNotSignOut(user: User, { role, facts }: ConsoleContext): string | undefined {
  return covers(role, user.role, facts) ? undefined : beyond(user);
}

/** Why the person cannot be given another role. */
export function whyNotAssign(user: User, context: ConsoleContext): string | undefined {
  if (user.id === context.subject) return "You can’t change your own role. Ask another administrator to do this.";
  if (rolesFor(user, context).length > 0) return undefined;
  return isLastAdmin(user, context.facts.users) ? LAST_ADMIN : beyond(user);
}

/** The other roles that the reader may give the person. */
export function rolesFor(user: User, { me, facts }: ConsoleContext): string[] {
  return organizationRoles(facts).filter((role) => role !== user.role && me.canAssignRole(user.id, role));
}

/** The roles that the reader may invite people with. */
export function rolesToInvite({ role: ownRole, facts }: ConsoleContext): string[] {
  return organizationRoles(facts).filter((role) => covers(ownRole, role, facts));
}

const LAST_ADMIN = "This is the last active global admin. The organization needs at least one.";

function beyond(user: User): string {
  return `Their role, ${roleName(user.role)}, grants more than yours. Ask a global admin.`;
}

function isLastAdmin({ id, role, status = "active" }: User, users: readonly User[] = []): boolean {
  if (role !== "global_admin" || status !== "active") return false;
  return !users.some((other) => other.id !== id && other.role === "global_admin" && (other.status ?? "active") === "active");
}
