// The organization as it is now, in memory, and the events that made it, on disk.
//
// Every change is one synchronous transaction without `await`, of the disk and of the memory together: so no other request comes between, and
// after an error neither of them has changed.
import {
  type Actor,
  type Command,
  CommandRefused,
  type CommandResult,
  type Decided,
  type DecideOptions,
  Directory,
  type DirectoryEvent,
} from "wicketgate/authority";
import { sha256 } from "../digest";
import { isLoopback } from "../loopback";
import { Problem, report } from "../problem";
import { entropySource } from "./entropy";
import { dropImport, imported } from "./import";
import type { OwnSettings } from "./own-settings";
import { alreadyFounded, mustExist, notFounded, tampered } from "./refusals";
import type { Reviews } from "./reviews";
import { SavedState } from "./saved-state";
import type { Signals } from "./signals";
import type { Tables } from "./tables/tables";
import { type Recorded, type WriteAlongside, Writing } from "./writing";

/**
 * A state is saved when the events since the last one have more text than it: so saving costs at most as much as writing the events did,
 * and starting reads at most twice the state. Fewer events than this save no state, so that a small organization does not save at each.
 */
const MIN_EVENTS_BETWEEN_STATES = 256;

export interface Commit {
  /** Ids of assistants whose gate snapshots are due. */
  gates: string[];
  /** Ids of users who are no longer in the organization. */
  gone: string[];
  /** Ids of users who were signed out. */
  signedOut: string[];
  /** Ids of API keys that were revoked. */
  revoked: string[];
  /** Ids of API keys that were changed, or that the plan may end. */
  changed: string[];
}

/** What belongs to one command of a transaction. */
export interface Alongside {
  /** Before anything is changed: a throw refuses this command alone. */
  check?: (result: CommandResult) => void;
  write?: WriteAlongside;
}

/** A command that was executed: the version of its event, and its answer. */
export interface ExecutedCommand {
  version: number;
  result: CommandResult;
}

/** Executes a command of a transaction. @throws CommandRefused and changes nothing */
export type Execute = (actor: Actor, command: Command, alongside?: Alongside) => ExecutedCommand;

/** Executes commands of a transaction in one call: what became of each, none after the first refusal with `untilRefused`. */
export type ExecuteAll = (
  actor: Actor,
  commands: { command: Command; write: WriteAlongside | undefined }[],
  untilRefused: boolean,
) => (ExecutedCommand | CommandRefused)[];

export class History {
  readonly #ctx: DurableObjectState;
  readonly #settings: OwnSettings;
  readonly #tables: Tables;
  readonly #reviews: Reviews;
  readonly #signals: Signals;
  readonly #committed: (commit: Commit) => void;
  /** Absent until the organization is founded. */
  #directory: Directory | undefined;
  /** Events since the saved state, and the length of their texts. */
  #unsaved = { events: 0, length: 0 };
  readonly #saved: SavedState;
  #saving = false;
  #importing = false;

  /** @param committed called after each commit, when it is durable and applied */
  constructor(
    ctx: DurableObjectState,
    settings: OwnSettings,
    tables: Tables,
    reviews: Reviews,
    signals: Signals,
    committed: (commit: Commit) => void,
  ) {
    this.#ctx = ctx;
    this.#settings = settings;
    this.#tables = tables;
    this.#reviews = reviews;
    this.#signals = signals;
    this.#saved = new SavedState(tables.states);
    this.#committed = committed;
  }

  get founded(): boolean {
    return this.#directory !== undefined;
  }

