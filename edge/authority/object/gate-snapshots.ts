// Writes the key-value store that the gate reads: one small snapshot for each public assistant, so that the cost of opening a link does
// not grow with the organization. A command's transaction marks the snapshots that it makes due, so a crash before writing loses nothing.
// They are written in small slices, and other requests are answered between two slices: a change of the plan concerns every public assistant.
import { GATE, GATE_RENEWAL } from "../lifetimes";
import { report } from "../problem";
import type { Alarm } from "./alarm";
import { clock } from "./clock";
import type { DueSnapshot, GateTable } from "./tables/gate-table";

/** Snapshots of one slice. They are signed in one turn, a third of a millisecond each, and written two for each connection of the platform. */
const SLICE = 10;
/** Slices in one run: so it stays below the number of calls that the platform allows for one request. */
const SLICES = 50;
/** Failed writes after which a run ends: the store is then not asked for the others. */
const MAX_FAILURES = 50;
/** Entries that one call erases: below the number of calls that the platform allows for one request. */
const ERASED = 500;
/** Milliseconds until a failed write is tried again. */
const RETRY = 5000;

/** The present organization, as far as the gate needs it. */
export interface GateSource {
  organization(): string;
  version(): number;
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
      report(error, this.#source.organization());
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
    const failures = new Map<string, unknown>();
    let more = true;
    for (let slice = 0; slice < SLICES && more; slice += 1) {
      if (slice > 0) await turn();
      const now = clock();
      const due = this.#table.due(now, SLICE).filter(({ assistant }) => !failures.has(assistant));
      // Waits for all, failed ones too, because none may still write when the next slice begins.
      const writes = await Promise.allSettled(due.map(({ assistant }) => this.#write(assistant)));
      // In one turn, and so in one write to the disk.
      for (const [index, snapshot] of due.entries()) {
        const write = writes[index] as PromiseSettledResult<boolean>;
        this.#record(snapshot, write, now);
        if (write.status === "rejected") failures.set(snapshot.assistant, write.reason);
      }
      more = due.length > 0 && failures.size < MAX_FAILURES;
    }
    for (const failure of failures.values()) throw failure;
    return more;
  }

  /** @returns whether the store has a snapshot of the assistant afterwards */
  async #write(assistant: string): Promise<boolean> {
    const open = this.#source.isPublic(assistant);
    if (open) await this.#store.put(this.#entry(assistant), this.#source.sign(assistant), { expirationTtl: GATE });
    else await this.#store.delete(this.#entry(assistant));
    return open;
  }

  /** @param now when the snapshot was signed */
  #record(snapshot: DueSnapshot, write: PromiseSettledResult<boolean>, now: number): void {
    // After a failure: due again at once, but behind the others.
    if (write.status === "rejected") this.#table.postpone(snapshot, now);
    else if (write.value) this.#table.postpone(snapshot, now + GATE_RENEWAL);
    else this.#table.drop(snapshot);
  }

  /**
   * Makes entries of the store due that have no row here: an assistant that is not known to be public must not be open. The next run deletes
   * them; no write here, because it could overtake one of a run.
   * @returns whether there are any
   */
  async sweep(): Promise<boolean> {
    const prefix = this.#entry("");
    let cursor: string | undefined;
    let found = false;
    do {
      const page = await this.#store.list({ prefix, ...(cursor !== undefined && { cursor }) });
      const unknown = page.keys.map(({ name }) => name.slice(prefix.length)).filter((assistant) => !this.#table.has(assistant));
      this.#table.mark(unknown, this.#source.version());
      found ||= unknown.length > 0;
      cursor = page.list_complete ? undefined : page.cursor;
    } while (cursor !== undefined);
    return found;
  }

  /** Deletes all entries of the organization, a part in each call. @returns whether some are left */
  async erase(): Promise<boolean> {
    await this.#running?.catch(() => {});
    const { keys, list_complete: last } = await this.#store.list({ prefix: this.#entry(""), limit: ERASED });
    await Promise.all(keys.map(({ name }) => this.#store.delete(name)));
    return !last;
  }

  /** The name of an assistant's entry. The store is shared with other organizations. */
  #entry(assistant: string): string {
    return `gate:${this.#source.organization()}:${assistant}`;
  }
}

/** A turn of the event loop, not of promises alone: only then the platform delivers requests that have come meanwhile. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
