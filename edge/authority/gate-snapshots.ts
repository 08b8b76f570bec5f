// Writes what the gate reads: one small snapshot per public assistant, so that the cost of opening a link does not grow with the
// organization. What is to be written is marked in the transaction of the command, so a crash in between loses nothing.
import type { Env } from "./env";
import { GATE, GATE_RENEWAL } from "./lifetimes";
import type { Storage } from "./storage";

/** Assistants whose snapshots are written side by side. */
const BATCH = 50;
/** Such batches in one run, so that it stays below the number of calls that the platform allows one. */
const BATCHES = 10;

export interface GateSource {
  /** The public assistants. */
  open(): Set<string>;
  sign(assistant: string): string;
}

export class GateSnapshots {
  readonly #store: KVNamespace;
  readonly #storage: Storage;
  readonly #source: GateSource;
  #running: Promise<boolean> | undefined;

  constructor(store: Env["GATE"], storage: Storage, source: GateSource) {
    this.#store = store;
    this.#storage = storage;
    this.#source = source;
  }

  /**
   * Writes what is due, so much of it that something may be left: then it answers true. One run at a time, so that two writes of one
   * assistant never overtake each other.
   */
  async publish(): Promise<boolean> {
    while (this.#running) await this.#running.catch(() => {});
    this.#running = this.#publish().finally(() => { this.#running = undefined; });
    return this.#running;
  }

  async #publish(): Promise<boolean> {
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const now = Math.floor(Date.now() / 1000);
      const due = this.#storage.dueGate(now, BATCH);
      if (due.length === 0) return false;
      const open = this.#source.open();
      // All settle before the run ends, failed ones too: none may write beside the next run.
      const written = await Promise.allSettled(due.map(async ({ assistant, change }) => {
        if (open.has(assistant)) {
          await this.#store.put(entry(assistant), this.#source.sign(assistant), { expirationTtl: GATE });
          this.#storage.gateWritten(assistant, change, now + GATE_RENEWAL);
        } else {
          await this.#store.delete(entry(assistant));
          this.#storage.gateDeleted(assistant, change);
        }
      }));
      const failed = written.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    }
    return true;
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
