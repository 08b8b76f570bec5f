// One row per entry: its sentence, and the text for search and filter.
import { useMemo, useRef } from "react";
import type { Names } from "../../data/names";
import type { Entry } from "./entry";
import { kindOf, type Piece, type Ref, type RefKind, sentenceOf } from "./sentences";

export interface AuditRow {
  entry: Entry;
  /** Unix seconds; `undefined` if the entry cannot be read. */
  at: number | undefined;
  /** Ids of the person and the API key who acted; empty for the service itself. */
  actor: string;
  who: string;
  type: string;
  what: Piece[];
  /** Ids of the people concerned, with the actor. */
  people: ReadonlySet<string>;
  /** Names and ids of the teams, projects, assistants and API keys concerned, with the key that acted, in lower case. */
  things: string;
  words: string;
}

export type NameOf = (ref: Ref) => string;

/** Names of things: the present name, or for deleted things the name in an entry. */
function nameLookup(names: Names, learned: ReadonlyMap<string, string>): NameOf {
  const known: Record<RefKind, (id: string) => string> = names;
  return ({ kind, id, label }) => {
    const name = known[kind](id);
    return label ?? (name === id ? (learned.get(`${kind} ${id}`) ?? id) : name);
  };
}

/** The rows of the entries, newest first. */
export function useRows(entries: readonly Entry[], names: Names): { rows: AuditRow[]; nameOf: NameOf } {
  const seenNames = useRef({ map: new Map<string, string>(), seen: new WeakSet<Entry>() }).current;
  const learned = useMemo(() => {
    for (const entry of entries) if (!seenNames.seen.has(entry)) learn(entry, seenNames.map, seenNames.seen);
    return seenNames.map.size;
  }, [entries, seenNames]);
  // Rows are kept between renders unless a name changes: a log may have very many.
  const { nameOf, cache } = useMemo(
    () => ({ nameOf: nameLookup(names, seenNames.map), cache: new WeakMap<Entry, AuditRow>() }),
    [names, seenNames, learned],
  );
  const rows = useMemo(
    () =>
      entries
        .map((entry) => {
          const row = cache.get(entry) ?? rowOf(entry, nameOf);
          cache.set(entry, row);
          return row;
        })
        .reverse(),
    [entries, nameOf, cache],
  );
  return { rows, nameOf };
}

/** Collects the names that the entry itself contains. */
function learn(entry: Entry, names: Map<string, string>, seen: WeakSet<Entry>): void {
  seen.add(entry);
  for (const piece of pieces(entry)) {
    if (typeof piece !== "string" && piece.label !== undefined) names.set(`${piece.kind} ${piece.id}`, piece.label);
  }
}

function pieces({ content }: Entry): Piece[] {
  try {
    return content
      ? sentenceOf(content.command)
      : ["This entry can’t be read: it does not have the form that the authority writes"];
  } catch {
    // The command lacks a required field.
    return ["This entry does not have the form that the authority writes"];
  }
}

function rowOf(entry: Entry, nameOf: NameOf): AuditRow {
  const what = pieces(entry);
  const { at, actor, key, command } = entry.content ?? {};
  const refs = refsIn(what);
  const by = actorOf(actor, key);
  const who = inWords(by, nameOf);
  const type = command?.type ?? "";
  const kind = kindOf(type);
  return {
    entry,
    at,
    actor: [actor, key].filter((id) => id !== undefined).join(" "),
    who,
    type,
    what,
    people: new Set([...(actor === undefined ? [] : [actor]), ...refs.filter((ref) => ref.kind === "person").map(({ id }) => id)]),
    things: [...refs, ...refsIn(by)]
      .filter((ref) => ref.kind !== "person")
      .map((ref) => `${nameOf(ref)} ${ref.id}`)
      .join(" ")
      .toLowerCase(),
    words:
      `${who} ${actor ?? ""} ${key ?? ""} ${inWords(what, nameOf)} ${refs.map(({ id }) => id).join(" ")} ${kind ? `${kind.area} ${kind.label}` : ""}`.toLowerCase(),
  };
}

/** Who acted: a person, an API key, or an API key on behalf of a person. */
function actorOf(actor: string | undefined, key: string | undefined): Piece[] {
  const person: Piece[] = actor === undefined ? [] : [{ kind: "person", id: actor }];
  if (key === undefined) return actor === undefined ? ["The service"] : person;
  return ["The API key “", { kind: "api_key", id: key }, actor === undefined ? "”" : "” on behalf of ", ...person];
}

function refsIn(pieces: readonly Piece[]): Ref[] {
  return pieces.filter((piece) => typeof piece !== "string");
}

export function inWords(what: readonly Piece[], nameOf: NameOf): string {
  return what.map((piece) => (typeof piece === "string" ? piece : nameOf(piece))).join("");
}
