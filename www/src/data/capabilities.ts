// Every capability: its label, the kind of its target, and who holds it besides global admins. From the contract.
import type { Capability, CapabilityOf, Kind } from "wicketgate";
import { builtInRoles, capabilities, relations } from "wicketgate/contract";
import { reasons } from "wicketgate/reasons";

/** The grants of each holder, in the order in which sentences name them. */
const GRANTS = {
  application_admin: builtInRoles.application_admin.grants,
  assistant_owner: relations.assistant_owner.grants,
  team_owner: relations.team_owner.grants,
  team_viewer: relations.team_viewer.grants,
  project_creator: relations.project_creator.grants,
  editor: builtInRoles.editor.grants,
  everybody: relations.public.grants,
} satisfies Record<string, readonly Capability[]>;

export type Holder = keyof typeof GRANTS;

export interface CapabilityWords {
  label: string;
  kind: Kind;
  holders: Holder[];
}

/** The label of a capability; its id if this page does not know it. */
export const labelOf = reasons().label;

/** "View, Chat, Edit" */
export function labelsOf(all: Iterable<string>): string {
  return [...all].map(labelOf).join(", ");
}

function holdersOf(capability: Capability): Holder[] {
  const holders = (Object.keys(GRANTS) as Holder[]).filter((holder) => (GRANTS[holder] as readonly string[]).includes(capability));
  return holders.includes("everybody") ? ["everybody"] : holders;
}

/** The number of holders that have the capability. */
function spread(capability: Capability): number {
  return Object.values(GRANTS).filter((grants) => (grants as readonly string[]).includes(capability)).length;
}

/** Sorted: the capabilities with the most holders first. */
export const ALL = (Object.keys(capabilities) as Capability[]).sort((one, other) => spread(other) - spread(one));

export const CAPABILITIES = Object.fromEntries(
  ALL.map((capability): [Capability, CapabilityWords] => [
    capability,
    { label: labelOf(capability), kind: capabilities[capability].kind, holders: holdersOf(capability) },
  ]),
) as Record<Capability, CapabilityWords>;

/** The capabilities of one kind, in the order of the table. */
export function capabilitiesOf<Of extends Kind>(kind: Of): CapabilityOf<Of>[] {
  return ALL.filter((capability) => CAPABILITIES[capability].kind === kind) as CapabilityOf<Of>[];
}
