// Who gained or lost what since a review. People who gained and lost the same are in one row.
import type { Capability, Change, Kind } from "wicketgate";
import type { Names } from "../../data/names";
import type { Overview } from "../../data/overview";

export interface ChangeRow {
  key: string;
  /** Names, some marked "(new)" or "(removed)". */
  people: string[];
  kind: Kind;
  /** Absent for the organization. */
  target?: string;
  /** Name of the target, now or at the review. */
  on: string;
  /** Whether the target exists now. */
  exists: boolean;
  gained: Capability[];
  lost: Capability[];
}

export function changesSince(now: Overview, then: Overview, names: Names): ChangeRow[] {
  const groups = new Map<string, Change[]>();
  for (const change of now.snapshot.diff(then.snapshot)) {
    const key = JSON.stringify([change.kind, change.target, change.gained, change.lost]);
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  const [before, after] = [new Set(then.facts.users?.map(({ id }) => id)), new Set(now.facts.users?.map(({ id }) => id))];
  const addresses = new Map(then.facts.users?.map(({ id, email }) => [id, email ?? id]));
  const person = (id: string) =>
    after.has(id) ? `${names.person(id)}${before.has(id) ? "" : " (new)"}` : `${addresses.get(id) ?? id} (removed)`;
  const things = thingsOf(now, then);

  const rows = [...groups].map(([key, changes]): ChangeRow => {
    const { kind, target, gained, lost } = changes[0]!;
    const thing =
      target === undefined
        ? { name: "The organization", exists: false }
        : (things.get(`${kind} ${target}`) ?? { name: target, exists: false });
    return {
      key,
      kind,
      gained,
      lost,
      on: thing.name,
      exists: thing.exists,
      ...(target !== undefined && { target }),
      people: changes.map(({ user }) => person(user)).sort((one, other) => one.localeCompare(other)),
    };
  });
  // The most important rows first: the organization, then the changes that concern most people.
  return rows.sort(
    (one, other) =>
      Number(other.kind === "organization") - Number(one.kind === "organization") ||
      other.people.length - one.people.length ||
      one.on.localeCompare(other.on),
  );
}

function thingsOf(now: Overview, then: Overview): Map<string, { name: string; exists: boolean }> {
  const things = new Map<string, { name: string; exists: boolean }>();
  for (const [{ facts }, exists] of [
    [then, false],
    [now, true],
  ] as const) {
    for (const [kind, list] of [
      ["team", facts.teams],
      ["project", facts.projects],
      ["assistant", facts.assistants],
    ] as const) {
      for (const { id, name = id } of list ?? []) things.set(`${kind} ${id}`, { name, exists });
    }
  }
  return things;
}
