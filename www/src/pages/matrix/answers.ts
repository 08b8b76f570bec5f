// The contents of the cells. The package is asked cell by cell, when a cell becomes visible.
import type { Because, CapabilityOf, Organization, Principal, Relation, Snapshot } from "wicketgate";
import { roleName } from "../../why/words";

/** The question that every cell answers: one capability, or the person's strongest relation to the assistant. */
export type MatrixQuery = CapabilityOf<"assistant"> | "relation";

export interface Answer {
  /** The visible text. */
  mark: string;
  /** The text for screen readers. */
  word: string;
  tone: "no" | "yes" | "all" | "owner" | "some" | "open";
}

const NO: Answer = { mark: "", word: "No", tone: "no" };
const YES: Answer = { mark: "✓", word: "Yes", tone: "yes" };
const NOTHING: Answer = { mark: "", word: "Nothing", tone: "no" };

/** The strongest first. */
const STRENGTH: Relation[] = [
  "global_admin",
  "assistant_owner",
  "team_owner",
  "assistant_grant",
  "team_role",
  "organization_role",
  "team_viewer",
  "public",
];
/** The first of these that the person has comes from their strongest relation. */
const INDICATIVE: CapabilityOf<"assistant">[] = ["assistant.share", "assistant.edit", "assistant.chat", "assistant.view"];

/** The answers of one snapshot, valid until something in it expires. */
export class Answers {
  readonly #snapshot: Snapshot;
  readonly #people = new Map<string, Principal>();
  /** By person and assistant. The package caches capabilities, but not relations. */
  readonly #relations = new Map<string, Map<string, Answer>>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  of(person: string): Principal {
    const known = this.#people.get(person);
    if (known) return known;
    const principal = this.#snapshot.as({ user: person });
    this.#people.set(person, principal);
    return principal;
  }

  cell(person: string, assistant: string, query: MatrixQuery): Answer {
    if (query === "relation") return this.#relation(person, assistant);
    return this.of(person).can(query, assistant) ? YES : NO;
  }

  #relation(person: string, assistant: string): Answer {
    let row = this.#relations.get(person);
    if (!row) this.#relations.set(person, (row = new Map()));
    let answer = row.get(assistant);
    if (!answer) row.set(assistant, (answer = strongest(this.of(person), assistant)));
    return answer;
  }
}

function strongest(principal: Principal, assistant: string): Answer {
  const held = principal.capabilities(assistant);
  const indicative = INDICATIVE.find((capability) => held.includes(capability)) ?? held[0];
  if (indicative === undefined) return NOTHING;
  const because = principal.check(indicative, assistant).because ?? [];
  const [best] = [...because].sort((one, other) => STRENGTH.indexOf(one.relation) - STRENGTH.indexOf(other.relation));
  return best ? named(best) : NOTHING;
}

function named({ relation, role = "" }: Because): Answer {
  const answer = (word: string, tone: Answer["tone"]): Answer => ({ mark: word, word, tone });
  switch (relation) {
    case "global_admin":
      return answer("Global admin", "all");
    case "assistant_owner":
      return answer("Owner", "owner");
    case "team_owner":
      return answer("Team owner", "owner");
    case "team_viewer":
      return answer("Team viewer", "some");
    case "public":
      return answer("Public", "open");
    default:
      return answer(roleName(role), "some");
  }
}

/** When the next membership or grant ends, Unix seconds. */
export function nextExpiry({ teams = [], assistants = [] }: Organization, now: number): number {
  let next = Infinity;
  const look = ({ expires = Infinity }: { expires?: number }) => {
    if (expires > now && expires < next) next = expires;
  };
  for (const { members = [] } of teams) members.forEach(look);
  for (const { grants = [] } of assistants) grants.forEach(look);
  return next;
}
