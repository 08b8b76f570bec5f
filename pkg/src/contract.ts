// Written by `make contract` from the tables in src/. Do not edit: change the table.
/**
 * The names and numbers that the core, the services and their clients share, as plain data, without the WebAssembly module: capabilities, roles, reasons,
 * codes, problem documents, commands, limits.
 *
 * It describes the rules and decides nothing: ask `can` and `check`.
 * @module wicketgate/contract
 */

/** Every capability: the kind of thing that it is asked of, and what it allows. */
export const capabilities = {
  "user.invite": { kind: "organization", sentence: "Invite people by e-mail." },
  "user.assign_role": { kind: "organization", sentence: "Give people another organization role, within the giver's own powers." },
  "user.remove": { kind: "organization", sentence: "Remove or suspend people, within the remover's own powers." },
  "team.create": { kind: "organization", sentence: "Create teams." },
  "panel.analytics": { kind: "organization", sentence: "See the organization's analytics." },
  "panel.user_settings": { kind: "organization", sentence: "See everybody's role and status." },
  "panel.aliases": { kind: "organization", sentence: "See and edit aliases." },
  "panel.chatlogs": { kind: "organization", sentence: "Read the organization's chat logs." },
  "panel.api_keys": { kind: "organization", sentence: "Manage API keys." },
  "settings.manage": { kind: "organization", sentence: "Change the organization's settings." },
  "integrations.manage": { kind: "organization", sentence: "Manage integrations." },
  "role.define": { kind: "organization", sentence: "Define custom roles." },
  "audit.view": { kind: "organization", sentence: "Read the audit log." },
  "team.view": { kind: "team", sentence: "See the team." },
  "team.edit": { kind: "team", sentence: "Rename the team and change its settings." },
  "team.delete": { kind: "team", sentence: "Delete the team." },
  "team.manage_members": { kind: "team", sentence: "Add and remove members and change their team role." },
  "project.create": { kind: "team", sentence: "Create projects in the team." },
  "assistant.create": { kind: "team", sentence: "Create assistants in the team." },
  "project.view": { kind: "project", sentence: "See the project." },
  "project.edit": { kind: "project", sentence: "Rename the project and change its settings." },
  "project.delete": { kind: "project", sentence: "Delete the project." },
  "assistant.view": { kind: "assistant", sentence: "See the assistant." },
  "assistant.chat": { kind: "assistant", sentence: "Talk to the assistant." },
  "assistant.edit": { kind: "assistant", sentence: "Change the assistant's configuration." },
  "assistant.delete": { kind: "assistant", sentence: "Delete the assistant." },
  "assistant.share": { kind: "assistant", sentence: "Change accessibility, grants, links, embedding and ownership." },
  "corpus.view": { kind: "assistant", sentence: "Read the knowledge base." },
  "corpus.manage": { kind: "assistant", sentence: "Change the knowledge base." },
  "conversations.view": { kind: "assistant", sentence: "Read conversations." },
  "conversations.takeover": { kind: "assistant", sentence: "Take a conversation over from the assistant." },
  "channels.deploy": { kind: "assistant", sentence: "Deploy to channels." },
  "actions.manage": { kind: "assistant", sentence: "Manage actions." },
  "analytics.view": { kind: "assistant", sentence: "See the assistant's analytics." },
  "evaluation.run": { kind: "assistant", sentence: "Run evaluation and regression tests." },
  "responses.supporting_content": { kind: "assistant", sentence: "See the content that supports a response." },
  "responses.thought_process": { kind: "assistant", sentence: "See how a response came about." },
} as const;
/** The name of a capability. */
export type Capability = keyof typeof capabilities;

/** What capabilities are called in English. */
export const capabilityLabels = {
  "user.invite": "Invite people",
  "user.assign_role": "Assign roles",
  "user.remove": "Remove people",
  "team.create": "Create teams",
  "panel.analytics": "Analytics panel",
  "panel.user_settings": "User settings",
  "panel.aliases": "Aliases",
  "panel.chatlogs": "Chat logs",
  "panel.api_keys": "API keys",
  "settings.manage": "Settings",
  "integrations.manage": "Integrations",
  "role.define": "Define roles",
  "audit.view": "Audit log",
  "team.view": "View the team",
  "team.edit": "Rename the team",
  "team.delete": "Delete the team",
  "team.manage_members": "Manage members",
  "project.create": "Create projects",
  "assistant.create": "Create assistants",
  "project.view": "View the project",
  "project.edit": "Rename the project",
  "project.delete": "Delete the project",
  "assistant.view": "View",
  "assistant.chat": "Chat",
  "assistant.edit": "Edit",
  "assistant.delete": "Delete",
  "assistant.share": "Share",
  "corpus.view": "Knowledge base",
  "corpus.manage": "Manage knowledge",
  "conversations.view": "Conversations",
  "conversations.takeover": "Take over",
  "channels.deploy": "Deploy",
  "actions.manage": "Actions",
  "analytics.view": "Analytics",
  "evaluation.run": "Evaluation",
  "responses.supporting_content": "Supporting content",
  "responses.thought_process": "Thought process",
} as const;

/** What a role can be held on, and the kinds of the capabilities that it may grant there. */
export const levels = {
  organization: { kinds: ["organization", "team", "project", "assistant"] },
  team: { kinds: ["team", "project", "assistant"] },
  assistant: { kinds: ["assistant"] },
} as const;

/** The built-in roles, which every organization has. */
export const builtInRoles = {
  global_admin: {
    level: "organization",
    grants: [
      "user.invite",
      "user.assign_role",
      "user.remove",
      "team.create",
      "panel.analytics",
      "panel.user_settings",
      "panel.aliases",
      "panel.chatlogs",
      "panel.api_keys",
      "settings.manage",
      "integrations.manage",
      "role.define",
      "audit.view",
      "team.view",
      "team.edit",
      "team.delete",
      "team.manage_members",
      "project.create",
      "assistant.create",
      "project.view",
      "project.edit",
      "project.delete",
      "assistant.view",
      "assistant.chat",
      "assistant.edit",
      "assistant.delete",
      "assistant.share",
      "corpus.view",
      "corpus.manage",
      "conversations.view",
      "conversations.takeover",
      "channels.deploy",
      "actions.manage",
      "analytics.view",
      "evaluation.run",
      "responses.supporting_content",
      "responses.thought_process",
    ],
  },
  application_admin: {
    level: "organization",
    grants: [
      "user.invite",
      "user.assign_role",
      "user.remove",
      "team.create",
      "panel.analytics",
      "panel.user_settings",
      "panel.aliases",
      "settings.manage",
    ],
  },
  user: { level: "organization", grants: [] },
  owner: {
    level: "team",
    grants: [
      "team.view",
      "team.edit",
      "team.delete",
      "team.manage_members",
      "project.create",
      "assistant.create",
      "project.view",
      "project.edit",
      "project.delete",
      "assistant.view",
      "assistant.chat",
      "assistant.edit",
      "assistant.delete",
      "assistant.share",
      "corpus.view",
      "corpus.manage",
      "conversations.view",
      "conversations.takeover",
      "channels.deploy",
      "actions.manage",
      "analytics.view",
    ],
  },
  viewer: {
    level: "team",
    grants: ["team.view", "project.create", "assistant.create", "project.view", "assistant.view", "assistant.chat"],
  },
  editor: { level: "assistant", grants: ["assistant.view", "assistant.chat", "assistant.edit", "corpus.view"] },
} as const;
/** The id of a built-in role. */
export type BuiltInRole = keyof typeof builtInRoles;

