// Every command as a sentence, with references to the people and things that it concerned.
import type { Command, RoleSet } from "wicketgate/authority";
import { ownProperty } from "../../lib/own-property";
import { labelsOf } from "../../data/capabilities";
import { ACCESSIBILITY, roleName } from "../../why/words";
import { timeInWords } from "../../lib/time";
import type { Executed } from "./entry";

export type RefKind = "person" | "team" | "project" | "assistant";

/** A person or a thing. `label`: its name in the entry itself. */
export interface Ref {
  kind: RefKind;
  id: string;
  label?: string;
}

export type Piece = string | Ref;

type Type = Executed["type"];
type Area = (typeof AREAS)[number];

export const AREAS = [
  "People",
  "Invitations",
  "Teams and projects",
  "Assistants",
  "Sharing",
  "Roles and plan",
  "Reviews and history",
] as const;

/** The labels of the filter. */
export const KINDS: Record<Type, { area: Area; label: string }> = {
  assign_role: { area: "People", label: "role changed" },
  suspend_user: { area: "People", label: "suspended" },
  reactivate_user: { area: "People", label: "reactivated" },
  sign_out_user: { area: "People", label: "signed out" },
  remove_user: { area: "People", label: "removed" },
  join: { area: "People", label: "joined" },
  link_account: { area: "People", label: "account connected" },
  invite_user: { area: "Invitations", label: "invited" },
  resend_invitation: { area: "Invitations", label: "sent again" },
  revoke_invitation: { area: "Invitations", label: "withdrawn" },
  accept_invitation: { area: "Invitations", label: "accepted" },
  create_team: { area: "Teams and projects", label: "team created" },
  edit_team: { area: "Teams and projects", label: "team renamed" },
  delete_team: { area: "Teams and projects", label: "team deleted" },
  add_member: { area: "Teams and projects", label: "member added" },
  set_member_role: { area: "Teams and projects", label: "member’s role changed" },
  remove_member: { area: "Teams and projects", label: "member removed" },
  create_project: { area: "Teams and projects", label: "project created" },
  edit_project: { area: "Teams and projects", label: "project renamed" },
  delete_project: { area: "Teams and projects", label: "project deleted" },
  create_assistant: { area: "Assistants", label: "created" },
  edit_assistant: { area: "Assistants", label: "renamed" },
  delete_assistant: { area: "Assistants", label: "deleted" },
  transfer_assistant: { area: "Assistants", label: "new owner" },
  set_accessibility: { area: "Sharing", label: "accessibility" },
  grant: { area: "Sharing", label: "role given" },
  revoke_grant: { area: "Sharing", label: "role removed" },
  create_link: { area: "Sharing", label: "link created" },
  revoke_link: { area: "Sharing", label: "link revoked" },
  set_embed: { area: "Sharing", label: "embedding" },
  define_role: { area: "Roles and plan", label: "role defined" },
  delete_role: { area: "Roles and plan", label: "role deleted" },
  apply_role_set: { area: "Roles and plan", label: "role set added" },
  set_plan: { area: "Roles and plan", label: "plan changed" },
  complete_review: { area: "Reviews and history", label: "review completed" },
  begin_epoch: { area: "Reviews and history", label: "history restored" },
  found: { area: "Reviews and history", label: "history started" },
};

/** `undefined` for a command that this page does not know: a newer authority may have written it. */
export function kindOf(type: string): { area: Area; label: string } | undefined {
  return ownProperty(KINDS, type);
}

const ROLE_SETS: Record<RoleSet, string> = { built_in: "built-in roles", assigned_agents: "roles for assigned assistants" };

const person = (id: string, label?: string): Ref => ref("person", id, label);
const team = (id: string, label?: string): Ref => ref("team", id, label);
const project = (id: string, label?: string): Ref => ref("project", id, label);
const assistant = (id: string, label?: string): Ref => ref("assistant", id, label);

/** What the actor did, to be read after their name: "suspended ed@acme.example". */
export function sentenceOf(command: Executed): Piece[] {
  return [...action(command), ...endings(command)];
}