  /** The organization as it is now. @throws Problem `not_founded` */
  get directory(): Directory {
    if (!this.#directory) throw notFounded();
    return this.#directory;
  }

  /** Reads the saved state and the events after it, or all events. @throws Problem `tampered` if they do not fit together */
  async restore(): Promise<void> {
    const { events } = this.#tables;
    this.#ctx.storage.transactionSync(() => dropImport(this.#tables));
    const head = events.head();
    const saved = this.#saved.version;
    const [first] = saved === undefined ? events.after(0, 1) : [];
    if (!head && saved === undefined && !first) return;
    try {
      const directory = saved === undefined ? await Directory.begin(first ?? mustExist()) : await this.#restoreState(saved);
      // One after another: together they may be as long as the state.
      for (const event of events.after(directory.version)) {
        directory.apply(event);
        this.#countUnsaved(event);
      }
      if (directory.version !== head?.version || directory.head !== head.hash) throw tampered();
      this.#hold(directory);
    } catch (error) {
      report(error, this.#settings.name);
      throw tampered();
    }
  }

  /** A saved state must match the event of its version. */
  async #restoreState(version: number): Promise<Directory> {
    const text = this.#tables.events.text(version);
    const directory = await this.#saved.restore();
    if (text === undefined || directory.head !== sha256(text)) throw tampered();
    return directory;
  }

  #countUnsaved({ text, sealed }: DirectoryEvent): void {
    this.#unsaved.events += 1;
    this.#unsaved.length += text.length + sealed.length;
  }

