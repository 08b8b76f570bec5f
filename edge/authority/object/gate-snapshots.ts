// Writes the key-value store that the gate reads: one small snapshot for each public assistant, so that the cost of opening a link does
// not grow with the organization. A command's transaction marks the snapshots that it makes due, so a crash before writing loses nothing.
import { GATE, GATE_RENEWAL } from "../lifetimes";
import { report } from "../problem";
import type { Alarm } from "./alarm";
import { clock } from "./clock";
import type { DueSnapshot, GateTable } from "./tables/gate-table";

/** Snapshots that are written at the same time. */
const BATCH = 50;
/** Batches in one run: so it stays below the number of calls that the platform allows for one request. */
const BATCHES = 10;
/** Milliseconds until a failed write is tried again. */
const RETRY = 5000;

/** The present organization, as far as the gate needs it. */
export interface GateSource {
  isPublic(assistant: string): boolean;
  /** The assistant's signed snapshot. */
  sign(assistant: string): string;
}

export class GateSnapshots {
  readonly #store: KVNamespace;
  readonly #table: GateTable;
  readonly #source: GateSource;
  readonly #alarm: Alarm;
  #running: Promise<boolean> | undefined;
  /** The run that begins when the running one has ended. */
  #next: Promise<boolean> | undefined;

  constructor(store: KVNamespace, table: GateTable, source: GateSource, alarm: Alarm) {
    this.#store = store;
    this.#table = table;
    this.#source = source;
    this.#alarm = alarm;
  }

  /** Writes snapshots that are due, if any. The alarm repeats it if that fails or the object stops, and at once if there is more. */
  async publishWhenDue(): Promise<void> {
    if (this.#table.due(clock(), 1).length === 0) return;
    this.#alarm.wakeBy(Date.now() + RETRY);
    try {
      if (await this.publish()) this.#alarm.wakeBy(Date.now());
    } catch (error) {
      report(error);
    }
  }

  /**
   * Writes snapshots that are due, up to a limit. Runs one at a time, so that two writes of one assistant never overtake each other; all
   * calls during a run share the next run.
   * @returns whether some may be left
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
      const now = clock();
      const due = this.#table.due(now, BATCH);
      let written = 0;
      // Waits for all, failed ones too, because none may still write when the next run begins.
      await Promise.all(
        due.map(async (snapshot) => {
          try {
            await this.#write(snapshot, now);
            written += 1;
          } catch (error) {
            // Due again at once, but behind the others.
            this.#table.postpone(snapshot, now);
            failures.push(error);
          }
        }),
      );
      more = written > 0;
    }
    if (failures.length > 0) throw failures[0];
    return more;
  }

  async #write(snapshot: DueSnapshot, now: number): Promise<void> {
    const { assistant } = snapshot;
    if (this.#source.isPublic(assistant)) {
      await this.#store.put(entry(assistant), this.#source.sign(assistant), { expirationTtl: GATE });
      this.#table.postpone(snapshot, now + GATE_RENEWAL);
    } else {
      await this.#store.delete(entry(assistant));
      this.#table.drop(snapshot);
    }
  }

  /** Deletes entries of the store that have no row here: an assistant that is not known to be public must not be open. */
  async sweep(): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.#store.list({ prefix: entry(""), ...(cursor !== undefined && { cursor }) });
      for (const { name } of page.keys) {
        if (!this.#table.has(name.slice(entry("").length))) await this.#store.delete(name);
      }
      cursor = page.list_complete ? undefined : page.cursor;
    } while (cursor !== undefined);
  }
}

function entry(assistant: string): string {
  return `gate:${assistant}`;
}