/** The role sets that `apply_role_set` defines. */
export const roleSets = {
  built_in: { sentence: "The built-in roles only.", roles: {} },
  assigned_agents: {
    sentence: "For organizations that give people single assistants: the assistant roles `agent_admin` and `agent_user`.",
    roles: {
      agent_admin: {
        level: "assistant",
        grants: [
          "assistant.view",
          "assistant.chat",
          "assistant.edit",
          "corpus.view",
          "corpus.manage",
          "conversations.view",
          "channels.deploy",
          "actions.manage",
          "analytics.view",
        ],
      },
      agent_user: {
        level: "assistant",
        grants: ["assistant.view", "assistant.chat", "conversations.view", "conversations.takeover"],
      },
    },
  },
} as const;

/** Why something is allowed, in the order in which reasons are given. `grants` where no role of the organization says it. */
export const relations = {
  global_admin: {
    sentence: "The user's organization role is `global_admin`.",
    grants: [
      "user.invite",
      "user.assign_role",
      "user.remove",
      "team.create",
      "panel.analytics",
      "panel.user_settings",
      "panel.aliases",
      "panel.chatlogs",
      "panel.api_keys",
      "settings.manage",
      "integrations.manage",
      "role.define",
      "audit.view",
      "team.view",
      "team.edit",
      "team.delete",
      "team.manage_members",
      "project.create",
      "assistant.create",
      "project.view",
      "project.edit",
      "project.delete",
      "assistant.view",
      "assistant.chat",
      "assistant.edit",
      "assistant.delete",
      "assistant.share",
      "corpus.view",
      "corpus.manage",
      "conversations.view",
      "conversations.takeover",
      "channels.deploy",
      "actions.manage",
      "analytics.view",
      "evaluation.run",
      "responses.supporting_content",
      "responses.thought_process",
    ],
  },
  team_owner: {
    sentence: "Membership with role `owner`, or the team's creator who may still create teams.",
    grants: [
      "team.view",
      "team.edit",
      "team.delete",
      "team.manage_members",
      "project.create",
      "assistant.create",
      "project.view",
      "project.edit",
      "project.delete",
      "assistant.view",
      "assistant.chat",
      "assistant.edit",
      "assistant.delete",
      "assistant.share",
      "corpus.view",
      "corpus.manage",
      "conversations.view",
      "conversations.takeover",
      "channels.deploy",
      "actions.manage",
      "analytics.view",
    ],
  },
  team_viewer: {
    sentence: "Membership with role `viewer`.",
    grants: ["team.view", "project.create", "assistant.create", "project.view", "assistant.view", "assistant.chat"],
  },
  team_role: { sentence: "Membership with a custom team role." },
  project_creator: {
    sentence: "The project's creator, while in its team.",
    grants: ["project.view", "project.edit", "project.delete"],
  },
  assistant_owner: {
    sentence: "The assistant's owner.",
    grants: [
      "assistant.view",
      "assistant.chat",
      "assistant.edit",
      "assistant.delete",
      "assistant.share",
      "corpus.view",
      "corpus.manage",
      "conversations.view",
      "conversations.takeover",
      "channels.deploy",
      "actions.manage",
      "analytics.view",
    ],
  },
  assistant_grant: { sentence: "A grant on this assistant." },
  organization_role: { sentence: "The organization role itself." },
  public: { sentence: "The assistant is public and the user active.", grants: ["assistant.view", "assistant.chat"] },
  view_link: { sentence: "The key of a view link.", grants: ["assistant.view", "assistant.chat"] },
  edit_link: {
    sentence: "The key of an edit link.",
    grants: ["assistant.view", "assistant.chat", "assistant.edit", "corpus.view"],
  },
  embed: {
    sentence: "A visitor from an origin that the assistant's embedding allows.",
    grants: ["assistant.view", "assistant.chat"],
  },
} as const;

/** Why something is denied. The first that applies is given. */
export const deniedReasons = {
  expired: "The snapshot is not valid at this time.",
  inactive: "The user is unknown, invited or suspended.",
  unknown_target: "The target or capability is unknown, missing or superfluous.",
  plan: "The organization's plan withholds the capability.",
  only_me: "The assistant is Only Me; a relation that would grant it is hidden.",
  only_team: "The assistant is Only Team; a relation that would grant it is hidden.",
  link_invalid: "The key presented is on none of the assistant's links.",
  link_expired: "The key's link has expired.",
  origin_not_allowed: "The assistant's embedding does not allow the origin.",
  not_granted: "Nothing grants it.",
} as const;
/** Why something is denied. */
export type DeniedReason = keyof typeof deniedReasons;

/** The codes of the core's errors. */
export const coreCodes = {
  too_large: "The token is longer than the caller accepts.",
  malformed: "Not a JWS Compact with a readable header and claims.",
  wrong_type: "The header's `typ` is not that of a snapshot.",
  unsupported_algorithm: "The header's `alg` is neither `EdDSA` nor `Ed25519`.",
  unknown_key: "The header names no key, or none of the caller's JWK Set, or brings its own.",
  bad_signature: "The signature does not hold.",
  wrong_issuer: "`iss` is not the issuer asked for.",
  wrong_audience: "`aud` does not contain the audience asked for.",
  wrong_organization: "The facts are another organization's.",
  not_yet_valid: "`nbf` is still to come.",
  expired: "`exp` has passed.",
  rolled_back: "`version` is below the caller's minimum.",
  wrong_state: "The delta starts from another state than the snapshot's.",
  invalid_facts: "The facts contradict themselves or the scope.",
  wrong_scope: "The question cannot be answered from a snapshot of this scope.",
  different_organizations: "The two snapshots are of different organizations.",
  invalid_options: "The options are not what they should be.",
  unknown_user: "There is no such user in the facts.",
  invalid_key: "The key cannot sign or be read.",
  delta_unavailable: "The steps from that version are not known any more: get the full snapshot.",
  tampered: "An event does not continue the chain, or was rewritten.",
  unsupported_format: "A later version of this software has written the text.",
  freed: "Used after `free()`.",
} as const;