function action(command: Executed): Piece[] {
  const { was } = command;
  switch (command.type) {
    case "found":
      return say`started the history with the organization ${command.organization} as it was`;
    case "invite_user":
      return say`invited ${person(command.id ?? command.email, command.email)} as ${roleName(command.role ?? "user")}`;
    case "resend_invitation":
      return say`sent ${person(command.user)} the invitation again`;
    case "revoke_invitation":
      return say`withdrew the invitation of ${person(command.user)}`;
    case "accept_invitation":
      return say`added ${person(command.user ?? command.email, command.email)}, who accepted the invitation`;
    case "join":
      return say`added ${person(command.id ?? command.email, command.email)}, who signed in for the first time`;
    case "link_account":
      return say`connected ${person(command.user)} with their sign-in account at ${command.issuer}`;
    case "assign_role":
      return say`made ${person(command.user)} ${roleName(command.role)}${until(was)}`;
    case "suspend_user":
      return say`suspended ${person(command.user)}`;
    case "reactivate_user":
      return say`reactivated ${person(command.user)}`;
    case "sign_out_user":
      return say`signed ${person(command.user)} out everywhere`;
    case "remove_user":
      return [...say`removed ${person(command.user)}`, ...newOwners(command)];
    case "create_team":
      return say`created the team ${team(command.id ?? command.name, command.name)}`;
    case "edit_team":
      return say`renamed the team ${team(command.team)} to “${command.name}”`;
    case "delete_team":
      return say`deleted the team ${team(command.team)}${command.cascade ? " with its projects and assistants" : ""}`;
    case "add_member":
      return say`added ${person(command.user)} to the team ${team(command.team)} as ${roleName(command.role)}${ends(command)}`;
    case "set_member_role":
      return say`made ${person(command.user)} ${roleName(command.role)} of the team ${team(command.team)}${until(was)}${ends(command)}`;
    case "remove_member":
      return say`removed ${person(command.user)} from the team ${team(command.team)}`;
    case "create_project":
      return say`created the project ${project(command.id ?? command.name, command.name)} in the team ${team(command.team)}`;
    case "edit_project":
      return say`renamed the project ${project(command.project)} to “${command.name}”`;
    case "delete_project":
      return say`deleted the project ${project(command.project)}${command.cascade ? " with its assistants" : ""}`;
    case "create_assistant":
      return say`created the assistant ${assistant(command.id ?? command.name, command.name)} in the project ${project(command.project)}${command.accessibility ? `, open to: ${ownProperty(ACCESSIBILITY, command.accessibility) ?? command.accessibility}` : ""}`;
    case "edit_assistant":
      return say`renamed the assistant ${assistant(command.assistant)} to “${command.name}”`;
    case "delete_assistant":
      return say`deleted the assistant ${assistant(command.assistant)}`;
    case "transfer_assistant":
      return [
        ...say`made ${person(command.user)} the owner of ${assistant(command.assistant)}`,
        ...(was === undefined ? [] : say`, previously ${person(was)}`),
      ];
    case "set_accessibility":
      return say`changed who ${assistant(command.assistant)} is open to: ${ownProperty(ACCESSIBILITY, command.accessibility) ?? command.accessibility}`;
    case "grant":
      return say`made ${person(command.user)} ${roleName(command.role)} of ${assistant(command.assistant)}${ends(command)}`;
    case "revoke_grant":
      return say`removed ${command.role === undefined ? "every role" : `the role ${roleName(command.role)}`} on ${assistant(command.assistant)} from ${person(command.user)}`;
    case "create_link":
      return say`created a link to ${command.level} ${assistant(command.assistant)}${command.id === undefined ? "" : ` (${command.id})`}${ends(command)}`;
    case "revoke_link":
      return say`revoked the link ${command.link} to ${assistant(command.assistant)}`;
    case "set_embed":
      return embedding(assistant(command.assistant), command.origins);
    case "define_role":
      return say`defined the role ${roleName(command.id)} on ${command.on === "organization" ? "the organization" : `${command.on}s`}: ${labels(command.grants)}`;
    case "delete_role":
      return say`deleted the role ${roleName(command.role)}`;
    case "apply_role_set":
      return say`added the ${ownProperty(ROLE_SETS, command.set) ?? command.set}`;
    case "set_plan":
      return say`set the plan${command.name ? ` “${command.name}”` : ""}, which ${command.withholds.length === 0 ? "withholds nothing" : `withholds: ${labels(command.withholds)}`}`;
    case "complete_review":
      return say`completed an access review${command.note === undefined ? "" : `: “${command.note}”`}`;
    case "begin_epoch":
      return say`went back to the entry before this one: later changes are not in this history`;
    default:
      return say`did something that this page does not know: ${(command as { type: string }).type}`;
  }
}

/** Template tag: joins texts and references. Adjacent texts become one. */
function say(texts: TemplateStringsArray, ...between: Piece[]): Piece[] {
  const pieces: Piece[] = [];
  const add = (piece: Piece) => {
    const last = pieces.at(-1);
    if (typeof piece === "string" && typeof last === "string") pieces[pieces.length - 1] = last + piece;
    else if (piece !== "") pieces.push(piece);
  };
  texts.forEach((text, index) => {
    add(text);
    const piece = between[index];
    if (piece !== undefined) add(piece);
  });
  return pieces;
}

function ref(kind: RefKind, id: string, label: string | undefined): Ref {
  return { kind, id, ...(label !== undefined && { label }) };
}

function until(was: string | undefined): string {
  return was === undefined ? "" : `, previously ${roleName(was)}`;
}

function ends({ expires }: { expires?: number | null }): string {
  return expires === undefined || expires === null ? "" : `, until ${timeInWords(expires)}`;
}

function newOwners({ successors = {}, successor }: Extract<Command, { type: "remove_user" }>): Piece[] {
  const single = Object.entries(successors).flatMap(([id, user]) => say`; ${person(user)} takes over ${assistant(id)}`);
  return [
    ...single,
    ...(successor === undefined
      ? []
      : say`; ${person(successor)} takes over ${single.length > 0 ? "the other assistants" : "their assistants"}`),
  ];
}

/** The invitations that ended with the command. */
function endings({ ended = [] }: Executed): Piece[] {
  return ended.flatMap((user, index) =>
    index === 0 ? say`; this ended the invitation of ${person(user)}` : say`, of ${person(user)}`,
  );
}

function embedding(it: Ref, origins: readonly string[] | null): Piece[] {
  if (origins === null) return say`ended the embedding of ${it}`;
  if (origins.length === 0) return say`removed all websites that may embed ${it}`;
  return say`allowed to embed ${it}: ${origins.map((origin) => (origin === "*" ? "every website" : origin)).join(", ")}`;
}

function labels(capabilities: readonly string[]): string {
  if (capabilities.length === 0) return "nothing";
  return labelsOf(capabilities);
}
