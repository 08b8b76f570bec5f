// Refusals whose meaning depends on the command, in words.

/** `unknown_user`, to people who are not shown others: the authority does not say which of the two it is. */
export const NOBODY_TO_GIVE =
  "There is no such person any more. Or there is, and it cannot be given to them now: an administrator can tell.";
/** `unknown_user`, where something of a member changes. */
export const NOT_A_MEMBER = "They are not in this team any more.";
/** `already_exists`, where somebody is added to a team. */
export const ALREADY_A_MEMBER = "They are in this team already: change their role instead.";
/** `unknown_user` and `unknown_role`, where a role on an assistant is removed. */
export const NOTHING_GIVEN = "They have no role here that could be taken away.";
/** `inactive_user`, where an assistant is transferred. */
export const NEW_OWNER_INACTIVE = "Only somebody whose account is active can own it.";