/** The codes of refused commands. */
export const refusalCodes = {
  invalid_command: "The command, or its field `path`, has the wrong form.",
  not_allowed: "The actor lacks `capability` on the target, for the reason `denied`. Without `capability`: only the system may send this command.",
  beyond_own_role: "The command gives or takes more than the actor has. Or it gives for longer than the actor has it: then `path` is `expires` (also of a transfer) and `until` is the latest possible `expires` (Unix seconds). Or it chooses an id (`path` is `id`) without the right to.",
  own_role: "Nobody changes their own organization role.",
  last_global_admin: "The last active global admin must stay one.",
  unknown_user: "The user does not exist or holds nothing there. Or the user cannot receive it, and the actor does not see people.",
  unknown_team: "There is no such team.",
  unknown_project: "There is no such project.",
  unknown_assistant: "There is no such assistant.",
  unknown_role: "There is no such role, or it is not held there.",
  unknown_link: "There is no such link on the assistant.",
  unknown_webhook: "There is no such webhook.",
  unknown_api_key: "There is no such API key.",
  unknown_invitation: "The user has no invitation.",
  already_exists: "The id, the address, the account or the membership (`path`) is taken.",
  too_many: "There are as many of them as there may be.",
  in_use: "Somebody holds the role; `ids` are the holders whom the actor sees.",
  not_empty: "It contains projects or assistants; `ids` are those that the actor may know.",
  owns_assistants: "The assistants `ids` need new owners. The list is complete: it includes assistants that the actor cannot see.",
  only_me: "The grant or link would not count: the assistant is Only Me.",
  only_team: "The grant or link would not count: the assistant is Only Team.",
  inactive_user: "The user (`path`) is not active. Or the user has not accepted the invitation yet, and so cannot be suspended or reactivated.",
  invitation_invalid: "The token is unknown or used.",
  invitation_expired: "The invitation has expired.",
  wrong_address: "The invitation is for another address than the account's.",
} as const;

/** The codes of errors that the package finds without the core. */
export const packageCodes = {
  not_initialized: "The WebAssembly module is not loaded yet.",
  load_failed: "The WebAssembly module could not be loaded.",
  unsupported_engine: "This engine has no Ed25519 in `crypto.subtle`.",
  denied: "This may not be done.",
  unreachable: "The authority is out of reach.",
  not_signed_in: "Nobody is signed in.",
  removed_user: "This person is no longer in the organization.",
  suspended_user: "This person's access is suspended.",
  other_user: "Somebody else has signed in, in this browser.",
  storage_failed: "The storage could not be used.",
  wrong_assistant: "The token is about another assistant.",
  not_granted: "The pass does not hold the capability.",
  unavailable: "It cannot be decided at the moment.",
} as const;
/** The stable code of an error: of the core, of refused commands, of loading the core, of what is denied, of the live client, of passes and of the gate. */
export type ErrorCode = keyof typeof coreCodes | keyof typeof refusalCodes | keyof typeof packageCodes;

/** The problems of the authority's service, with their HTTP status. */
export const authorityProblems = {
  bad_request: { status: 400, sentence: "The request is not in the form that this address takes." },
  invalid_return: { status: 400, sentence: "The address to return to is not one of this authority." },
  sign_in_failed: { status: 400, sentence: "The sign-in was not completed, or took too long." },
  not_signed_in: { status: 401, sentence: "Nobody is signed in, or the bearer token is missing or wrong." },
  cross_origin: { status: 403, sentence: "The request does not come from this origin." },
  email_not_verified: { status: 403, sentence: "The identity provider has not verified the e-mail address." },
  removed_user: { status: 403, sentence: "This person is no longer in the organization." },
  suspended_user: { status: 403, sentence: "This person's access is suspended." },
  not_found: { status: 404, sentence: "There is nothing at this address." },
  unknown_review: { status: 404, sentence: "No review of that version is kept." },
  unknown_organization: { status: 404, sentence: "There is no such organization, or none at this host." },
  method_not_allowed: { status: 405, sentence: "The address does not take this method." },
  unknown_version: { status: 404, sentence: "The history has no such version: the organization was put back to an earlier state." },
  unknown_delivery: { status: 404, sentence: "There is no such delivery of an event." },
  webhook_paused: { status: 409, sentence: "The webhook may not send: the plan withholds it, or its address may not be called." },
  already_founded: { status: 409, sentence: "The organization has been founded already." },
  key_is_configured: { status: 409, sentence: "The signing key is configured: it is rotated in the configuration." },
  name_taken: { status: 409, sentence: "The name or the address is taken or reserved, or looks like one that is." },
  rotation_in_progress: { status: 409, sentence: "The last rotation of the signing key is not complete." },
  version_conflict: { status: 412, sentence: "The organization has another version than `If-Version` says." },
  too_large: { status: 413, sentence: "The body is too large." },
  unsupported_media_type: { status: 415, sentence: "The body is not `application/json`." },
  invalid_import: {
    status: 422,
    sentence: "The export does not lead to the organization that it names: `path` is the first wrong line.",
  },
  idempotency_conflict: { status: 422, sentence: "Another command was sent with this `Idempotency-Key`." },
  upgrade_required: { status: 426, sentence: "This address takes WebSockets alone." },
  rate_limited: { status: 429, sentence: "Too many requests: try again after `Retry-After`." },
  internal: { status: 500, sentence: "The authority failed." },
  not_configured: { status: 503, sentence: "The authority lacks a part of its configuration." },
  not_founded: { status: 503, sentence: "The organization has not been founded yet." },
  organization_suspended: { status: 503, sentence: "The operator has suspended this organization." },
  unavailable: { status: 503, sentence: "The authority cannot be reached at the moment." },
  invalid_facts: { status: 400, sentence: "The facts contradict themselves or the scope." },
  unsupported_format: { status: 400, sentence: "A later version of this software has written the text." },
  delta_unavailable: { status: 409, sentence: "The steps from that version are not known any more: get the full snapshot." },
  tampered: { status: 500, sentence: "An event does not continue the chain, or was rewritten." },
  invalid_api_key: { status: 401, sentence: "The key is unknown, expired or revoked, or the plan has no API keys." },
  address_not_allowed: { status: 403, sentence: "The key is not accepted from this address." },
  missing_scope: { status: 403, sentence: "The key lacks the scope." },
  invalid_command: { status: 400, sentence: "The command, or its field `path`, has the wrong form." },
  not_allowed: {
    status: 403,
    sentence: "The actor lacks `capability` on the target, for the reason `denied`. Without `capability`: only the system may send this command.",
  },
  beyond_own_role: {
    status: 403,
    sentence: "The command gives or takes more than the actor has. Or it gives for longer than the actor has it: then `path` is `expires` (also of a transfer) and `until` is the latest possible `expires` (Unix seconds). Or it chooses an id (`path` is `id`) without the right to.",
  },
  own_role: { status: 409, sentence: "Nobody changes their own organization role." },
  last_global_admin: { status: 409, sentence: "The last active global admin must stay one." },
  unknown_user: {
    status: 404,
    sentence: "The user does not exist or holds nothing there. Or the user cannot receive it, and the actor does not see people.",
  },
  unknown_team: { status: 404, sentence: "There is no such team." },
  unknown_project: { status: 404, sentence: "There is no such project." },
  unknown_assistant: { status: 404, sentence: "There is no such assistant." },
  unknown_role: { status: 404, sentence: "There is no such role, or it is not held there." },
  unknown_link: { status: 404, sentence: "There is no such link on the assistant." },
  unknown_webhook: { status: 404, sentence: "There is no such webhook." },
  unknown_api_key: { status: 404, sentence: "There is no such API key." },
  unknown_invitation: { status: 404, sentence: "The user has no invitation." },
  already_exists: { status: 409, sentence: "The id, the address, the account or the membership (`path`) is taken." },
  too_many: { status: 409, sentence: "There are as many of them as there may be." },
  in_use: { status: 409, sentence: "Somebody holds the role; `ids` are the holders whom the actor sees." },
  not_empty: { status: 409, sentence: "It contains projects or assistants; `ids` are those that the actor may know." },
  owns_assistants: {
    status: 409,
    sentence: "The assistants `ids` need new owners. The list is complete: it includes assistants that the actor cannot see.",
  },
  only_me: { status: 409, sentence: "The grant or link would not count: the assistant is Only Me." },
  only_team: { status: 409, sentence: "The grant or link would not count: the assistant is Only Team." },
  inactive_user: {
    status: 409,
    sentence: "The user (`path`) is not active. Or the user has not accepted the invitation yet, and so cannot be suspended or reactivated.",
  },
  invitation_invalid: { status: 410, sentence: "The token is unknown or used." },
  invitation_expired: { status: 410, sentence: "The invitation has expired." },
  wrong_address: { status: 403, sentence: "The invitation is for another address than the account's." },
} as const;

