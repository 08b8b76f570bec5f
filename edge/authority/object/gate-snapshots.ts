// Writes what the gate reads: one small snapshot per public assistant, so that the cost of opening a link does not grow with the
// organization. What is to be written is marked in the transaction of the command, so a crash in between loses nothing.
import type { Env } from "../env";
import { GATE, GATE_RENEWAL } from "../lifetimes";
import type { Storage } from "./storage";

/** Assistants whose snapshots are written side by side. */
const BATCH = 50;
/** Such batches in one run, so that it stays below the number of calls that the platform allows one. */
const BATCHES = 10;

export interface GateSource {
  isPublic(assistant: string): boolean;
  sign(assistant: string): string;
}

export class GateSnapshots {
  readonly #store: KVNamespace;
  readonly #storage: Storage;
  readonly #source: GateSource;
  #running: Promise<boolean> | undefined;
  /** The run that begins when that one has ended. */
  #next: Promise<boolean> | undefined;

  constructor(store: Env["GATE"], storage: Storage, source: GateSource) {
    this.#store = store;
    this.#storage = storage;
    this.#source = source;
  }

  /**
   * Writes what is due, so much of it that something may be left: then it answers true. One run at a time, so that two writes of one
   * assistant never overtake each other; and one that waits, for all who ask in the meantime.
   */
  publish(): Promise<boolean> {
    this.#next ??= this.#publishNext();
    return this.#next;
  }

  async #publishNext(): Promise<boolean> {
    await this.#running?.catch(() => {});
    this.#next = undefined;
    this.#running = this.#publish().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #publish(): Promise<boolean> {
    const failures: unknown[] = [];
    let more = true;
    for (let batch = 0; batch < BATCHES && more; batch += 1) {
      const now = Math.floor(Date.now() / 1000);
      const due = this.#storage.dueGate(now, BATCH);
      let written = 0;
      // All settle before the run ends, failed ones too: none may write beside the next run.
      await Promise.all(
        due.map(async ({ assistant, change }) => {
          try {
            await this.#write(assistant, change, now);
            written += 1;
          } catch (error) {
            // Behind the others, which do not wait for it.
            this.#storage.gateWritten(assistant, change, now);
            failures.push(error);
          }
        }),
      );
      more = written > 0;
    }
    if (failures.length > 0) throw failures[0];
    return more;
  }

  async #write(assistant: string, change: number, now: number): Promise<void> {
    if (this.#source.isPublic(assistant)) {
      await this.#store.put(entry(assistant), this.#source.sign(assistant), { expirationTtl: GATE });
      this.#storage.gateWritten(assistant, change, now + GATE_RENEWAL);
    } else {
      await this.#store.delete(entry(assistant));
      this.#storage.gateDeleted(assistant, change);
    }
  }

  /** Deletes what nobody here wrote: what is not known to be public is not open. */
  async sweep(): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.#store.list({ prefix: entry(""), ...(cursor !== undefined && { cursor }) });
      for (const { name } of page.keys) {
        if (!this.#storage.inGate(name.slice(entry("").length))) await this.#store.delete(name);
      }
      cursor = page.list_complete ? undefined : page.cursor;
    } while (cursor !== undefined);
  }
}

function entry(assistant: string): string {
  return `gate:${assistant}`;
}
