// What the cells say. Asked of the package, cell by cell, when a cell comes into sight.
import type { Because, CapabilityOf, Organization, Principal, Relation, Snapshot } from "wicketgate";
import { roleName } from "../../why/words";

/** What is asked of every cell: one right, or by what the person reaches the assistant at all. */
export type Asked = CapabilityOf<"assistant"> | "relation";

export interface Answer {
  /** What is seen. */
  mark: string;
  /** What is heard. */
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
/** Of what somebody may do, the first of these is what their strongest relation gives. */
const TELLING: CapabilityOf<"assistant">[] = ["assistant.share", "assistant.edit", "assistant.chat", "assistant.view"];

/** The answers of one snapshot, up to the next moment at which something in it expires. */
export class Answers {
  readonly #snapshot: Snapshot;
  readonly #people = new Map<string, Principal>();
  /** By person and assistant: unlike a right, a relation is not remembered by the package. */
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

  cell(person: string, assistant: string, asked: Asked): Answer {
    if (asked === "relation") return this.#relation(person, assistant);
    return this.of(person).can(asked, assistant) ? YES : NO;
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
  const telling = TELLING.find((capability) => held.includes(capability)) ?? held[0];
  if (telling === undefined) return NOTHING;
  const because = principal.check(telling, assistant).because ?? [];
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