/** The problems of the gate, with their HTTP status. */
export const gateProblems = {
  bad_request: { status: 400, sentence: "The body is not in the form that this address takes." },
  invalid_pass: {
    status: 401,
    sentence: "The pass is missing, invalid, for another target, or its link or membership no longer holds: one answer for all.",
  },
  cross_origin: { status: 403, sentence: "`POST /v1/pass` comes from another origin, or without an origin." },
  insufficient_pass: { status: 403, sentence: "The pass is valid, without the capability." },
  not_found: { status: 404, sentence: "There is nothing at this address." },
  refused: {
    status: 404,
    sentence: "The assistant is unknown or not public, the key is wrong or expired, or the site is not allowed: one answer for all.",
  },
  method_not_allowed: { status: 405, sentence: "The address does not take this method." },
  too_large: { status: 413, sentence: "The body is too large." },
  unsupported_media_type: { status: 415, sentence: "The body is not `application/json`." },
  rate_limited: { status: 429, sentence: "Too many requests: try again after `Retry-After`." },
  unavailable: { status: 503, sentence: "It cannot be decided at the moment: try again after `Retry-After`." },
} as const;

/** The code of a problem of the authority's service. */
export type AuthorityProblemCode = keyof typeof authorityProblems;
/** The code of a problem of the gate. */
export type GateProblemCode = keyof typeof gateProblems;
/** The code of a problem document. */
export type ProblemCode = AuthorityProblemCode | GateProblemCode;

/** The body of a refused HTTP request: `application/problem+json` (RFC 9457) with a stable `code`. */
export interface ProblemDocument<Code extends ProblemCode = ProblemCode> {
  /** `urn:wicketgate:problem:` and the code. */
  type: string;
  /** For people: one lowercase line. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** Stable. */
  code: Code;
  /** The field of the request that is at fault: `origins[1]`. */
  path?: string;
  /** The capability that is missing. */
  capability?: Capability;
  /** Why it is missing. */
  denied?: DeniedReason;
  /** The ids of what stands in the way. */
  ids?: string[];
  /** The latest `expires` for which it could be given, Unix seconds. */
  until?: number;
  /** Seconds after which the request may be sent again: also the header `Retry-After`. */
  retry_after?: number;
  /** The position in the batch of the command that is at fault. */
  index?: number;
}

