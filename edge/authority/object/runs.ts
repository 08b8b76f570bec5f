// The commands of a batch in their order, as many as possible in one call of the core.
import { CommandRefused } from "wicketgate/authority";
import { Problem, problemOf } from "../problem";
import type { BatchItemAnswer } from "../wire";
import type { Admitted } from "./callers";
import { type Commands, type Item, mayMail, type PendingMail } from "./commands";
import type { Execute, ExecuteAll } from "./history";
import { atOnce } from "./writing";

export interface SentItem extends Item {
  /** The user on whose behalf it is sent, if not the sender's own. */
  actor?: string;
}

/** What became of a command. */
export interface Done {
  answer: BatchItemAnswer;
  mail?: PendingMail;
}

export class Runs {
  readonly #commands: Commands;
  readonly #sender: Admitted;
  readonly #execute: Execute;
  readonly #executeAll: ExecuteAll;
  readonly #atomic: boolean;
  readonly #now: number;
  /** By the position of the command. */
  readonly #done: Done[] = [];
  /** The next commands to be executed in one call, all of the sender. */
  #run: { item: Item; index: number }[] = [];
  /** The digests of their idempotency keys. */
  #keys = new Set<string>();
  #next = 0;

  constructor(commands: Commands, sender: Admitted, execute: Execute, executeAll: ExecuteAll, atomic: boolean, now: number) {
    this.#commands = commands;
    this.#sender = sender;
    this.#execute = execute;
    this.#executeAll = executeAll;
    this.#atomic = atomic;
    this.#now = now;
  }

  /** Executes a command, now or together with those after it. @throws Problem of the first fault, if all depends on it */
  add({ actor, ...item }: SentItem): void {
    const index = this.#next++;
    // Whether the sender may act for others can depend on the commands before.
    const alone = actor !== undefined || mayMail(item.command) || !atOnce(item.command);
    // The answer that is kept for a key must be written before the same key is looked up.
    if (alone || (item.idempotency && this.#keys.has(item.idempotency.key))) this.#end();
    const done = this.#attempt(index, () => {
      const giver = actor === undefined ? this.#sender : this.#sender.onBehalf(actor);
      const earlier = this.#commands.earlier(giver, item, this.#now);
      return earlier ?? (alone ? this.#commands.executeItem(this.#execute, giver, item, this.#now) : "later");
    });
    if (done !== "later") {
      if (done) this.#done[index] = done;
      return;
    }
    this.#run.push({ item, index });
    if (item.idempotency) this.#keys.add(item.idempotency.key);
  }

  /** Executes the rest. @returns what became of each command @throws Problem as {@link Runs.add} */
  finish(): Done[] {
    this.#end();
    return this.#done;
  }

  #end(): void {
    const run = this.#run;
    [this.#run, this.#keys] = [[], new Set()];
    if (run.length === 0) return;
    const items = run.map(({ item }) => item);
    const outcomes = this.#commands.executeItems(this.#executeAll, this.#sender, items, this.#now, this.#atomic);
    for (const [n, outcome] of outcomes.entries()) {
      const index = run[n]?.index ?? 0;
      if (outcome instanceof CommandRefused) this.#refuse(index, outcome);
      else this.#done[index] = outcome;
    }
  }

  #attempt<T>(index: number, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      // A fault of a command before it comes first.
      this.#end();
      this.#refuse(index, error);
      return undefined;
    }
  }

  #refuse(index: number, error: unknown): void {
    const problem = problemAt(index, error);
    if (this.#atomic) throw problem;
    this.#done[index] = { answer: { problem: problem.document } };
  }
}

/** The problem of one command of a batch. */
function problemAt(index: number, error: unknown): Problem {
  const { code, title, type: _type, status: _status, path, ...details } = problemOf(error);
  return new Problem(code, title, { ...details, ...(path !== undefined && { path: `commands[${index}].command.${path}` }), index });
}
