// The assistants that the reader may see, with everything that is searched, sorted and shown.
import type { Accessibility, Because, Organization, Principal } from "wicketgate";
import type { Names } from "../../data/names";
import { roleName } from "../../why/words";

export interface AssistantRow {
  id: string;
  name: string;
  place: string;
  team: string | undefined;
  accessibility: Accessibility;
  /** The reader's relation to it: "Owner", "Team viewer". */
  relation: string;
  mine: boolean;
}

export const TONES: Record<Accessibility, "good" | "info" | "warn"> = { public: "good", only_team: "info", only_me: "warn" };

/** The most important relation first. */
const CLOSEST: Because["relation"][] = [
  "assistant_owner",
  "global_admin",
  "team_owner",
  "assistant_grant",
  "team_role",
  "team_viewer",
  "organization_role",
  "public",
];

export function visibleAssistants(me: Principal, facts: Organization, names: Names, subject: string): AssistantRow[] {
  const visible = new Set(me.list("assistant.view"));
  const homes = new Map(facts.projects?.map(({ id, team }) => [id, team]));
  return (facts.assistants ?? [])
    .filter(({ id }) => visible.has(id))
    .map(({ id, name, project, owner, accessibility }) => ({
      id,
      accessibility,
      name: name ?? id,
      place: names.place(project),
      team: homes.get(project ?? ""),
      relation: relationTo(id, me),
      mine: owner === subject,
    }));
}

function relationTo(assistant: string, me: Principal): string {
  const decision = me.check("assistant.view", assistant);
  if (!decision.allowed) return "";
  const [closest] = [...decision.because].sort((one, other) => CLOSEST.indexOf(one.relation) - CLOSEST.indexOf(other.relation));
  switch (closest?.relation) {
    case "assistant_owner":
      return "Owner";
    case "global_admin":
      return "Global admin";
    case "team_owner":
      return "Team owner";
    case "team_viewer":
      return "Team viewer";
    case "public":
      return "Colleague";
    default:
      return roleName(closest?.role ?? "");
  }
}