/** The commands: what the actor needs, the refusals besides those of actor, target and form, and the fields that each must have and may have. `Command` of `wicketgate/authority` is their type. */
export const commands = {
  invite_user: {
    sentence: "Invites a person by e-mail. From now on they are a user of status `invited`, until they accept. Replaces an expired invitation.",
    area: "Invitations",
    needs: "`user.invite`; own role covers the role",
    refusals: "`unknown_role`, `beyond_own_role`, `already_exists`",
    required: { email: { type: "string", sentence: "The address to invite; stored in its normal form." } },
    optional: {
      role: { type: "string", sentence: "Their organization role; `user` by default." },
      id: { type: "string", sentence: "The user's id; made if absent." },
      expires_in: {
        type: "number",
        sentence: "Seconds until the invitation expires: 1 to 2,592,000 (30 days); 604,800 (7 days) by default.",
      },
    },
  },
  resend_invitation: {
    sentence: "Makes a new token for an invited user, with the same life as the old token. The old token stops working.",
    area: "Invitations",
    needs: "`user.invite`; own role covers the user's role",
    refusals: "`unknown_user`, `beyond_own_role`, `unknown_invitation`",
    required: { user: { type: "string", sentence: "The id of the invited user." } },
    optional: {},
  },
  revoke_invitation: {
    sentence: "Revokes an invitation: removes the invited user with everything they would have held.",
    area: "Invitations",
    needs: "`user.invite`; own role covers the user's role",
    refusals: "`unknown_user`, `beyond_own_role`, `unknown_invitation`",
    required: { user: { type: "string", sentence: "The id of the invited user." } },
    optional: {},
  },
  accept_invitation: {
    sentence: "Accepts an invitation, for a person who has signed in. Only the authority itself gives this command.",
    area: "Invitations",
    needs: "system",
    refusals: "`invitation_invalid`, `invitation_expired`, `wrong_address`, `already_exists` (the account)",
    required: {
      token: { type: "string", sentence: "The token of the invitation, from the mail." },
      issuer: { type: "string", sentence: "The issuer of the account (OpenID Connect)." },
      subject: { type: "string", sentence: "The subject of the account: its id at its issuer." },
      email: { type: "string", sentence: "The address of the account; it must be the invited address." },
    },
    optional: {},
  },
  create_user: {
    sentence: "Creates an active person without a mail: they sign in later, with an account of this address. A person who was invited at the address becomes active, and their invitation ends.",
    area: "People",
    needs: "`user.invite`; own role covers the role, and that of an invited person",
    refusals: "`unknown_role`, `beyond_own_role`, `already_exists`",
    required: { email: { type: "string", sentence: "Their address; stored in its normal form." } },
    optional: {
      role: { type: "string", sentence: "Their organization role; `user` by default." },
      id: { type: "string", sentence: "The user's id; made if absent." },
      name: { type: "string", sentence: "Their name, for people." },
    },
  },
  edit_user: {
    sentence: "Changes a person's name or address. The account with which they sign in stays.",
    area: "People",
    needs: "`user.remove`; own role covers the user's role",
    refusals: "`unknown_user`, `beyond_own_role`, `inactive_user` (the address of an invited person), `already_exists` (the address)",
    required: { user: { type: "string", sentence: "The user's id." } },
    optional: {
      name: { type: "string | null", sentence: "Their new name, for people; `null` removes it." },
      email: {
        type: "string | null",
        sentence: "Their new address; stored in its normal form. `null` removes it: then they sign in only with an account that they have used.",
      },
    },
  },
  assign_role: {
    sentence: "Gives a user another organization role.",
    area: "People",
    needs: "`user.assign_role`; own role covers the present and the new role; not oneself",
    refusals: "`unknown_user`, `unknown_role`, `own_role`, `beyond_own_role`, `last_global_admin`",
    required: {
      user: { type: "string", sentence: "The user's id." },
      role: { type: "string", sentence: "The new organization role." },
    },
    optional: {},
  },
  suspend_user: {
    sentence: "Suspends a user: they hold nothing until they are reactivated.",
    area: "People",
    needs: "`user.remove`; own role covers the user's role",
    refusals: "`unknown_user`, `beyond_own_role`, `last_global_admin`, `inactive_user`",
    required: { user: { type: "string", sentence: "The user's id." } },
    optional: {},
  },
  reactivate_user: {
    sentence: "Ends a suspension.",
    area: "People",
    needs: "`user.remove`; own role covers the user's role",
    refusals: "`unknown_user`, `beyond_own_role`, `inactive_user`",
    required: { user: { type: "string", sentence: "The user's id." } },
    optional: {},
  },
  sign_out_user: {
    sentence: "Ends all sessions of a user. Changes nothing in the directory.",
    area: "People",
    needs: "`user.remove`; own role covers the user's role",
    refusals: "`unknown_user`, `beyond_own_role`, `inactive_user` (who was invited)",
    required: { user: { type: "string", sentence: "The user's id." } },
    optional: {},
  },
  remove_user: {
    sentence: "Removes a user with everything they hold. Other users take over the assistants that they own.",
    area: "People",
    needs: "`user.remove`; own role covers the user's role",
    refusals: "`unknown_user`, `unknown_assistant`, `beyond_own_role`, `last_global_admin`, `owns_assistants`, `inactive_user`",
    required: { user: { type: "string", sentence: "The user's id." } },
    optional: {
      successors: {
        type: "Record<string, string>",
        sentence: "The new owners of single assistants: from assistant id to user id.",
      },
      successor: { type: "string", sentence: "The new owner of all other assistants: a user id." },
    },
  },
  join: {
    sentence: "Creates a user at the first sign-in of a person without an invitation, with the role `user`. Only the authority itself gives this command.",
    area: "People",
    needs: "system",
    refusals: "`already_exists` (the account, the address, the id)",
    required: {
      issuer: { type: "string", sentence: "The issuer of the account (OpenID Connect)." },
      subject: { type: "string", sentence: "The subject of the account: its id at its issuer." },
      email: { type: "string", sentence: "The address of the account." },
    },
    optional: { id: { type: "string", sentence: "The user's id; made if absent." } },
  },
  link_account: {
    sentence: "Connects an active user with the account that they sign in with. Only the authority itself gives this command.",
    area: "People",
    needs: "system",
    refusals: "`unknown_user`, `inactive_user`, `already_exists`",
    required: {
      user: { type: "string", sentence: "The user's id." },
      issuer: { type: "string", sentence: "The issuer of the account (OpenID Connect)." },
      subject: { type: "string", sentence: "The subject of the account: its id at its issuer." },
    },
    optional: {},
  },
  create_team: {
    sentence: "Creates a team. The actor is its creator.",
    area: "Teams and projects",
    needs: "`team.create`",
    refusals: "`already_exists`",
    required: { name: { type: "string", sentence: "Its name, for people." } },
    optional: { id: { type: "string", sentence: "Its id; made if absent." } },
  },
  edit_team: {
    sentence: "Renames a team.",
    area: "Teams and projects",
    needs: "`team.edit`",
    refusals: "",
    required: {
      team: { type: "string", sentence: "The id of the team." },
      name: { type: "string", sentence: "Its new name, for people." },
    },
    optional: {},
  },
  delete_team: {
    sentence: "Deletes a team.",
    area: "Teams and projects",
    needs: "`team.delete`",
    refusals: "`not_empty`",
    required: { team: { type: "string", sentence: "The id of the team." } },
    optional: {
      cascade: {
        type: "boolean",
        sentence: "Whether its projects and their assistants are deleted too. If not, a team with projects is not deleted.",
      },
    },
  },
  add_member: {
    sentence: "Adds a member to a team.",
    area: "Teams and projects",
    needs: "`team.manage_members`; powers cover the role",
    refusals: "`unknown_role`, `beyond_own_role`, `already_exists`, `unknown_user`",
    required: {
      team: { type: "string", sentence: "The id of the team." },
      user: { type: "string", sentence: "The user's id." },
      role: { type: "string", sentence: "The id of the team role." },
    },
    optional: {
      expires: {
        type: "number | null",
        sentence: "The role counts before this time, Unix seconds; without end if `null` or absent.",
      },
    },
  },
  set_member_role: {
    sentence: "Gives a member a team role in place of all team roles that they hold there.",
    area: "Teams and projects",
    needs: "`team.manage_members`; powers cover the role; powers cover the user's roles there, except for oneself",
    refusals: "`unknown_user`, `unknown_role`, `beyond_own_role`",
    required: {
      team: { type: "string", sentence: "The id of the team." },
      user: { type: "string", sentence: "The user's id." },
      role: { type: "string", sentence: "The id of the team role." },
    },
    optional: {
      expires: {
        type: "number | null",
        sentence: "The role counts before this time, Unix seconds; without end if `null`. If absent, the membership keeps its end.",
      },
    },
  },
  remove_member: {
    sentence: "Removes a member from a team.",
    area: "Teams and projects",
    needs: "`team.manage_members`; powers cover the user's roles there, except for oneself",
    refusals: "`unknown_user`, `beyond_own_role`",
    required: { team: { type: "string", sentence: "The id of the team." }, user: { type: "string", sentence: "The user's id." } },
    optional: {},
  },
  set_members: {
    sentence: "Sets all members of a team at once. Memberships that are the same stay as they are; the others are given and taken.",
    area: "Teams and projects",
    needs: "`team.manage_members`; powers cover the new roles, and the taken ones, except for oneself",
    refusals: "`unknown_role`, `beyond_own_role`, `unknown_user`",
    required: {
      team: { type: "string", sentence: "The id of the team." },
      members: { type: "Holding[]", sentence: "All memberships: `user`, `role` and, if it ends, `expires` (Unix seconds)." },
    },
    optional: {},
  },
  set_creator: {
    sentence: "Sets the creator of a team or of a project.",
    area: "Teams and projects",
    needs: "`team.manage_members` on the team; powers cover what a creator has there, and what the present one loses, except for oneself",
    refusals: "`beyond_own_role`, `unknown_user`",
    required: { creator: { type: "string | null", sentence: "The id of the new creator; none if `null`." } },
    optional: {
      team: { type: "string", sentence: "The id of the team." },
      project: { type: "string", sentence: "The id of the project." },
    },
  },
  create_project: {
    sentence: "Creates a project. The actor is its creator.",
    area: "Teams and projects",
    needs: "`project.create`",
    refusals: "`already_exists`",
    required: {
      team: { type: "string", sentence: "The id of its team." },
      name: { type: "string", sentence: "Its name, for people." },
    },
    optional: { id: { type: "string", sentence: "Its id; made if absent." } },
  },
  edit_project: {
    sentence: "Renames a project.",
    area: "Teams and projects",
    needs: "`project.edit`",
    refusals: "",
    required: {
      project: { type: "string", sentence: "The id of the project." },
      name: { type: "string", sentence: "Its new name, for people." },
    },
    optional: {},
  },
  delete_project: {
    sentence: "Deletes a project.",
    area: "Teams and projects",
    needs: "`project.delete`",
    refusals: "`not_empty`",
    required: { project: { type: "string", sentence: "The id of the project." } },
    optional: {
      cascade: {
        type: "boolean",
        sentence: "Whether its assistants are deleted too. If not, a project with assistants is not deleted.",
      },
    },
  },
  move_project: {
    sentence: "Moves a project with its assistants to another team.",
    area: "Teams and projects",
    needs: "`project.delete`; `project.create` on the new team; `assistant.share` on its assistants; powers on the old team cover what both teams give",
    refusals: "`not_empty` (assistants that the actor may not share), `beyond_own_role`",
    required: {
      project: { type: "string", sentence: "The id of the project." },
      team: { type: "string", sentence: "The id of its new team." },
    },
    optional: {},
  },
  create_assistant: {
    sentence: "Creates an assistant. The actor is its owner, unless another one is named.",
    area: "Assistants",
    needs: "`assistant.create` on its team; an owner; for other accessibilities than `only_me` and for another owner, a plan with `assistant.share`",
    refusals: "`already_exists`, `unknown_user`, `inactive_user`",
    required: {
      project: { type: "string", sentence: "The id of its project." },
      name: { type: "string", sentence: "Its name, for people." },
    },
    optional: {
      id: { type: "string", sentence: "Its id; made if absent." },
      accessibility: { type: ["only_me", "only_team", "public"], sentence: "Its accessibility; `only_me` by default." },
      owner: { type: "string", sentence: "The id of its owner; the actor by default." },
    },
  },
  edit_assistant: {
    sentence: "Renames an assistant.",
    area: "Assistants",
    needs: "`assistant.edit`",
    refusals: "",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      name: { type: "string", sentence: "Its new name, for people." },
    },
    optional: {},
  },
  delete_assistant: {
    sentence: "Deletes an assistant.",
    area: "Assistants",
    needs: "`assistant.delete`",
    refusals: "",
    required: { assistant: { type: "string", sentence: "The id of the assistant." } },
    optional: {},
  },
  move_assistant: {
    sentence: "Moves an assistant to another project.",
    area: "Assistants",
    needs: "`assistant.share`; `assistant.create` on the team of the new project; for another team, powers cover what both teams give on it",
    refusals: "`beyond_own_role`",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      project: { type: "string", sentence: "The id of its new project." },
    },
    optional: {},
  },
  transfer_assistant: {
    sentence: "Gives an assistant another owner.",
    area: "Assistants",
    needs: "`assistant.share`; powers cover an owner's capabilities",
    refusals: "`beyond_own_role`, `unknown_user`, `inactive_user`",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      user: { type: "string", sentence: "The id of the new owner." },
    },
    optional: {},
  },
  set_accessibility: {
    sentence: "Sets the accessibility of an assistant.",
    area: "Sharing",
    needs: "`assistant.share`",
    refusals: "",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      accessibility: { type: ["only_me", "only_team", "public"], sentence: "Its new accessibility." },
    },
    optional: {},
  },
  grant: {
    sentence: "Grants a user a role on an assistant. Granting the same role again changes its end, if `expires` is given.",
    area: "Sharing",
    needs: "`assistant.share`; powers cover the role",
    refusals: "`unknown_role`, `beyond_own_role`, `only_me`, `unknown_user`, `only_team`",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      user: { type: "string", sentence: "The user's id." },
      role: { type: "string", sentence: "The id of the assistant role." },
    },
    optional: {
      expires: {
        type: "number | null",
        sentence: "The role counts before this time, Unix seconds; without end if `null`. If absent, a grant of the same role keeps its end, and a new grant is without end.",
      },
    },
  },
  revoke_grant: {
    sentence: "Revokes a role on an assistant.",
    area: "Sharing",
    needs: "`assistant.share`; powers cover the revoked roles, except for oneself",
    refusals: "`unknown_role`, `unknown_user`, `beyond_own_role`",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      user: { type: "string", sentence: "The user's id." },
    },
    optional: { role: { type: "string", sentence: "The id of the role; all their grants there if absent." } },
  },
  set_grants: {
    sentence: "Sets all grants on an assistant at once. Grants that are the same stay as they are; the others are given and taken. They may be hidden by the accessibility of the assistant.",
    area: "Sharing",
    needs: "`assistant.share`; powers cover the new roles, and the taken ones, except for oneself",
    refusals: "`unknown_role`, `beyond_own_role`, `unknown_user`",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      grants: { type: "Holding[]", sentence: "All grants: `user`, `role` and, if it ends, `expires` (Unix seconds)." },
    },
    optional: {},
  },
  set_expiry: {
    sentence: "Changes the end of a membership (`team`, `user`), of a grant (`assistant`, `user`) or of a share link (`assistant`, `link`).",
    area: "Sharing",
    needs: "`team.manage_members` or `assistant.share`; powers cover, until the new end, what then lasts as long",
    refusals: "`unknown_user`, `unknown_role`, `unknown_link`, `beyond_own_role`",
    required: { expires: { type: "number | null", sentence: "It counts before this time, Unix seconds; without end if `null`." } },
    optional: {
      team: { type: "string", sentence: "The id of the team." },
      assistant: { type: "string", sentence: "The id of the assistant." },
      user: { type: "string", sentence: "The user's id." },
      role: { type: "string", sentence: "The id of the role; all that the user holds there if absent." },
      link: { type: "string", sentence: "The id of the link." },
    },
  },
  create_link: {
    sentence: "Creates a share link. The result has its key, this once.",
    area: "Sharing",
    needs: "`assistant.share`; powers cover the link's capabilities",
    refusals: "`beyond_own_role`, `only_me`, `only_team`, `already_exists`",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      level: { type: ["view", "edit"], sentence: "The access that it gives." },
    },
    optional: {
      id: { type: "string", sentence: "Its id; made if absent." },
      expires: {
        type: "number | null",
        sentence: "The role counts before this time, Unix seconds; without end if `null` or absent.",
      },
      digest: {
        type: "string",
        sentence: "The digest of a key that was made elsewhere: SHA-256 of its text, base64url. Then the result has no key. Only global admins and machines give it.",
      },
    },
  },
  revoke_link: {
    sentence: "Revokes a share link.",
    area: "Sharing",
    needs: "`assistant.share`",
    refusals: "`unknown_link`",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      link: { type: "string", sentence: "The id of the link." },
    },
    optional: {},
  },
  set_embed: {
    sentence: "Sets the sites that may embed an assistant.",
    area: "Sharing",
    needs: "`assistant.share`",
    refusals: "",
    required: {
      assistant: { type: "string", sentence: "The id of the assistant." },
      origins: {
        type: "string[] | null",
        sentence: "Patterns: `https://[*.]host[:port]`, `http://localhost[:port]`, or `*`. An empty list allows no site; `null` removes the embedding.",
      },
    },
    optional: {},
  },
  define_role: {
    sentence: "Defines a custom role, or redefines it.",
    area: "Roles and plan",
    needs: "`role.define`; own role covers the old and the new grants",
    refusals: "`already_exists` (a built-in id), `beyond_own_role`, `in_use`",
    required: {
      id: { type: "string", sentence: "Its id, not that of a built-in role." },
      on: { type: ["organization", "team", "assistant"], sentence: "The level on which it is held." },
      grants: { type: "string[]", sentence: "The names of the capabilities that it grants." },
    },
    optional: {},
  },
  delete_role: {
    sentence: "Deletes a custom role that nobody holds.",
    area: "Roles and plan",
    needs: "`role.define`; own role covers the grants",
    refusals: "`unknown_role`, `beyond_own_role`, `in_use`",
    required: { role: { type: "string", sentence: "The id of the role." } },
    optional: {},
  },
  apply_role_set: {
    sentence: "Defines the roles of a role set, except those that exist already.",
    area: "Roles and plan",
    needs: "`role.define`; own role covers the grants",
    refusals: "`already_exists` (another role of that id, `ids`), `beyond_own_role`",
    required: { set: { type: ["built_in", "assigned_agents"], sentence: "The role set." } },
    optional: {},
  },
  set_plan: {
    sentence: "Sets the capabilities that the plan withholds from everybody. Without a name and without capabilities there is no plan. Only the authority itself gives this command.",
    area: "Roles and plan",
    needs: "system",
    refusals: "",
    required: { withholds: { type: "string[]", sentence: "The names of the withheld capabilities." } },
    optional: { name: { type: "string", sentence: "The name of the plan, for people." } },
  },
  create_webhook: {
    sentence: "Creates a webhook: each later event is sent to its address, in order.",
    area: "Webhooks",
    needs: "`integrations.manage`; `audit.view`",
    refusals: "`already_exists`, `too_many`",
    required: {
      url: {
        type: "string",
        sentence: "The address to send to: `https`, on the internet. The log has it without its path and query.",
      },
    },
    optional: {
      name: { type: "string", sentence: "Its name, for people." },
      events: { type: "string[]", sentence: "The events to send, by the `type` of their commands; all if absent." },
      id: { type: "string", sentence: "Its id; made if absent." },
    },
  },
  edit_webhook: {
    sentence: "Changes a webhook. What is absent stays as it is.",
    area: "Webhooks",
    needs: "`integrations.manage`; `audit.view`",
    refusals: "`unknown_webhook`",
    required: { webhook: { type: "string", sentence: "The id of the webhook." } },
    optional: {
      url: {
        type: "string",
        sentence: "The new address to send to: `https`, on the internet. The log has it without its path and query.",
      },
      name: { type: "string", sentence: "Its new name, for people." },
      events: { type: "string[] | null", sentence: "The events to send, by the `type` of their commands; all if `null`." },
    },
  },
  enable_webhook: {
    sentence: "Switches a webhook on. It goes on after the last event that it has received.",
    area: "Webhooks",
    needs: "`integrations.manage`; `audit.view`",
    refusals: "`unknown_webhook`",
    required: { webhook: { type: "string", sentence: "The id of the webhook." } },
    optional: {},
  },
  disable_webhook: {
    sentence: "Switches a webhook off: nothing is sent until it is switched on.",
    area: "Webhooks",
    needs: "`integrations.manage`; `audit.view`",
    refusals: "`unknown_webhook`",
    required: { webhook: { type: "string", sentence: "The id of the webhook." } },
    optional: {},
  },
  delete_webhook: {
    sentence: "Deletes a webhook.",
    area: "Webhooks",
    needs: "`integrations.manage`; `audit.view`",
    refusals: "`unknown_webhook`",
    required: { webhook: { type: "string", sentence: "The id of the webhook." } },
    optional: {},
  },
  create_api_key: {
    sentence: "Creates an API key. The result has its secret, this once. A key that creates another one gives no scope, address or time that it lacks itself.",
    area: "API keys",
    needs: "`panel.api_keys`; own role covers the role",
    refusals: "`unknown_role`, `beyond_own_role`, `already_exists`",
    required: {
      name: { type: "string", sentence: "Its name, for people." },
      role: { type: "string", sentence: "Its organization role." },
      scopes: { type: "string[]", sentence: "What it may be used for; at least one." },
    },
    optional: {
      id: { type: "string", sentence: "Its id; made if absent." },
      expires: { type: "number | null", sentence: "It counts before this time, Unix seconds; without end if `null` or absent." },
      addresses: {
        type: "string[]",
        sentence: "The IP addresses and networks (CIDR) from which it is accepted, at most 64; from everywhere if empty or absent.",
      },
    },
  },
  edit_api_key: {
    sentence: "Changes an API key: what is absent stays. Its secret and its role stay.",
    area: "API keys",
    needs: "`panel.api_keys`; own role covers the key's role",
    refusals: "`unknown_api_key`, `beyond_own_role`",
    required: { key: { type: "string", sentence: "The id of the key." } },
    optional: {
      name: { type: "string", sentence: "Its new name, for people." },
      scopes: { type: "string[]", sentence: "What it may be used for from now on; at least one." },
      expires: { type: "number | null", sentence: "It counts before this time, Unix seconds; without end if `null`." },
      addresses: {
        type: "string[]",
        sentence: "The IP addresses and networks (CIDR) from which it is accepted, at most 64; from everywhere if empty.",
      },
    },
  },
  rotate_api_key: {
    sentence: "Gives an API key a new secret. The result has it, this once. The old secret stops working, at once or after `grace`.",
    area: "API keys",
    needs: "`panel.api_keys`; own role covers the key's role",
    refusals: "`unknown_api_key`, `beyond_own_role`",
    required: { key: { type: "string", sentence: "The id of the key." } },
    optional: {
      grace: {
        type: "number",
        sentence: "Seconds for which the old secret is still accepted: at most 604,800 (7 days); 0 by default.",
      },
    },
  },
  revoke_api_key: {
    sentence: "Revokes an API key: it stops working at once.",
    area: "API keys",
    needs: "`panel.api_keys`; own role covers the key's role",
    refusals: "`unknown_api_key`, `beyond_own_role`",
    required: { key: { type: "string", sentence: "The id of the key." } },
    optional: {},
  },
  complete_review: {
    sentence: "Records an access review. Changes nothing else.",
    area: "Reviews and history",
    needs: "`audit.view`; the global admin's role",
    refusals: "`beyond_own_role`",
    required: {},
    optional: {
      note: { type: "string", sentence: "The findings, for readers of the history: 1 to 500 characters, also on several lines." },
    },
  },
  begin_epoch: {
    sentence: "Begins an epoch, after the history was restored to an earlier state: everything signed before counts as older, whatever its version. Only the authority itself gives this command.",
    area: "Reviews and history",
    needs: "system",
    refusals: "`invalid_command`",
    required: { epoch: { type: "number", sentence: "The new epoch; higher than the present one." } },
    optional: {},
  },
} as const;
/** The `type` of a command. */
export type CommandName = keyof typeof commands;

