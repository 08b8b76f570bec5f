// The roles there are, what they may grant, and who holds them.
import type { Capability, Kind, Level, Organization } from "wicketgate";
import { CAPABILITIES } from "../../data/capabilities";
import { roleName } from "../../why/words";

export interface RoleColumn {
  id: string;
  name: string;
  on: Level;
  builtIn: boolean;
  grants: ReadonlySet<Capability>;
}

/** Somebody who holds a role: in the organization, or on a team or assistant. */
export interface Holder {
  user: string;
  team?: string;
  assistant?: string;
  expires?: number | undefined;
}

export const LEVELS: Record<Level, { label: string; held: string; kinds: Kind[] }> = {
  organization: {
    label: "Organization",
    held: "A person has one role in the organization. It can grant every capability.",
    kinds: ["organization", "team", "project", "assistant"],
  },
  team: {
    label: "Team",
    held: "For members of a team. It can grant capabilities on teams, projects and assistants.",
    kinds: ["team", "project", "assistant"],
  },
  assistant: {
    label: "Assistant",
    held: "For single assistants. It can grant capabilities on assistants.",
    kinds: ["assistant"],
  },
};

export const KINDS: Record<Kind, string> = {
  organization: "Organization",
  team: "Teams",
  project: "Projects",
  assistant: "Assistants",
};

export const ALL = Object.keys(CAPABILITIES) as Capability[];

type Holding = (typeof CAPABILITIES)[Capability]["holders"][number];

const BUILT_IN: [id: string, on: Level, holder: Holding | undefined][] = [
  ["application_admin", "organization", "application_admin"],
  ["user", "organization", undefined],
  ["owner", "team", "team_owner"],
  ["viewer", "team", "team_viewer"],
  ["editor", "assistant", "editor"],
];

/** Built-in roles first, and in the order of their levels. */
export function rolesOf({ roles = [] }: Organization): RoleColumn[] {
  const all: RoleColumn[] = [
    { id: "global_admin", name: roleName("global_admin"), on: "organization", builtIn: true, grants: new Set(ALL) },
    ...BUILT_IN.map(
      ([id, on, holder]): RoleColumn => ({
        id,
        name: roleName(id),
        on,
        builtIn: true,
        grants: new Set(ALL.filter((capability) => grantedTo(holder, on, capability))),
      }),
    ),
    ...roles.map(
      ({ id, on, grants }): RoleColumn => ({
        id,
        name: roleName(id),
        on,
        builtIn: false,
        grants: new Set(ALL.filter((capability) => grants.includes(capability))),
      }),
    ),
  ];
  return (Object.keys(LEVELS) as Level[]).flatMap((level) => all.filter(({ on }) => on === level));
}

function grantedTo(holder: Holding | undefined, on: Level, capability: Capability): boolean {
  const { holders } = CAPABILITIES[capability];
  return holder !== undefined && (holders.includes(holder) || (on !== "organization" && holders.includes("everybody")));
}

/** Whether a role that is held there can grant it. */
export function fits(capability: Capability, on: Level): boolean {
  return LEVELS[on].kinds.includes(CAPABILITIES[capability].kind);
}

/** By role. As far as the facts tell: they need not be all. */
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
