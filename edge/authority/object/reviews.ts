// Access reviews. The facts at the latest ones are kept, so that the next review can show the changes since.
import { readEventText } from "wicketgate/authority";
import { sha256 } from "../digest";
import { type Pieces, textsOf } from "./bodies";
import { Problem } from "../problem";
import { tampered } from "./refusals";
import type { ReviewTable } from "./tables/review-table";
import type { Review } from "../wire";

/** Reviews whose facts are kept: the last one, and the one before in case the last one was a mistake. */
const KEPT = 2;
/** Reviews in the list. */
const LISTED = 100;

export class Reviews {
  readonly #table: ReviewTable;

  constructor(table: ReviewTable) {
    this.#table = table;
  }

  /** To be called in the transaction of the command. */
  keep(version: number, facts: Pieces): void {
    this.#table.insert(version, sha256(...facts), textsOf(facts), KEPT);
  }

  /** Newest first. */
  list(): Review[] {
    const kept = new Set(this.#table.versionsWithFacts());
    return this.#table.latest(LISTED).map(({ version, text }) => {
      const { at, actor, command } = readEventText(text);
      return {
        version,
        at,
        ...(actor && "user" in actor && { by: actor.user }),
        ...(typeof command["note"] === "string" && { note: command["note"] }),
        ...(kept.has(version) && { snapshot: true }),
      };
    });
  }

  /** The facts at a review, as JSON. @throws Problem `unknown_review` */
  facts(version: number): string {
    const kept = this.#table.facts(version);
    if (!kept) throw new Problem("unknown_review", "no facts are kept of a review at this version");
    if (sha256(kept.text) !== kept.digest) throw tampered();
    return kept.text;
  }
}
