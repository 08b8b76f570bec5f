// Every capability: what it is called here, what it is asked of, and which built-in roles grant it besides a global admin's.
import type { Capability, CapabilityOf, Kind } from "wicketgate";
import { reasons } from "wicketgate/reasons";

type Holder = "application_admin" | "team_owner" | "team_viewer" | "project_creator" | "assistant_owner" | "editor" | "everybody";

interface Granted {
  kind: Kind;
  holders: Holder[];
}

export interface CapabilityWords extends Granted {
  label: string;
}

const OWNERS: Holder[] = ["assistant_owner", "team_owner"];

const organization = (...holders: Holder[]): Granted => ({ kind: "organization", holders });
const team = (...holders: Holder[]): Granted => ({ kind: "team", holders });
const project = (...holders: Holder[]): Granted => ({ kind: "project", holders });
const assistant = (...holders: Holder[]): Granted => ({ kind: "assistant", holders });

const GRANTED: Record<Capability, Granted> = {
  "user.invite": organization("application_admin"),
  "user.assign_role": organization("application_admin"),
  "user.remove": organization("application_admin"),
  "team.create": organization("application_admin"),
  "panel.analytics": organization("application_admin"),
  "panel.user_settings": organization("application_admin"),
  "panel.aliases": organization("application_admin"),
  "settings.manage": organization("application_admin"),
  "panel.chatlogs": organization(),
  "panel.api_keys": organization(),
  "integrations.manage": organization(),
  "role.define": organization(),
  "audit.view": organization(),
  "team.view": team("team_owner", "team_viewer"),
  "project.create": team("team_owner", "team_viewer"),
  "assistant.create": team("team_owner", "team_viewer"),
  "team.edit": team("team_owner"),
  "team.delete": team("team_owner"),
  "team.manage_members": team("team_owner"),
  "project.view": project("team_owner", "team_viewer", "project_creator"),
  "project.edit": project("team_owner", "project_creator"),
  "project.delete": project("team_owner", "project_creator"),
  "assistant.view": assistant("everybody"),
  "assistant.chat": assistant("everybody"),
  "assistant.edit": assistant(...OWNERS, "editor"),
  "corpus.view": assistant(...OWNERS, "editor"),
  "assistant.share": assistant(...OWNERS),
  "assistant.delete": assistant(...OWNERS),
  "corpus.manage": assistant(...OWNERS),
  "conversations.view": assistant(...OWNERS),
  "conversations.takeover": assistant(...OWNERS),
  "channels.deploy": assistant(...OWNERS),
  "actions.manage": assistant(...OWNERS),
  "analytics.view": assistant(...OWNERS),
  "evaluation.run": assistant(),
  "responses.supporting_content": assistant(),
  "responses.thought_process": assistant(),
};

/** What a capability is called; by its own name where this page does not know it. */
export const labelOf = reasons().label;

export const CAPABILITIES = Object.fromEntries(
  Object.entries(GRANTED).map(([capability, granted]) => [capability, { label: labelOf(capability), ...granted }]),
) as Record<Capability, CapabilityWords>;

/** The capabilities of one kind, in the order of the table. */
export function capabilitiesOf<Of extends Kind>(kind: Of): CapabilityOf<Of>[] {
  return (Object.keys(CAPABILITIES) as Capability[]).filter(
    (capability) => CAPABILITIES[capability].kind === kind,
  ) as CapabilityOf<Of>[];
}
