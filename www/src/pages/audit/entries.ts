// Written by `make contract` from the table of commands. Do not edit: change the table.

/** What an audit log says of each command in English, after the name of the actor. `{person user}` stands for the field `user` in the form `person`; `{team id/name}` for the first of two fields that the command has, and the second is the name that readers see. A part in brackets is left out if it has a field without a value; `[one|other]` is the first part whose fields have values. `{if field}` shows nothing, and has a value unless the field is absent, `null` or `false`. */
export const auditEntries = {
  invite_user: { area: "Invitations", label: "invited", sentence: "invited {person id/email} as [{role role}|User]" },
  resend_invitation: { area: "Invitations", label: "sent again", sentence: "sent {person user} the invitation again" },
  revoke_invitation: { area: "Invitations", label: "withdrawn", sentence: "withdrew the invitation of {person user}" },
  accept_invitation: { area: "Invitations", label: "accepted", sentence: "added {person user/email}, who accepted the invitation" },
  create_user: { area: "People", label: "added", sentence: "added {person id/email} as [{role role}|User]" },
  edit_user: {
    area: "People",
    label: "changed",
    sentence: "changed {person user}[: the name is “{text name}”][: the address is {text email}]",
  },
  assign_role: { area: "People", label: "role changed", sentence: "made {person user} {role role}[, previously {role was}]" },
  suspend_user: { area: "People", label: "suspended", sentence: "suspended {person user}" },
  reactivate_user: { area: "People", label: "reactivated", sentence: "reactivated {person user}" },
  sign_out_user: { area: "People", label: "signed out", sentence: "signed {person user} out everywhere" },
  remove_user: {
    area: "People",
    label: "removed",
    sentence: "removed {person user}[{successors successors}; {person successor} takes over the other assistants|{successors successors}|; {person successor} takes over their assistants]",
  },
  join: { area: "People", label: "joined", sentence: "added {person id/email}, who signed in for the first time" },
  link_account: {
    area: "People",
    label: "account connected",
    sentence: "connected {person user} with their sign-in account at {text issuer}",
  },
  create_team: { area: "Teams and projects", label: "team created", sentence: "created the team {team id/name}" },
  edit_team: { area: "Teams and projects", label: "team renamed", sentence: "renamed the team {team team} to “{text name}”" },
  delete_team: {
    area: "Teams and projects",
    label: "team deleted",
    sentence: "deleted the team {team team}[{if cascade} with its projects and assistants]",
  },
  add_member: {
    area: "Teams and projects",
    label: "member added",
    sentence: "added {person user} to the team {team team} as {role role}[, until {time expires}]",
  },
  set_member_role: {
    area: "Teams and projects",
    label: "member’s role changed",
    sentence: "made {person user} {role role} of the team {team team}[, previously {role was}][, until {time expires}]",
  },
  remove_member: {
    area: "Teams and projects",
    label: "member removed",
    sentence: "removed {person user} from the team {team team}",
  },
  set_members: { area: "Teams and projects", label: "members set", sentence: "set the members of the team {team team}" },
  set_creator: {
    area: "Teams and projects",
    label: "creator",
    sentence: "[made {person creator} the creator of|removed the creator of] [the team {team team}|the project {project project}][, previously {person was}]",
  },
  create_project: {
    area: "Teams and projects",
    label: "project created",
    sentence: "created the project {project id/name} in the team {team team}",
  },
  edit_project: {
    area: "Teams and projects",
    label: "project renamed",
    sentence: "renamed the project {project project} to “{text name}”",
  },
  delete_project: {
    area: "Teams and projects",
    label: "project deleted",
    sentence: "deleted the project {project project}[{if cascade} with its assistants]",
  },
  move_project: {
    area: "Teams and projects",
    label: "project moved",
    sentence: "moved the project {project project} to the team {team team}[, previously {team was}]",
  },
  create_assistant: {
    area: "Assistants",
    label: "created",
    sentence: "created the assistant {assistant id/name} in the project {project project}[ for {person owner}][, open to: {accessibility accessibility}]",
  },
  edit_assistant: {
    area: "Assistants",
    label: "renamed",
    sentence: "renamed the assistant {assistant assistant} to “{text name}”",
  },
  delete_assistant: { area: "Assistants", label: "deleted", sentence: "deleted the assistant {assistant assistant}" },
  move_assistant: {
    area: "Assistants",
    label: "moved",
    sentence: "moved {assistant assistant} to the project {project project}[, previously {project was}]",
  },
  transfer_assistant: {
    area: "Assistants",
    label: "new owner",
    sentence: "made {person user} the owner of {assistant assistant}[, previously {person was}]",
  },
  set_accessibility: {
    area: "Sharing",
    label: "accessibility",
    sentence: "changed who {assistant assistant} is open to: {accessibility accessibility}",
  },
  grant: {
    area: "Sharing",
    label: "role given",
    sentence: "made {person user} {role role} of {assistant assistant}[, until {time expires}]",
  },
  revoke_grant: {
    area: "Sharing",
    label: "role removed",
    sentence: "removed [the role {role role}|every role] on {assistant assistant} from {person user}",
  },
  set_grants: { area: "Sharing", label: "roles set", sentence: "set who has roles on {assistant assistant}" },
  set_expiry: {
    area: "Sharing",
    label: "end changed",
    sentence: "changed the end of [the link {text link}|what {person user} holds] [in the team {team team}|on {assistant assistant}][: {time expires}|: none]",
  },
  create_link: {
    area: "Sharing",
    label: "link created",
    sentence: "created a link to {text level} {assistant assistant}[ ({text id})][, until {time expires}]",
  },
  revoke_link: { area: "Sharing", label: "link revoked", sentence: "revoked the link {text link} to {assistant assistant}" },
  set_embed: {
    area: "Sharing",
    label: "embedding",
    sentence: "[allowed to embed {assistant assistant}: {origins origins}|{if origins}removed all websites that may embed {assistant assistant}|ended the embedding of {assistant assistant}]",
  },
  define_role: {
    area: "Roles and plan",
    label: "role defined",
    sentence: "defined the role {role id} on {level on}: [{capabilities grants}|nothing]",
  },
  delete_role: { area: "Roles and plan", label: "role deleted", sentence: "deleted the role {role role}" },
  apply_role_set: { area: "Roles and plan", label: "role set added", sentence: "added the {role_set set}" },
  set_plan: {
    area: "Roles and plan",
    label: "plan changed",
    sentence: "set the plan[ “{text name}”], which [withholds: {capabilities withholds}|withholds nothing]",
  },
  create_webhook: {
    area: "Webhooks",
    label: "webhook created",
    sentence: "created the webhook [“{text name}”|{text id}] to {text url}[, for {kinds events}]",
  },
  edit_webhook: {
    area: "Webhooks",
    label: "webhook changed",
    sentence: "changed the webhook {text webhook}[; its address: {text url}][; its name: “{text name}”][; its events: {kinds events}|{if events}|]",
  },
  enable_webhook: { area: "Webhooks", label: "webhook switched on", sentence: "switched the webhook {text webhook} on" },
  disable_webhook: { area: "Webhooks", label: "webhook switched off", sentence: "switched the webhook {text webhook} off" },
  delete_webhook: { area: "Webhooks", label: "webhook deleted", sentence: "deleted the webhook {text webhook}" },
  create_api_key: {
    area: "API keys",
    label: "key created",
    sentence: "created the API key “{api_key id/name}” as {role role}, for: {scopes scopes}[, until {time expires}][, accepted from: {texts addresses}]",
  },
  edit_api_key: {
    area: "API keys",
    label: "key changed",
    sentence: "changed the API key “{api_key key}”[; its name: “{text name}”][; for: {scopes scopes}][; its end: {end expires}][; accepted from: {networks addresses}]",
  },
  rotate_api_key: {
    area: "API keys",
    label: "key rotated",
    sentence: "gave the API key “{api_key key}” a new secret[; the one before is accepted for {span grace}]",
  },
  revoke_api_key: { area: "API keys", label: "key revoked", sentence: "revoked the API key “{api_key key}”" },
  complete_review: {
    area: "Reviews and history",
    label: "review completed",
    sentence: "completed an access review[: “{text note}”]",
  },
  begin_epoch: {
    area: "Reviews and history",
    label: "history restored",
    sentence: "went back to the entry before this one: later changes are not in this history",
  },
} as const;
