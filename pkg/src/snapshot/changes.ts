/** Carries verified changes over to the document they are of: what a page draws with. The core has its own copy, and decides. */
import type { Changes, Organization } from "../wasm/wicketgate.js";

interface Thing {
  id: string;
  [field: string]: unknown;
}

const LISTS = ["roles", "users", "teams", "projects", "assistants"] as const;
/** What of a thing is listed only as far as it changed. */
const HOLDINGS = ["members", "grants"] as const;

/** The document after all of the changes; its lists are sorted by id. The cost is that of one pass, however many changes there are. */
export function applyChanges(facts: Organization, all: Changes[]): Organization {
  const amended: Record<string, unknown> = { ...facts };
  for (const { plan } of all) if (plan) amended.plan = plan;
  if (Object.keys(amended.plan ?? {}).length === 0) delete amended.plan;
  for (const list of LISTS) {
    const things = new Map(((facts[list] ?? []) as unknown as Thing[]).map((thing) => [thing.id, thing]));
    for (const changes of all) {
      for (const thing of (changes[list] ?? []) as unknown as Thing[]) things.set(thing.id, replaced(things.get(thing.id), thing));
      for (const id of changes.gone?.[list] ?? []) things.delete(id);
    }
    if (things.size > 0) amended[list] = [...things.values()].sort(by("id"));
    else delete amended[list];
  }
  return amended as unknown as Organization;
}

function replaced(old: Thing | undefined, { without, ...thing }: Thing): Thing {
  for (const field of HOLDINGS) {
    const changed = (thing[field] ?? []) as { user: string }[];
    const whose = new Set([...((without ?? []) as string[]), ...changed.map(({ user }) => user)]);
    const kept = ((old?.[field] ?? []) as { user: string }[]).filter(({ user }) => !whose.has(user));
    const held = [...kept, ...changed].sort(by("user"));
    if (held.length > 0) thing[field] = held;
  }
  return thing as Thing;
}

function by<Key extends "id" | "user">(key: Key) {
  return (one: Record<Key, string>, other: Record<Key, string>) => (one[key] < other[key] ? -1 : one[key] > other[key] ? 1 : 0);
}
