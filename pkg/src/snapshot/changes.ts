/** Applies verified deltas to the facts that a page displays. Decisions do not depend on it: the core applies the deltas to its own copy. */
import type { Changes, Organization } from "../wasm/wicketgate.js";

/** An entry of a list of the facts: a user, team, assistant and so on. */
interface Entry {
  id: string;
  [field: string]: unknown;
}

const LISTS = ["roles", "users", "teams", "projects", "assistants"] as const;
/** Fields of an entry that a delta lists only as far as they changed. */
const HOLDINGS = ["members", "grants"] as const;

/** Returns the facts after all the deltas, with lists sorted by id. One pass, however many deltas there are. */
export function applyChanges(facts: Organization, deltas: Changes[]): Organization {
  const changed: Record<string, unknown> = { ...facts };
  for (const { plan } of deltas) if (plan) changed.plan = plan;
  if (Object.keys(changed.plan ?? {}).length === 0) delete changed.plan;
  for (const list of LISTS) {
    const entries = new Map(((facts[list] ?? []) as unknown as Entry[]).map((entry) => [entry.id, entry]));
    for (const changes of deltas) {
      for (const entry of (changes[list] ?? []) as unknown as Entry[])
        entries.set(entry.id, replaced(entries.get(entry.id), entry));
      for (const id of changes.gone?.[list] ?? []) entries.delete(id);
    }
    if (entries.size > 0) changed[list] = [...entries.values()].sort(by("id"));
    else delete changed[list];
  }
  return changed as unknown as Organization;
}

/** The new entry, with the holdings of the old one that the delta does not name. */
function replaced(old: Entry | undefined, { without, ...entry }: Entry): Entry {
  for (const field of HOLDINGS) {
    const added = (entry[field] ?? []) as { user: string }[];
    const named = new Set([...((without ?? []) as string[]), ...added.map(({ user }) => user)]);
    const kept = ((old?.[field] ?? []) as { user: string }[]).filter(({ user }) => !named.has(user));
    const holdings = [...kept, ...added].sort(by("user"));
    if (holdings.length > 0) entry[field] = holdings;
  }
  return entry as Entry;
}

function by<Key extends "id" | "user">(key: Key) {
  return (one: Record<Key, string>, other: Record<Key, string>) => (one[key] < other[key] ? -1 : one[key] > other[key] ? 1 : 0);
}
