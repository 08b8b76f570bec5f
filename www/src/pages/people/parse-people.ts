// A pasted list of people, line by line: "nina@acme.example", "Nina <nina@acme.example>", "nina@acme.example, application admin".
import type { Organization } from "wicketgate";
import { organizationRoles, roleName } from "../../why/words";

export interface Line {
  /** As it was pasted. */
  text: string;
  email: string;
  role: string;
  /** Why it cannot be sent. */
  fault: string | undefined;
}

/** Longest list that is sent in one go. */
export const MOST_LINES = 500;

interface Given {
  text: string;
  /** For lines that name none. */
  role: string;
  /** The roles that may be given. */
  roles: readonly string[];
  facts: Organization;
  /** Addresses that are somebody's. */
  taken: ReadonlySet<string>;
}

export function parsePeople({ text, role, roles, facts, taken }: Given): Line[] {
  const seen = new Set<string>();
  return text.split(/\r?\n|;/).map((line) => line.trim()).filter((line) => line !== "").slice(0, MOST_LINES).map((line) => {
    const [who = "", ...rest] = line.split(/[,\t]/).map((part) => part.trim());
    const email = (/<([^<>]*)>/.exec(who)?.[1] ?? who).trim().toLowerCase();
    const named = rest.filter((part) => part !== "").join(" ");
    const its = named === "" ? role : roleOf(named, facts);
    const fault = faultOf(email, named, its, roles, taken, seen);
    seen.add(email);
    return { text: line, email, role: its ?? role, fault };
  });
}

function faultOf(email: string, named: string, role: string | undefined, roles: readonly string[], taken: ReadonlySet<string>, seen: ReadonlySet<string>): string | undefined {
  if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(email)) return "This is no e-mail address.";
  if (seen.has(email)) return "It is in the list twice.";
  if (taken.has(email)) return "They are in the organization already, or invited.";
  if (role === undefined) return `There is no role “${named}”.`;
  if (!roles.includes(role)) return `The role ${roleName(role)} is not yours to give.`;
  return undefined;
}

/** By its id or its name. */
function roleOf(named: string, facts: Organization): string | undefined {
  const plain = (words: string) => words.toLowerCase().replaceAll(/[\s_-]+/g, " ");
  return organizationRoles(facts).find((id) => plain(id) === plain(named) || plain(roleName(id)) === plain(named));
}
