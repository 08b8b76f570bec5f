// The authority's refusals in words.
import type { AuthorityProblemCode } from "wicketgate/contract";
import { capital } from "../lib/sentences";
import { timeInWords } from "../lib/time";
import type { Failure, Problem } from "./api";

/** By code. `undefined`: the title in the authority's answer is more exact. */
const WORDS: Record<AuthorityProblemCode, string | undefined> = {
  not_allowed: "Your role does not allow this.",
  beyond_own_role: "This role grants more than yours, so you can’t give or remove it.",
  own_role: "You can’t change your own role.",
  last_global_admin: "This is the last active global admin. The organization needs at least one.",
  only_me: "It is open to its owner only.",
  only_team: "It is open to its team only.",
  in_use: "Somebody has this role. Give them another role first.",
  not_empty: "It contains something that you can’t delete.",
  owns_assistants: "They own assistants, which need a new owner.",
  inactive_user: "The account of the new owner is not active.",
  already_exists:
    "This e-mail address already belongs to somebody in the organization, or was invited. If you were invited, open the link in the e-mail.",
  unknown_user: "This person does not exist any more.",
  unknown_role: "This role does not exist any more.",
  unknown_link: "This link does not exist any more.",
  unknown_webhook: "This webhook does not exist any more.",
  too_many: "There are as many as there may be. Delete one first.",
  unknown_api_key: "This API key was revoked already.",
  invalid_api_key: undefined,
  address_not_allowed: undefined,
  missing_scope: undefined,
  unknown_invitation: "There is no invitation to this person.",
  unknown_team: undefined,
  unknown_project: undefined,
  unknown_assistant: undefined,
  unknown_review: undefined,
  unknown_version: undefined,
  unknown_delivery: "The event of this delivery can’t be sent again.",
  webhook_paused: undefined,
  invitation_invalid: "This invitation is not valid: it was already used, withdrawn, or replaced by a newer one.",
  invitation_expired: "This invitation has expired. Ask for a new one.",
  wrong_address: "You signed in with another e-mail address than the one that was invited.",
  email_not_verified: "Your identity provider has not verified your e-mail address.",
  sign_in_failed: "The sign-in failed. Try again.",
  not_signed_in: "You are not signed in any more.",
  removed_user: "Your access was removed.",
  suspended_user: "Your account is suspended.",
  rate_limited: "There were too many requests. Try again later.",
  invalid_command: undefined,
  invalid_facts: undefined,
  invalid_return: undefined,
  bad_request: undefined,
  cross_origin: undefined,
  not_found: undefined,
  method_not_allowed: undefined,
  already_founded: undefined,
  invalid_import: undefined,
  unsupported_format: undefined,
  key_is_configured: undefined,
  rotation_in_progress: undefined,
  delta_unavailable: undefined,
  version_conflict: undefined,
  too_large: undefined,
  unsupported_media_type: undefined,
  idempotency_conflict: undefined,
  upgrade_required: undefined,
  internal: undefined,
  tampered: undefined,
  not_configured: undefined,
  not_founded: undefined,
  unavailable: undefined,
};

export function problemInWords({ code, title, until }: Pick<Problem, "code" | "title" | "until">): string {
  if (until !== undefined) return `You have this only until ${timeInWords(until)}, so you can’t give it for longer.`;
  return WORDS[code] ?? sentence(title);
}

/** The refusal with other words, for codes whose meaning depends on the command. */
export function refusedAs(failure: Failure | undefined, words: Partial<Record<AuthorityProblemCode, string>>): Failure | undefined {
  if (failure?.kind !== "refused") return failure;
  const other = words[failure.problem.code];
  return other === undefined ? failure : { ...failure, words: other };
}

export function failureInWords(failure: Failure): string {
  switch (failure.kind) {
    case "network":
      return "The authority can’t be reached. As far as this page knows, nothing was changed.";
    case "refused":
      return failure.words ?? problemInWords(failure.problem);
    case "unexpected":
      return sentence(failure.title);
    case "expired":
      return "The authority’s answer is not valid at the time of this computer’s clock. Check the clock.";
    case "unloaded":
      return `The verification code of this page could not be loaded (${failure.code}).`;
    case "unverified":
      return `The authority’s answer could not be verified (${failure.code}).`;
  }
}

/** "facts: missing" → "Facts: missing." */
function sentence(title: string): string {
  return capital(title.endsWith(".") ? title : `${title}.`);
}
