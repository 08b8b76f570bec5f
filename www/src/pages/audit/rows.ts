// One row per entry: in words, with everything that is searched and filtered by.
import { useMemo, useRef } from "react";
import type { Names } from "../../data/names";
import type { Entry } from "./entry";
import { kindOf, type Piece, type Ref, type RefKind, tell } from "./sentences";

export interface AuditRow {
  entry: Entry;
  /** Unix seconds; nothing where the entry cannot be read. */
  at: number | undefined;
  /** Absent for the service itself. */
  actor: string | undefined;
  who: string;
  type: string;
  what: Piece[];
  /** Everybody whom it concerns, the actor too. */
  people: ReadonlySet<string>;
  /** Names and ids of the things that it concerns, to be searched. */
  things: string;
  words: string;
}

export type Call = (ref: Ref) => string;

/** What things are called: by what they are called now; those that are gone, by what an entry called them. */
function callFor(names: Names, learned: ReadonlyMap<string, string>): Call {
  const known: Record<RefKind, (id: string) => string> = names;
  return ({ kind, id, label }) => {
    const name = known[kind](id);
    return label ?? (name === id ? (learned.get(`${kind} ${id}`) ?? id) : name);
  };
}

/** The rows of the entries, newest first. */
export function useRows(entries: readonly Entry[], names: Names): { rows: AuditRow[]; call: Call } {
  const lessons = useRef({ map: new Map<string, string>(), seen: new WeakSet<Entry>() }).current;
  const learned = useMemo(() => {
    for (const entry of entries) if (!lessons.seen.has(entry)) learn(entry, lessons.map, lessons.seen);
    return lessons.map.size;
  }, [entries, lessons]);
  // Rows that are made stay, unless something is called otherwise: a long log is long.
  const { call, made } = useMemo(
    () => ({ call: callFor(names, lessons.map), made: new WeakMap<Entry, AuditRow>() }),
    [names, lessons, learned],
  );
  const rows = useMemo(
    () =>
      entries
        .map((entry) => {
          const row = made.get(entry) ?? rowOf(entry, call);
          made.set(entry, row);
          return row;
        })
        .reverse(),
    [entries, call, made],
  );
  return { rows, call };
}

/** Pieces that say what they are called. */
function learn(entry: Entry, names: Map<string, string>, seen: WeakSet<Entry>): void {
  seen.add(entry);
  for (const piece of pieces(entry)) {
    if (typeof piece !== "string" && piece.label !== undefined) names.set(`${piece.kind} ${piece.id}`, piece.label);
  }
}

function pieces({ said }: Entry): Piece[] {
  try {
    return said ? tell(said.command) : ["This entry can’t be read: it does not have the form that the authority writes"];
  } catch {
    // Fields that the command always has are not there.
    return ["This entry does not have the form that the authority writes"];
  }
}

function rowOf(entry: Entry, call: Call): AuditRow {
  const what = pieces(entry);
  const { at, actor, command } = entry.said ?? {};
  const refs = what.filter((piece) => typeof piece !== "string");
  const who = actor === undefined ? "The service" : call({ kind: "person", id: actor });
  const type = command?.type ?? "";
  const kind = kindOf(type);
  return {
    entry,
    at,
    actor,
    who,
    type,
    what,
    people: new Set([...(actor === undefined ? [] : [actor]), ...refs.filter((ref) => ref.kind === "person").map(({ id }) => id)]),
    things: refs
      .filter((ref) => ref.kind !== "person")
      .map((ref) => `${call(ref)} ${ref.id}`)
      .join(" ")
      .toLowerCase(),
    words:
      `${who} ${actor ?? ""} ${inWords(what, call)} ${refs.map(({ id }) => id).join(" ")} ${kind ? `${kind.area} ${kind.label}` : ""}`.toLowerCase(),
  };
}

export function inWords(what: readonly Piece[], call: Call): string {
  return what.map((piece) => (typeof piece === "string" ? piece : call(piece))).join("");
}