/** What an API key may be used for. */
export const keyScopes = {
  commands: "Gives commands and previews.",
  act_as: "Acts on behalf of a user whom the request names: by the rights of both, whichever are less.",
  read: "Reads the directory, snapshots, deltas and updates, without the digests of links.",
  digests: "Reads the digests of links too.",
  events: "Reads the audit log.",
  passes: "Makes passes for people whom the platform has signed in.",
  provision: "Provisions people and teams (SCIM).",
} as const;
/** The name of a scope of an API key. */
export type KeyScopeName = keyof typeof keyScopes;

/** What commands are about, in the order in which it is shown. */
export const commandAreas = [
  "People",
  "Invitations",
  "Teams and projects",
  "Assistants",
  "Sharing",
  "Roles and plan",
  "Webhooks",
  "API keys",
  "Reviews and history",
] as const;

/** The header's `typ` of each kind of token. */
export const tokenTypes = {
  /** The facts of an organization. */
  snapshot: "wicketgate-snapshot+jwt",
  /** The change from one snapshot to the next. */
  delta: "wicketgate-delta+jwt",
  /** What is current, without facts. */
  head: "wicketgate-head+jwt",
  /** What a visitor may do with one assistant, for some minutes. */
  pass: "wicketgate-pass+jwt",
} as const;

