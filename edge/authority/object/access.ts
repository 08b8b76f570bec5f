// What a caller must be allowed before the object answers. @throws Problem
import type { Actor, Capability, Directory } from "wicketgate/authority";
import { Problem } from "../problem";

/** For the whole organization, as it is and as it was: a global admin. */
export function requireOverview(directory: Directory, actor: Actor): void {
  if (!directory.holdsEverything(actor)) throw new Problem("not_allowed", "only global admins may read the whole organization");
}

export function requireAuditView(directory: Directory, actor: Actor, now: number): void {
  require(directory, actor, "audit.view", "read the audit log", now);
}

/** For webhooks, which give the audit log to others. */
export function requireWebhooks(directory: Directory, actor: Actor, now: number): void {
  for (const capability of ["integrations.manage", "audit.view"] as const)
    require(directory, actor, capability, "manage webhooks", now);
}

export function requireApiKeys(directory: Directory, actor: Actor, now: number): void {
  require(directory, actor, "panel.api_keys", "manage API keys", now);
}

function require(directory: Directory, actor: Actor, capability: Capability, what: string, now: number): void {
  const denied = directory.denied(actor, capability, undefined, now);
  if (denied) throw new Problem("not_allowed", `the caller may not ${what}`, { capability, denied });
}

export function requirePublic(directory: Directory, assistant: string): void {
  if (!directory.isPublic(assistant)) throw new Problem("unknown_assistant", "no public assistant has this id");
}

/** Whether the caller looks after people: the same callers see addresses. */
export function seesActivity(directory: Directory, actor: Actor, now: number): boolean {
  return (["user.invite", "panel.user_settings"] as const).some(
    (capability) => !directory.denied(actor, capability, undefined, now),
  );
}
