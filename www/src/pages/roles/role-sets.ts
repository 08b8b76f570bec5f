// The role sets that ship: what they are called here, and the roles of the contract in them.
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
      "For organizations that give single assistants to people, instead of whole teams: who looks after one, and who works with it.",
  },
};

export const ROLE_SETS: ShippedSet[] = (Object.keys(roleSets) as RoleSet[]).map((id) => ({
  id,
  ...WORDS[id],
  roles: Object.entries(roleSets[id].roles).map(([role, { level, grants }]) => ({ id: role, on: level, grants })),
}));
