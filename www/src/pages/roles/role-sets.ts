// The role sets that ship, as the authority applies them.
import type { Capability, Level } from "wicketgate";
import type { RoleSet } from "wicketgate/authority";

export interface ShippedSet {
  id: RoleSet;
  name: string;
  description: string;
  roles: { id: string; on: Level; grants: Capability[] }[];
}

export const ROLE_SETS: ShippedSet[] = [
  {
    id: "built_in",
    name: "Built-in roles",
    description:
      "Global admin, application admin and user; owner and viewer of a team; editor of an assistant. Every organization has them, so there is nothing to add.",
    roles: [],
  },
  {
    id: "assigned_agents",
    name: "Assigned agents",
    description:
      "For organizations that give single assistants to people, instead of whole teams: who looks after one, and who works with it.",
    roles: [
      {
        id: "agent_admin",
        on: "assistant",
        grants: [
          "assistant.view",
          "assistant.chat",
          "assistant.edit",
          "corpus.view",
          "corpus.manage",
          "channels.deploy",
          "conversations.view",
          "analytics.view",
          "actions.manage",
        ],
      },
      {
        id: "agent_user",
        on: "assistant",
        grants: ["assistant.view", "assistant.chat", "conversations.view", "conversations.takeover"],
      },
    ],
  },
];
