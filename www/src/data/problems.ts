// The refusals of the authority, in words for people.
import { timeInWords } from "../lib/time";
import type { Failure, Problem } from "./api";
import { ownProperty } from "../lib/own-property";

const WORDS: Record<string, string> = {
  not_allowed: "Your role does not allow this.",
  beyond_own_role: "This concerns a role that may do more than yours, so it is not yours to give or to take.",
  already_member: "They are in this team already: change their role instead.",
  not_a_member: "They are not in this team any more.",
  nothing_given: "They have no role here that could be taken away.",
  new_owner_inactive: "Only somebody whose account is active can own it.",
  not_empty: "There is something in it that is not yours to delete.",
  unknown_link: "There is no such link any more.",
  own_role: "Nobody changes their own role.",
  only_me: "It is open to its owner alone.",
  only_team: "It is open to its team alone.",
  last_global_admin: "This is the last active global admin, and one has to stay.",
  nobody_to_give: "There is no such person any more. Or there is, and it cannot be given to them now: an administrator can tell.",
  unknown_user: "There is no such person any more.",
  role_exists: "There is a role of that name which grants something else.",
  in_use: "Somebody holds this role: give them another one first.",
  unknown_role: "There is no such role any more.",
  unknown_invitation: "There is no invitation to this person.",
  already_exists: "This e-mail address is somebody’s in the organization already, or was invited: then open the link in the mail.",
  owns_assistants: "They own assistants, and somebody has to take these over.",
  inactive_user: "The person who is to take over is not active.",
  invitation_invalid: "This invitation is not valid: it was used already, or withdrawn, or replaced by a newer one.",
  invitation_expired: "This invitation has expired. Ask for a new one.",
  wrong_address: "You signed in with another e-mail address than the one that was invited.",
  email_not_verified: "Your identity provider has not verified your e-mail address.",
  sign_in_failed: "Something went wrong on the way. Try again.",
  rate_limited: "That was a lot at once: try again later.",
  not_signed_in: "You are not signed in any more.",
  removed_user: "Your access was removed.",
  suspended_user: "Your account is suspended.",
};

/** Plain words, or the authority's own where there are none here. */
export function problemInWords({ code, title, detail, until }: Problem): string {
  if (until !== undefined) return `You have this only until ${timeInWords(until)}, and can give it for no longer.`;
  return ownProperty(WORDS, code) ?? `${detail ?? title}.`.replace(/\.\.$/, ".").replace(/^./, (first) => first.toUpperCase());
}

export function failureInWords(failure: Failure): string {
  switch (failure.kind) {
    case "network":
      return "The authority is out of reach: nothing was changed, as far as this page knows.";
    case "refused":
      return problemInWords(failure.problem);
    case "expired":
      return "What the authority answered does not count at this computer’s time. Check the clock.";
    case "unloaded":
      return `What verifies answers could not be loaded (${failure.code}).`;
    case "unverified":
      return `What the authority answered could not be verified (${failure.code}).`;
  }
}