  /** Begins the history with the facts of the organization, as JSON. */
  async found(facts: string | Uint8Array, now: number): Promise<void> {
    const founding = await Directory.foundInParts(facts, { now });
    const { id } = this.#settings.current;
    if (founding.organization !== id) {
      throw new Problem("invalid_facts", `id: must be \`${id}\`, the organization of this authority`, {
        path: "id",
      });
    }
    // After the last `await`: two requests that found at the same time do not both pass this line.
    if (this.#directory || this.#importing) throw alreadyFounded();
    const directory = this.#ctx.storage.transactionSync(() => {
      for (const event of founding.events()) this.#tables.events.insert(event);
      const founded = founding.directory();
      this.#begin(founded);
      return founded;
    });
    this.#hold(directory);
  }

  #hold(directory: Directory): void {
    if (isLoopback(new URL(this.#settings.current.origin).hostname)) directory.webhooks.allowLoopback();
    this.#directory = directory;
  }

  /** Makes the organization from an export, all of it or nothing. */
  async import(body: ReadableStream<Uint8Array>): Promise<void> {
    if (this.#directory || this.#importing) throw alreadyFounded();
    this.#importing = true;
    try {
      const { directory, finish } = await imported(body, this.#settings.current.id, this.#tables, this.#ctx.storage);
      this.#ctx.storage.transactionSync(() => {
        this.#begin(directory);
        finish();
      });
      this.#hold(directory);
    } finally {
      this.#importing = false;
    }
  }

  /** Writes that a directory is the organization now: its history is on the disk. To be called in a transaction. */
  #begin(directory: Directory): void {
    this.#tables.events.setHead(directory.version, directory.head);
    this.#tables.gate.mark(directory.publicAssistants(), directory.version);
    // At once: the events are longer than the organization, and each start would replay them until there are many more.
    this.#save(directory);
  }

  /** Executes a command, all or nothing. @param write in the same transaction; a throw undoes everything */
  commit(actor: Actor, command: Command, now: number, write?: WriteAlongside): CommandResult {
    return this.commitTogether(now, (execute) => execute(actor, command, write && { write }).result);
  }

  /**
   * Executes several commands, in one transaction and with one announcement. `work` executes them; if it throws, all of them are undone. It may
   * catch the refusal of a command and go on.
   */
  commitTogether<T>(now: number, work: (execute: Execute, executeAll: ExecuteAll) => T): T {
    const { directory } = this;
    const { version } = directory;
    const writing = new Writing(this.#tables, this.#reviews);
    let failed: { error: unknown } | undefined;
    const entropy = entropySource();
    /** What was executed is in memory already, so the transaction cannot go on without it, whatever `work` makes of an error. */
    const keep = <K>(write: () => K): K => {
      try {
        return write();
      } catch (error) {
        failed = { error };
        throw error;
      }
    };
    const note = (actor: Actor, command: Command, code: string) => this.#signals.commandRefused(actor, command, code, now);
    const execute: Execute = (actor, command, { check, write } = {}) => {
      const options = { now, entropy: entropy() };
      const decided = this.#decided(actor, command, options, check, (code) => note(actor, command, code));
      keep(() => writing.write({ command, ...decided }, directory, write));
      return { version: decided.event.version, result: decided.result };
    };
    const executeAll: ExecuteAll = (actor, commands, untilRefused) =>
      keep(() => {
        const given = commands.map(({ command }) => command);
        const outcomes = directory.executeAll(actor, given, { now, untilRefused });
        const all = outcomes.flatMap((outcome, index) => {
          const { command, write: alongside } = commands[index] ?? mustExist();
          if (!(outcome instanceof CommandRefused)) return [{ done: { command, ...outcome }, alongside }];
          note(actor, command, outcome.code);
          return [];
        });
        writing.writeAll(all, directory);
        return outcomes.map((outcome) =>
          outcome instanceof CommandRefused ? outcome : { version: outcome.event.version, result: outcome.result },
        );
      });
    let done: T;
    try {
      done = this.#signals.after(() =>
        directory.atomically(() =>
          this.#ctx.storage.transactionSync(() => {
            const done = work(execute, executeAll);
            if (failed) throw failed.error;
            writing.end(directory, version);
            return done;
          }),
        ),
      );
    } catch (error) {
      if (directory.version !== version) this.#ctx.abort("memory could not be taken back");
      throw error;
    }
    this.#finish(writing, version);
    return done;
  }

  /**
   * Records commands that the core executes by itself, in one transaction and with one announcement; or, to rehearse, nothing. `work` may be long: it
   * keeps nothing in memory to undo it, and after a throw and after a rehearsal the organization is read from the disk again.
   */
  recordTogether<T>(work: (record: (done: Recorded) => void) => T, rehearse: boolean): Promise<T> {
    return this.#ctx
      .blockConcurrencyWhile(async () => {
        const { directory } = this;
        const { version } = directory;
        const writing = new Writing(this.#tables, this.#reviews);
        const record = rehearse ? () => {} : (done: Recorded) => writing.write(done, directory);
        try {
          const done = this.#ctx.storage.transactionSync(() => {
            const done = work(record);
            if (!rehearse) writing.end(directory, version);
            return done;
          });
          if (rehearse) await this.#readAgain(version);
          else this.#finish(writing, version);
          return { done };
        } catch (error) {
          await this.#readAgain(version);
          return { error };
        }
      })
      .then((outcome) => {
        if ("error" in outcome) throw outcome.error;
        return outcome.done;
      });
  }

  /** Takes the memory back to what is on the disk. */
  async #readAgain(version: number): Promise<void> {
    if (this.directory.version === version) return;
    // Before it is read again, so that there are never two of them in memory.
    this.directory.free();
    this.#directory = undefined;
    await this.restore();
  }

  /** Tells about a transaction that is durable. @param version before it */
  #finish({ gates, gone, signedOut, revoked, changed, length }: Writing, version: number): void {
    const { directory } = this;
    if (directory.version === version) return;
    this.#committed({ gates: [...gates], gone, signedOut, revoked, changed });
    this.#unsaved.events += directory.version - version;
    this.#unsaved.length += length;
    this.#saveWhenDue();
  }

  /** @param refused is called with the code of a refusal */
  #decided(
    actor: Actor,
    command: Command,
    options: DecideOptions,
    check: Alongside["check"],
    refused: (code: string) => void,
  ): Decided {
    const { directory } = this;
    try {
      if (!check) return directory.execute(actor, command, options);
      const decided = directory.decide(actor, command, options);
      check(decided.result);
      directory.apply(decided.event);
      return decided;
    } catch (error) {
      if (error instanceof CommandRefused) refused(error.code);
      throw error;
    }
  }

  /** Saves in a turn of its own, so that the answer does not wait for it. */
  #saveWhenDue(): void {
    const due = this.#unsaved.events >= MIN_EVENTS_BETWEEN_STATES && this.#unsaved.length > this.#saved.length;
    if (!due || this.#saving) return;
    this.#saving = true;
    setTimeout(() => {
      try {
        this.#save(this.directory);
      } catch (error) {
        report(error, this.#settings.name);
      } finally {
        this.#saving = false;
      }
    });
  }

  #save(directory: Directory): void {
    this.#ctx.storage.transactionSync(() => this.#saved.save(directory));
    this.#unsaved = { events: 0, length: 0 };
  }
}
