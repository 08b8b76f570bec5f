// The refusals of the authority, in words for people.
import type { AuthorityProblemCode } from "wicketgate/contract";
import { capital } from "../lib/sentences";
import { timeInWords } from "../lib/time";
import type { Failure, Problem } from "./api";

/** By code. `undefined`: the title in the authority's answer says more. */
const WORDS: Record<AuthorityProblemCode, string | undefined> = {
  not_allowed: "Your role does not allow this.",
  beyond_own_role: "This concerns a role that may do more than yours, so it is not yours to give or to take.",
  own_role: "Nobody changes their own role.",
  last_global_admin: "This is the last active global admin, and one has to stay.",
  only_me: "It is open to its owner alone.",
  only_team: "It is open to its team alone.",
  in_use: "Somebody holds this role: give them another one first.",
  not_empty: "There is something in it that is not yours to delete.",
  owns_assistants: "They own assistants, and somebody has to take these over.",
  inactive_user: "The person who is to take over is not active.",
  already_exists: "This e-mail address is somebody’s in the organization already, or was invited: then open the link in the mail.",
  unknown_user: "There is no such person any more.",
  unknown_role: "There is no such role any more.",
  unknown_link: "There is no such link any more.",
  unknown_invitation: "There is no invitation to this person.",
  unknown_team: undefined,
  unknown_project: undefined,
  unknown_assistant: undefined,
  unknown_review: undefined,
  invitation_invalid: "This invitation is not valid: it was used already, or withdrawn, or replaced by a newer one.",
  invitation_expired: "This invitation has expired. Ask for a new one.",
  wrong_address: "You signed in with another e-mail address than the one that was invited.",
  email_not_verified: "Your identity provider has not verified your e-mail address.",
  sign_in_failed: "Something went wrong on the way. Try again.",
  not_signed_in: "You are not signed in any more.",
  removed_user: "Your access was removed.",
  suspended_user: "Your account is suspended.",
  rate_limited: "That was a lot at once: try again later.",
  invalid_command: undefined,
  invalid_facts: undefined,
  invalid_return: undefined,
  bad_request: undefined,
  cross_origin: undefined,
  not_found: undefined,
  already_founded: undefined,
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
  if (until !== undefined) return `You have this only until ${timeInWords(until)}, and can give it for no longer.`;
  return WORDS[code] ?? sentence(title);
}

/** The refusal with words of its own, for the codes whose words depend on what was asked. */
export function refusedAs(failure: Failure | undefined, words: Partial<Record<AuthorityProblemCode, string>>): Failure | undefined {
  if (failure?.kind !== "refused") return failure;
  const own = words[failure.problem.code];
  return own === undefined ? failure : { ...failure, words: own };
}

export function failureInWords(failure: Failure): string {
  switch (failure.kind) {
    case "network":
      return "The authority is out of reach: nothing was changed, as far as this page knows.";
    case "refused":
      return failure.words ?? problemInWords(failure.problem);
    case "unexpected":
      return sentence(failure.title);
    case "expired":
      return "What the authority answered does not count at this computer’s time. Check the clock.";
    case "unloaded":
      return `What verifies answers could not be loaded (${failure.code}).`;
    case "unverified":
      return `What the authority answered could not be verified (${failure.code}).`;
  }
}

/** "facts: missing" → "Facts: missing." */
function sentence(title: string): string {
  return capital(title.endsWith(".") ? title : `${title}.`);
}