/** The `aud` of what the services sign. */
export const audiences = {
  /** Snapshots, deltas and heads for people who are signed in. */
  member: "wicketgate-console",
  /** Snapshots and heads for the gate. */
  gate: "wicketgate-gate",
  /** Passes for the chat back end. */
  chat: "wicketgate-chat",
} as const;

/** Header fields of HTTP that no standard names. */
export const headerNames = {
  /** Beside a payload: the rest of its token, `header..signature`. */
  signature: "Wicketgate-Signature",
  /** With a command: the version of the organization that it was made for. */
  ifVersion: "If-Version",
  /** With a command: repeated with the same key, it is done once. */
  idempotencyKey: "Idempotency-Key",
  /** With an API key: the id of the user on whose behalf it acts. */
  actAs: "Wicketgate-Act-As",
} as const;

/** WebSocket protocols of the updates, for clients that cannot add header fields. */
export const updatesProtocols = {
  /** The protocol that is chosen. */
  protocol: "wicketgate",
  /** Before an API key: a second protocol, which is read and never chosen. */
  bearer: "wicketgate.bearer.",
} as const;

/** The codes with which the updates' WebSocket is closed. */
export const closeCodes = {
  /** The client sent something other than `ping` (RFC 6455, section 7.4.1). */
  nothingExpected: 1008,
  /** The session has ended: sign in again. */
  sessionEnded: 4401,
  /** Too many updates of one person are open: try again in a minute. */
  tooMany: 4429,
} as const;

