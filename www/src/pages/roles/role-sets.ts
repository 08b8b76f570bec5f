// The role sets of the product, with their names, descriptions and roles.
import type { Capability, Level } from "wicketgate";
import type { RoleSet } from "wicketgate/authority";
import { roleSets } from "wicketgate/contract";

export interface ShippedSet {
  id: RoleSet;
  name: string;
  description: string;
  roles: { id: string; on: Level; grants: readonly Capability[] }[];
}

const WORDS: Record<RoleSet, { name: string; description: string }> = {
  built_in: {
    name: "Built-in roles",
    description:
      "Global admin, application admin and user; owner and viewer of a team; editor of an assistant. Every organization has them, so there is nothing to add.",
  },
  assigned_agents: {
    name: "Assigned agents",
    description:
      "For organizations that give people single assistants instead of whole teams: a role for people who manage one, and a role for people who use it.",
  },
};

export const ROLE_SETS: ShippedSet[] = (Object.keys(roleSets) as RoleSet[]).map((id) => ({
  id,
  ...WORDS[id],
  roles: Object.entries(roleSets[id].roles).map(([role, { level, grants }]) => ({ id: role, on: level, grants })),
}));
