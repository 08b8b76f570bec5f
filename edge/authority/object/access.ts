// What a caller must be allowed before the object answers. @throws Problem
import type { Directory } from "wicketgate/authority";
import { Problem } from "../problem";

/** For the whole organization, as it is and as it was: a global admin. */
export function requireOverview(directory: Directory, user: string): void {
  if (!directory.holdsEverything({ user })) throw new Problem("not_allowed", "only global admins may read the whole organization");
}

export function requireAuditView(directory: Directory, user: string, now: number): void {
  const denied = directory.denied({ user }, "audit.view", undefined, now);
  if (denied) throw new Problem("not_allowed", "this person may not read the audit log", { capability: "audit.view", denied });
}

/** For webhooks, which give the audit log to others. */
export function requireWebhooks(directory: Directory, user: string, now: number): void {
  for (const capability of ["integrations.manage", "audit.view"] as const) {
    const denied = directory.denied({ user }, capability, undefined, now);
    if (denied) throw new Problem("not_allowed", "this person may not manage webhooks", { capability, denied });
  }
}

export function requirePublic(directory: Directory, assistant: string): void {
  if (!directory.isPublic(assistant)) throw new Problem("unknown_assistant", "no public assistant has this id");
}

/** Whether the caller looks after people: the same callers see addresses. */
export function seesActivity(directory: Directory, user: string, now: number): boolean {
  return (["user.invite", "panel.user_settings"] as const).some(
    (capability) => !directory.denied({ user }, capability, undefined, now),
  );
}
