// The roles of the organization, what they may grant, and who holds them.
import type { Capability, Kind, Level, Organization } from "wicketgate";
import { builtInRoles, levels } from "wicketgate/contract";
import { ALL, CAPABILITIES } from "../../data/capabilities";
import { roleName } from "../../why/words";

export interface RoleColumn {
  id: string;
  name: string;
  on: Level;
  builtIn: boolean;
  grants: ReadonlySet<Capability>;
}

/** A person who holds a role in the organization, on a team or on an assistant. */
export interface Holder {
  user: string;
  team?: string;
  assistant?: string;
  expires?: number | undefined;
}

export const LEVELS: Record<Level, { label: string; held: string; kinds: readonly Kind[] }> = {
  organization: {
    label: "Organization",
    held: "A person has one role in the organization. It can grant every capability.",
    kinds: levels.organization.kinds,
  },
  team: {
    label: "Team",
    held: "For members of a team. It can grant capabilities on teams, projects and assistants.",
    kinds: levels.team.kinds,
  },
  assistant: {
    label: "Assistant",
    held: "For single assistants. It can grant capabilities on assistants.",
    kinds: levels.assistant.kinds,
  },
};

export const KINDS: Record<Kind, string> = {
  organization: "Organization",
  team: "Teams",
  project: "Projects",
  assistant: "Assistants",
};

/** Sorted by level, the built-in roles first. */
export function rolesOf({ roles = [] }: Organization): RoleColumn[] {
  const all = [
    ...Object.entries(builtInRoles).map(([id, { level, grants }]) => column(id, level, grants, true)),
    ...roles.map(({ id, on, grants }) => column(id, on, grants, false)),
  ];
  return (Object.keys(LEVELS) as Level[]).flatMap((level) => all.filter(({ on }) => on === level));
}

function column(id: string, on: Level, grants: readonly string[], builtIn: boolean): RoleColumn {
  return { id, name: roleName(id), on, builtIn, grants: new Set(ALL.filter((capability) => grants.includes(capability))) };
}

/** Whether a role of this level can grant the capability. */
export function fits(capability: Capability, on: Level): boolean {
  return LEVELS[on].kinds.includes(CAPABILITIES[capability].kind);
}

/** The holders by role. The facts may not contain all of them. */
export function holdersOf({ users = [], teams = [], assistants = [] }: Organization): Map<string, Holder[]> {
  const holders = new Map<string, Holder[]>();
  const add = (role: string, holder: Holder) => holders.set(role, [...(holders.get(role) ?? []), holder]);
  for (const { id, role } of users) add(role, { user: id });
  for (const { id: team, members = [] } of teams) for (const { user, role, expires } of members) add(role, { user, team, expires });
  for (const { id: assistant, grants = [] } of assistants)
    for (const { user, role, expires } of grants) add(role, { user, assistant, expires });
  return holders;
}

/** "Agent lead" → agent_lead */
export function idOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .slice(0, 64);
}
