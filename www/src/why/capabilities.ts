// Every capability: what it is called here, what it is asked of, and which built-in roles grant it besides a global admin's.
import type { Capability, CapabilityOf, Kind } from "wicketgate";
import { own } from "../data/own";

type Holder = "application_admin" | "team_owner" | "team_viewer" | "project_creator" | "assistant_owner" | "editor" | "everybody";

export interface CapabilityWords {
  label: string;
  kind: Kind;
  holders: Holder[];
}

const OWNERS: Holder[] = ["assistant_owner", "team_owner"];

const organization = (label: string, ...holders: Holder[]): CapabilityWords => ({ label, kind: "organization", holders });
const team = (label: string, ...holders: Holder[]): CapabilityWords => ({ label, kind: "team", holders });
const project = (label: string, ...holders: Holder[]): CapabilityWords => ({ label, kind: "project", holders });
const assistant = (label: string, ...holders: Holder[]): CapabilityWords => ({ label, kind: "assistant", holders });

export const CAPABILITIES: Record<Capability, CapabilityWords> = {
  "user.invite": organization("Invite people", "application_admin"),
  "user.assign_role": organization("Assign roles", "application_admin"),
  "user.remove": organization("Remove people", "application_admin"),
  "team.create": organization("Create teams", "application_admin"),
  "panel.analytics": organization("Analytics panel", "application_admin"),
  "panel.user_settings": organization("User settings", "application_admin"),
  "panel.aliases": organization("Aliases", "application_admin"),
  "settings.manage": organization("Settings", "application_admin"),
  "panel.chatlogs": organization("Chat logs"),
  "panel.api_keys": organization("API keys"),
  "integrations.manage": organization("Integrations"),
  "role.define": organization("Define roles"),
  "audit.view": organization("Audit log"),
  "team.view": team("View the team", "team_owner", "team_viewer"),
  "project.create": team("Create projects", "team_owner", "team_viewer"),
  "assistant.create": team("Create assistants", "team_owner", "team_viewer"),
  "team.edit": team("Rename the team", "team_owner"),
  "team.delete": team("Delete the team", "team_owner"),
  "team.manage_members": team("Manage members", "team_owner"),
  "project.view": project("View the project", "team_owner", "team_viewer", "project_creator"),
  "project.edit": project("Rename the project", "team_owner", "project_creator"),
  "project.delete": project("Delete the project", "team_owner", "project_creator"),
  "assistant.view": assistant("View", "everybody"),
  "assistant.chat": assistant("Chat", "everybody"),
  "assistant.edit": assistant("Edit", ...OWNERS, "editor"),
  "corpus.view": assistant("Knowledge base", ...OWNERS, "editor"),
  "assistant.share": assistant("Share", ...OWNERS),
  "assistant.delete": assistant("Delete", ...OWNERS),
  "corpus.manage": assistant("Manage knowledge", ...OWNERS),
  "conversations.view": assistant("Conversations", ...OWNERS),
  "conversations.takeover": assistant("Take over", ...OWNERS),
  "channels.deploy": assistant("Deploy", ...OWNERS),
  "actions.manage": assistant("Actions", ...OWNERS),
  "analytics.view": assistant("Analytics", ...OWNERS),
  "evaluation.run": assistant("Evaluation"),
  "responses.supporting_content": assistant("Supporting content"),
  "responses.thought_process": assistant("Thought process"),
};

/** What a capability is called; by its own name where this page does not know it. */
export function labelOf(capability: string): string {
  return own<CapabilityWords>(CAPABILITIES, capability)?.label ?? capability;
}

/** The capabilities of one kind, in the order of the table. */
export function capabilitiesOf<Of extends Kind>(kind: Of): CapabilityOf<Of>[] {
  return (Object.keys(CAPABILITIES) as Capability[]).filter((capability) => CAPABILITIES[capability].kind === kind) as CapabilityOf<Of>[];
}
