// A pasted list of people: each line with lineRole role, and why it cannot be invited. The authority reads the addresses.
import type { Organization } from "wicketgate";
import type { ReadAddress } from "wicketgate/authority";
import { organizationRoles, roleName } from "../../why/words";
import { readList } from "./address-list";

export interface Line {
  /** Position in the list, from 0. */
  index: number;
  /** As it was pasted. */
  text: string;
  /** The address that will be invited; the pasted text if the line cannot be. */
  email: string;
  name: string | undefined;
  role: string;
  /** Whether an earlier line has the same address. */
  repeated: boolean;
  /** Why it cannot be invited. */
  fault: string | undefined;
  /** Number of invisible characters removed from the address. */
  removed: number;
  /** Whether the authority has not read it yet. */
  pending: boolean;
}

interface Input {
  text: string;
  /** For lines without a role. */
  role: string;
  /** The roles that may be given. */
  roles: readonly string[];
  facts: Organization;
  /** Addresses of people and of open invitations. */
  taken: ReadonlySet<string>;
  /** The authority's answers so far. */
  read: ReadonlyMap<string, ReadAddress>;
}

/** Every line of the list, and the lines with column headings. */
export function parsePeople({ text, role, roles, facts, taken, read }: Input): { lines: Line[]; headings: string[] } {
  const { found, headings } = readList(text, (words) => roleOf(words, facts) !== undefined);
  const seen = new Set<string>();
  const lines = found.map(({ text, address = "", name, role: named, fault }, index): Line => {
    const { address: normal, fault: unreadable, removed = [] } = read.get(address) ?? {};
    const email = normal ?? address;
    const lineRole = named === undefined ? role : roleOf(named, facts);
    const repeated = fault === undefined && email !== "" && seen.has(email);
    if (fault === undefined) seen.add(email);
    const why = fault !== undefined ? FAULTS[fault] : unreadable !== undefined ? noAddress(unreadable) : undefined;
    return {
      index,
      text,
      email,
      name,
      role: lineRole ?? role,
      repeated,
      removed: removed.length,
      pending: fault === undefined && !read.has(address),
      fault: why ?? (repeated ? "It is in the list more than once." : faultOf(email, named, lineRole, roles, taken)),
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

/** The authority's reason why a text is not an address. */
export function noAddress(fault: string): string {
  return fault === "is not an e-mail address" ? FAULTS.no_address : `It ${fault}.`;
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

/** The role with this id or name. */
function roleOf(named: string, facts: Organization): string | undefined {
  const plain = (words: string) => words.toLowerCase().replaceAll(/[\s_-]+/g, " ");
  return organizationRoles(facts).find((id) => plain(id) === plain(named) || plain(roleName(id)) === plain(named));
}
