// Refusals whose meaning depends on the command, in words.

/** `unknown_user`, for readers who do not see all people: the authority does not say which of the two it is. */
export const NOBODY_TO_GIVE = "This person does not exist, or can’t be given this now. An administrator can tell you which.";
/** `unknown_user`, when a membership is changed or removed. */
export const NOT_A_MEMBER = "They are no longer in this team.";
/** `already_exists`, when a person is added to a team. */
export const ALREADY_A_MEMBER = "They are already in this team. Change their role instead.";
/** `unknown_user` and `unknown_role`, when a role on an assistant is removed. */
export const NOTHING_GIVEN = "They have no role here to remove.";
/** `inactive_user`, when an assistant is transferred. */
export const NEW_OWNER_INACTIVE = "Only a person with an active account can own it.";
