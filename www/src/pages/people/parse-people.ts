// A pasted list of people: who is on it, with which role, and why somebody cannot be invited. Addresses are read by the authority.
import type { Organization } from "wicketgate";
import type { ReadAddress } from "wicketgate/authority";
import { organizationRoles, roleName } from "../../why/words";
import { readList } from "./address-list";

export interface Line {
  /** As it was pasted. */
  text: string;
  /** As it will be invited; as it was pasted, where it will not. */
  email: string;
  name: string | undefined;
  role: string;
  /** Whether the same address stands further up. */
  repeated: boolean;
  /** Why it cannot be sent. */
  fault: string | undefined;
  /** How many characters were taken out of the address because they cannot be seen. */
  removed: number;
  /** Whether the authority still has to read it. */
  asking: boolean;
}

interface Given {
  text: string;
  /** For lines that name none. */
  role: string;
  /** The roles that may be given. */
  roles: readonly string[];
  facts: Organization;
  /** Addresses that are somebody's. */
  taken: ReadonlySet<string>;
  /** What the authority has read so far. */
  read: ReadonlyMap<string, ReadAddress>;
}

/** Everybody and everything on the list, with the lines that name columns. */
export function parsePeople({ text, role, roles, facts, taken, read }: Given): { lines: Line[]; headings: string[] } {
  const { found, headings } = readList(text, (words) => roleOf(words, facts) !== undefined);
  const seen = new Set<string>();
  const lines = found.map(({ text, address = "", name, role: named, fault }): Line => {
    const { address: normal, fault: unreadable, removed = [] } = read.get(address) ?? {};
    const email = normal ?? address;
    const its = named === undefined ? role : roleOf(named, facts);
    const repeated = fault === undefined && email !== "" && seen.has(email);
    if (fault === undefined) seen.add(email);
    const why = fault !== undefined ? FAULTS[fault] : unreadable !== undefined ? noAddress(unreadable) : undefined;
    return {
      text,
      email,
      name,
      role: its ?? role,
      repeated,
      removed: removed.length,
      asking: fault === undefined && !read.has(address),
      fault: why ?? (repeated ? "It is in the list more than once." : faultOf(email, named, its, roles, taken)),
    };
  });
  return { lines, headings };
}

/** The addresses of a list that the authority has to read. */
export function addressesOf(text: string): string[] {
  return [...new Set(readList(text, () => false).found.flatMap(({ address }) => address ?? []))];
}

const FAULTS = {
  no_address: "This is not an e-mail address.",
  second_address: "It is a second address in the same row. Put it on a separate line.",
};

/** What the authority says of an address that is none. */
export function noAddress(fault: string): string {
  return fault === "is no e-mail address" ? FAULTS.no_address : `It ${fault}.`;
}

function faultOf(
  email: string,
  named: string | undefined,
  role: string | undefined,
  roles: readonly string[],
  taken: ReadonlySet<string>,
): string | undefined {
  if (taken.has(email)) return "They are already in the organization, or invited.";
  if (role === undefined) return `There is no role “${named}”.`;
  if (!roles.includes(role)) return `You can’t give the role ${roleName(role)}.`;
  return undefined;
}

/** By its id or its name. */
function roleOf(named: string, facts: Organization): string | undefined {
  const plain = (words: string) => words.toLowerCase().replaceAll(/[\s_-]+/g, " ");
  return organizationRoles(facts).find((id) => plain(id) === plain(named) || plain(roleName(id)) === plain(named));
}
