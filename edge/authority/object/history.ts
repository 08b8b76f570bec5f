// The organization as it is now, in memory, and the events that made it, on disk.
//
// Order of every change: decide, write, apply, in one synchronous transaction without `await`. So no other request comes between, and
// nothing is applied that was not written. If applying succeeds and the transaction then fails, memory is ahead of the disk: the
// object aborts and starts again from the disk.
import { type Actor, type Command, type CommandResult, Directory, verifyChain } from "wicketgate/authority";
import { sha256 } from "../digest";
import { Problem, report } from "../problem";
import type { AuditPage } from "../wire";
import { accountDigest, addressDigest } from "./identity-digests";
import type { OwnSettings } from "./own-settings";
import { mustExist, notFounded, tampered } from "./refusals";
import type { Reviews } from "./reviews";
import type { SavedState } from "./tables/event-table";
import type { Tables } from "./tables/tables";

/**
 * A state is saved when the events since the last one have more text than it: so saving costs at most as much as writing the events did,
 * and starting reads at most twice the state. Fewer events than this save no state, so that a small organization does not save at each.
 */
const MIN_EVENTS_BETWEEN_STATES = 256;

/** UTF-16 units of one page of the audit log, besides the number of events that the reader asks for. */
const MAX_AUDIT_PAGE_LENGTH = 4 * 1024 * 1024;

export interface Commit {
  command: Command;
  /** Ids of assistants whose gate snapshots are due. */
  gates: string[];
  /** Ids of users who are no longer in the organization. */
  gone: string[];
}

export class History {
  readonly #ctx: DurableObjectState;
  readonly #settings: OwnSettings;
  readonly #tables: Tables;
  readonly #reviews: Reviews;
  readonly #committed: (commit: Commit) => void;
  /** Absent until the organization is founded. */
  #directory: Directory | undefined;
  /** Events since the saved state, and the length of their texts. */
  #unsaved = { events: 0, length: 0 };
  #savedLength = 0;
  #saving = false;

  /** @param committed called after each commit, when it is durable and applied */
  constructor(
    ctx: DurableObjectState,
    settings: OwnSettings,
    tables: Tables,
    reviews: Reviews,
    committed: (commit: Commit) => void,
  ) {
    this.#ctx = ctx;
    this.#settings = settings;
    this.#tables = tables;
    this.#reviews = reviews;
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
    const head = this.#tables.events.head();
    const state = this.#tables.events.savedState();
    const events = [...this.#tables.events.after(state?.version ?? 0)];
    if (!head && !state && events.length === 0) return;
    try {
      const directory = state ? await this.#restoreState(state) : await Directory.begin(events[0] ?? mustExist());
      for (const event of state ? events : events.slice(1)) directory.apply(event);
      if (directory.version !== head?.version || directory.head !== head.hash) throw tampered();
      this.#savedLength = state?.text.length ?? 0;
      this.#unsaved = {
        events: events.length,
        length: events.reduce((sum, { text, sealed }) => sum + text.length + sealed.length, 0),
      };
      this.#directory = directory;
    } catch (error) {
      report(error);
      throw tampered();
    }
  }

