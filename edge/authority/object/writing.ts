// What one transaction of commands writes: their events, and all that belongs to them.
import type { Command, CommandResult, Decided, Directory } from "wicketgate/authority";
import { writeEffects } from "./effects";
import { rememberAddress } from "./removed-addresses";
import type { Reviews } from "./reviews";
import type { Tables } from "./tables/tables";

/** A command that the core has executed. */
export interface Recorded extends Decided {
  command: Command;
}

/** Writes of the same transaction: a throw undoes the whole transaction. */
export type WriteAlongside = (version: number, result: CommandResult) => void;

export class Writing {
  /** Ids of assistants whose gate snapshots are due. */
  readonly gates = new Set<string>();
  /** Ids of users who are no longer in the organization. */
  readonly gone: string[] = [];
  /** Ids of users who were signed out. */
  readonly signedOut: string[] = [];
  /** Ids of API keys that were revoked. */
  readonly revoked: string[] = [];
  /** Ids of API keys that were changed, or that the plan may end. */
  readonly changed: string[] = [];
  /** UTF-16 units of the events. */
  length = 0;
  readonly #tables: Tables;
  readonly #reviews: Reviews;

  constructor(tables: Tables, reviews: Reviews) {
    this.#tables = tables;
    this.#reviews = reviews;
  }

  /** Writes the event of a command and all that belongs to it. @param directory with the event as its last */
  write(done: Recorded, directory: Directory, alongside?: WriteAlongside): void {
    this.#tables.events.insert(done.event);
    this.#writeAround(done, directory, alongside);
  }

  /** As {@link Writing.write}, for several of {@link atOnce}. */
  writeAll(all: { done: Recorded; alongside: WriteAlongside | undefined }[], directory: Directory): void {
    this.#tables.events.insertAll(all.map(({ done }) => done.event));
    for (const { done, alongside } of all) this.#writeAround(done, directory, alongside);
  }

  #writeAround(done: Recorded, directory: Directory, alongside?: WriteAlongside): void {
    const { command, event, result, gates, gone, revoked } = done;
    const { version } = event;
    if (command.type === "remove_user") rememberAddress(event, command.user, this.#tables.accounts);
    alongside?.(version, result);
    writeEffects(this.#tables, this.#reviews, directory, { command, result, version }, this);
    // After all other writes: a user who removes themselves must leave no stored answer behind.
    for (const user of gone) this.#tables.forget(user);
    for (const key of revoked) this.#tables.keyUses.forget(key);
    for (const gate of gates) this.gates.add(gate);
    this.gone.push(...gone);
    this.revoked.push(...revoked);
    this.length += event.text.length + event.sealed.length;
  }

  /** Writes what the transaction leads to. @param version before it */
  end(directory: Directory, version: number): void {
    if (directory.version === version) return;
    this.#tables.gate.mark([...this.gates], directory.version);
    this.#tables.events.setHead(directory.version, directory.head);
  }
}

/**
 * Whether a command may be executed in one call with others. Not where what is written for it depends on the directory at its version, or changes
 * what the next command finds in the tables.
 */
export function atOnce({ type }: Command): boolean {
  return type !== "complete_review" && type !== "remove_user";
}