/** Regular expressions (ECMA-262, with the flag `u`) that texts match. */
export const patterns = {
  /** An id of a user, team, project, assistant, role or link. `.` and `..` are not given to anything new. */
  id: "^[A-Za-z0-9_.:@-]{1,128}$",
  /** A name, on one line. Characters that cannot be seen are restricted further. */
  name: "^[^\\p{Cc}\\u2028\\u2029]{1,200}$",
  /** The key of a share link. */
  linkKey: "^wk_[A-Za-z0-9_-]{43}$",
  /** The secret of an API key. The last six characters are a checksum. */
  apiKey: "^wgk_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}$",
  /** The token of an invitation. */
  invitationToken: "^wi_[A-Za-z0-9_-]{43}$",
} as const;

/** Numbers that a reader or a client has to know. Times are seconds. */
export const limits = {
  /** Bytes of a token, unless `maxBytes` says otherwise. */
  tokenBytes: 67_108_864,
  /** Bytes of a token at most, whatever `maxBytes` says. */
  documentBytes: 536_870_912,
  /** Characters of a token's header, base64url. */
  headerCharacters: 4_096,
  /** Depth of arrays and objects in JSON, of tokens and of bodies. */
  jsonDepth: 32,
  /** Unknown fields in one object. */
  unknownFields: 1_024,
  /** The largest integer, 2^53 - 1. */
  integer: 9_007_199_254_740_991,
  /** Characters of an id. */
  idCharacters: 128,
  /** The latest time that is signed, Unix seconds: the year 5138. */
  issuedTime: 100_000_000_000,
  /** Characters of a name. */
  nameCharacters: 200,
  /** Bytes of an e-mail address. */
  addressBytes: 254,
  /** Characters of the note of a review. */
  noteCharacters: 500,
  /** Origin patterns of the embedding of an assistant. */
  origins: 256,
  /** Bytes of an origin pattern. */
  originBytes: 270,
  /** Webhooks of an organization. */
  webhooks: 16,
  /** Bytes of the address of a webhook. */
  webhookAddressBytes: 2_048,
  /** Networks from which an API key is accepted. */
  apiKeyNetworks: 64,
  /** How long the secret before a rotation is accepted at most. */
  apiKeyGraceSecondsMost: 604_800,
  /** How long an invitation is good by default. */
  invitationSeconds: 604_800,
  /** How long an invitation is good at most. */
  invitationSecondsMost: 2_592_000,
  /** Changes that a preview lists; the others are counted. */
  previewChanges: 10_000,
  /** Events back from which a delta can begin. */
  deltaEvents: 1_024,
  /** Bytes of these events, together. */
  deltaBytes: 1_048_576,
  /** Bytes of the body of a request to the authority's service. */
  bodyBytes: 65_536,
  /** Bytes of the body of a batch of commands. */
  batchBytes: 1_048_576,
  /** Commands of a batch. */
  batchCommands: 1_000,
  /** Commands of a batch that a mail follows. */
  batchMails: 100,
  /** UTF-16 units of a line of desired facts. */
  reconcileLineCharacters: 4_194_304,
  /** Bytes of the facts that an organization is founded with. */
  factsBytes: 31_457_280,
  /** Events on a page of the history. */
  auditPage: 1_000,
  /** Open WebSockets of one person: a new one closes the oldest. */
  updatesOfPerson: 20,
  /** Requests with one API key in ten seconds. */
  keyRequests: 2_500,
  /** Requests with all API keys of an organization in ten seconds. */
  organizationKeyRequests: 5_000,
  /** Sessions of one person: a new one ends the oldest. */
  sessionsOfPerson: 20,
  /** Bytes of the body of `POST /v1/pass`. */
  passBodyBytes: 4_096,
  /** Bytes of a pass. */
  passBytes: 4_096,
  /** How long a pass lasts at most. */
  passSeconds: 900,
} as const;
