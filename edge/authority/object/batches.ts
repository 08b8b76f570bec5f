// Several commands in one request: `POST /v1/commands/batch`. One transaction, one announcement, an answer for each.
import type { Command } from "wicketgate/authority";
import { limits } from "wicketgate/contract";
import { isObject, objectOf } from "../../shared/bodies";
import { idempotencyOf, isIdempotencyKey } from "../idempotency";
import type { BatchedInvitation } from "../messages";
import { Problem, problemAtPath } from "../problem";
import type { BatchAnswer } from "../wire";
import type { Admitted } from "./callers";
import { clock } from "./clock";
import { type Commands, mayMail } from "./commands";
import type { History } from "./history";
import { Runs, type SentItem } from "./runs";
import type { Tables } from "./tables/tables";

/** The answer to a batch, and the mails that must follow it. */
export interface ExecutedBatch {
  /** A {@link BatchAnswer} as JSON: a text crosses the border to the Worker much faster than a thousand objects. */
  answer: string;
  invitations: BatchedInvitation[];
}

/** A batch as it was sent. */
interface Batch {
  atomic: boolean;
  items: SentItem[];
}

export class Batches {
  readonly #tables: Tables;
  readonly #history: History;
  readonly #commands: Commands;

  constructor(tables: Tables, history: History, commands: Commands) {
    this.#tables = tables;
    this.#history = history;
    this.#commands = commands;
  }

  execute(sender: Admitted, text: string, ifVersion: number | undefined): ExecutedBatch {
    const now = clock();
    const { atomic, items } = readBatch(text);
    this.#commands.requireVersion(ifVersion);
    this.#tables.answers.tidy(now);
    const executed = this.#history.commitTogether(now, (execute, executeAll) => {
      const runs = new Runs(this.#commands, sender, execute, executeAll, atomic, now);
      for (const item of items) runs.add(item);
      return runs.finish();
    });
    const invitations = this.#commands.mails(executed, now);
    const answer: BatchAnswer = { version: this.#history.directory.version, answers: executed.map(({ answer }) => answer) };
    return { answer: JSON.stringify(answer), invitations };
  }
}

/** @throws Problem with the path of the first fault */
function readBatch(text: string): Batch {
  const batch = objectOf(text);
  if (!batch) throw new Problem("bad_request", "the body is not a JSON object");
  const { atomic, commands, ...unknown } = batch;
  const fault = (path: string, reason: string) => problemAtPath("bad_request", path, reason);
  if (Object.keys(unknown).length > 0) throw new Problem("bad_request", "there are only `atomic` and `commands`");
  if (typeof atomic !== "boolean") throw fault("atomic", "expected true or false");
  if (!Array.isArray(commands) || commands.length < 1 || commands.length > limits.batchCommands)
    throw fault("commands", `expected 1 to ${limits.batchCommands} commands`);
  const items = commands.map((item: unknown, index): SentItem => {
    const path = `commands[${index}]`;
    if (!isObject(item)) throw fault(path, "expected an object with a `command`");
    const { command, idempotency_key: key, actor, ...unknown } = item;
    if (Object.keys(unknown).length > 0) throw fault(path, "there are only `command`, `idempotency_key` and `actor`");
    if (!isObject(command)) throw fault(`${path}.command`, "expected a command, an object");
    if (key !== undefined && !isIdempotencyKey(key))
      throw fault(`${path}.idempotency_key`, "expected 1 to 255 printable characters");
    if (actor !== undefined && !isUser(actor)) throw fault(`${path}.actor`, 'expected `{ "user": … }`, with the id of a user');
    const given = command as unknown as Command;
    return {
      command: given,
      ...(key !== undefined && { idempotency: idempotencyOf(key, given) }),
      ...(actor !== undefined && { actor: actor.user }),
    };
  });
  if (items.filter(({ command }) => mayMail(command)).length > limits.batchMails)
    throw fault("commands", `expected at most ${limits.batchMails} invitations`);
  return { atomic, items };
}

function isUser(actor: unknown): actor is { user: string } {
  return isObject(actor) && Object.keys(actor).length === 1 && typeof actor["user"] === "string";
}
