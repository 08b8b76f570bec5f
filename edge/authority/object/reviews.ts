// Access reviews: what the organization was like at the latest ones, so that the next one shows what has changed since.
import { sha256 } from "../digest";
import { Problem } from "../problem";
import type { Storage } from "./storage";
import type { Review } from "../wire";

/** Reviews whose facts are kept: the last one, and the one before, for whoever did the last one by mistake. */
const KEPT = 2;
/** Reviews that are listed. */
const LISTED = 100;

export class Reviews {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** In the transaction of the command. */
  keep(version: number, facts: string): void {
    this.#storage.insertReview(version, sha256(facts), facts, KEPT);
  }

  /** Newest first. */
  list(): Review[] {
    const kept = new Set(this.#storage.reviewsWithFacts());
    return this.#storage.reviews(LISTED).map(({ version, text }) => {
      const { at, actor, command } = JSON.parse(text) as { at: number; actor?: string; command: { note?: string } };
      return {
        version,
        at,
        ...(actor !== undefined && { by: actor }),
        ...(command.note !== undefined && { note: command.note }),
        ...(kept.has(version) && { snapshot: true }),
      };
    });
  }

  /** The facts of that version. */
  facts(version: number): string {
    const kept = this.#storage.reviewFacts(version);
    if (!kept) throw new Problem("unknown_review", "nothing is kept of a review at this version");
    if (sha256(kept.text) !== kept.digest) throw new Problem("tampered", "what is stored does not fit its own digests");
    return kept.text;
  }
}