  /** A saved state must match its digest and the event of its version. */
  async #restoreState({ version, digest, text }: SavedState): Promise<Directory> {
    const [event] = this.#tables.events.after(version - 1, 1);
    if (sha256(text) !== digest || event?.version !== version) throw tampered();
    const directory = await Directory.restore(text);
    if (directory.version !== version || directory.head !== sha256(event.text)) throw tampered();
    return directory;
  }

  /** Begins the history with the facts of the organization, as JSON. */
  async found(facts: string, now: number): Promise<void> {
    const { directory, event } = await Directory.found(facts, { now });
    const { id } = this.#settings.current;
    if (directory.organization !== id) {
      throw new Problem("invalid_facts", `id: must be \`${id}\`, the organization of this authority`, {
        path: "id",
      });
    }
    // After the last `await`: two requests that found at the same time do not both pass this line.
    if (this.#directory) throw new Problem("already_founded", "the organization has been set up already");
    this.#ctx.storage.transactionSync(() => {
      this.#tables.events.insert(event);
      this.#tables.events.setHead(event.version, directory.head);
      this.#tables.gate.mark(directory.publicAssistants(), event.version);
      // At once: the first event is as large as the organization, and each start would replay it until there are many more events.
      this.#save(directory);
    });
    this.#directory = directory;
  }

  /** Decides, writes and applies a command, all or nothing. @param alongside writes in the same transaction; a throw undoes everything */
  commit(
    actor: Actor,
    command: Command,
    now: number,
    alongside: (version: number, result: CommandResult) => void = () => {},
  ): CommandResult {
    const { directory } = this;
    const { event, result, gates, gone } = directory.decide(actor, command, { now });
    let applied = false;
    try {
      this.#ctx.storage.transactionSync(() => {
        this.#tables.events.insert(event);
        this.#tables.gate.mark(gates, event.version);
        alongside(event.version, result);
        this.#writeEffects(command, result, event.version);
        // After all other writes: a user who removes themselves must leave no stored answer behind.
        for (const user of gone) this.#tables.forget(user);
        // After the writes, so that everything applied has been written; inside, so that an event that cannot be applied is not kept.
        directory.apply(event);
        applied = true;
        this.#tables.events.setHead(event.version, directory.head);
      });
    } catch (error) {
      if (applied) this.#ctx.abort("an event could not be written");
      throw error;
    }
    this.#committed({ command, gates, gone });
    this.#unsaved.events += 1;
    this.#unsaved.length += event.text.length + event.sealed.length;
    this.#saveWhenDue();
    return result;
  }

  /** What a command changes outside the directory: sessions, remembered accounts and addresses, the facts of a review. */
  #writeEffects(command: Command, { user }: CommandResult, version: number): void {
    const { sessions, accounts } = this.#tables;
    switch (command.type) {
      case "suspend_user":
      case "sign_out_user":
        sessions.endAllOf(command.user);
        break;
      case "remove_user": {
        const email = this.directory.user(command.user)?.email;
        if (email !== undefined) accounts.remember(addressDigest(email));
        break;
      }
      case "accept_invitation":
      case "join":
        accounts.remember(accountDigest(command), user);
        break;
      case "link_account":
        accounts.remember(accountDigest(command), command.user);
        break;
      case "complete_review":
        // A review changes no facts: those before it are those after it.
        this.#reviews.keep(version, this.directory.facts());
        break;
      default: // The Directory keeps everything else.
    }
  }

  /** A page of the audit log, verified from the event before it on. */
  async auditPage(after: number, limit: number): Promise<AuditPage> {
    const last = this.directory.version;
    const events = [...this.#tables.events.after(after, limit, MAX_AUDIT_PAGE_LENGTH)];
    const [before] = after > 0 ? this.#tables.events.after(after - 1, 1) : [];
    if (events.some(({ version }, index) => version !== after + 1 + index) || (events.length === 0 && after < last))
      throw tampered();
    if (events.length === 0) return { events };
    const hash = await verifyChain(events, before && sha256(before.text));
    const reached = after + events.length;
    if (reached === last && hash !== this.#tables.events.head()?.hash) throw tampered();
    return { events: events.map(({ version, text }) => ({ version, text })), ...(reached < last && { next: reached }) };
  }

  /** Saves in a turn of its own, so that the answer does not wait for it. */
  #saveWhenDue(): void {
    const due = this.#unsaved.events >= MIN_EVENTS_BETWEEN_STATES && this.#unsaved.length > this.#savedLength;
    if (!due || this.#saving) return;
    this.#saving = true;
    setTimeout(() => {
      try {
        this.#save(this.directory);
      } catch (error) {
        report(error);
      } finally {
        this.#saving = false;
      }
    });
  }

  #save(directory: Directory): void {
    const text = directory.dump();
    this.#ctx.storage.transactionSync(() =>
      this.#tables.events.saveState({ version: directory.version, digest: sha256(text), text }),
    );
    this.#savedLength = text.length;
    this.#unsaved = { events: 0, length: 0 };
  }
}
