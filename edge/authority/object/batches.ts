// Several commands in one request: `POST /v1/commands/batch`. One transaction, one announcement, an answer for each.
import type { Command } from "wicketgate/authority";
import { limits } from "wicketgate/contract";
import { isObject, objectOf } from "../../shared/bodies";
import { idempotencyOf, isIdempotencyKey } from "../idempotency";
import type { BatchedInvitation } from "../messages";
import { Problem, problemAtPath, problemOf } from "../problem";
import type { BatchAnswer, BatchItemAnswer } from "../wire";
import type { Admitted } from "./callers";
import { clock } from "./clock";
import { type Commands, type Executed, type Item, mayMail, type PendingMail } from "./commands";
import type { Execute, History } from "./history";
import type { Tables } from "./tables/tables";

/** The answer to a batch, and the mails that must follow it. */
export interface ExecutedBatch {
  answer: BatchAnswer;
  invitations: BatchedInvitation[];
}

/** A batch as it was sent. */
interface Batch {
  atomic: boolean;
  items: SentItem[];
}

interface SentItem extends Item {
  /** The user on whose behalf it is sent, if not the sender's own. */
  actor?: string;
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
    const executed = this.#history.commitTogether(now, (execute) =>
      items.map((item, index): { answer: BatchItemAnswer; mail?: PendingMail } => {
        try {
          return this.#executeItem(execute, sender, item, now);
        } catch (error) {
          const problem = problemAt(index, error);
          if (atomic) throw problem;
          return { answer: { problem: problem.document } };
        }
      }),
    );
    const invitations = this.#commands.mails(executed, now);
    return { answer: { version: this.#history.directory.version, answers: executed.map(({ answer }) => answer) }, invitations };
  }

  #executeItem(execute: Execute, sender: Admitted, { actor, ...item }: SentItem, now: number): Executed {
    const acting = actor === undefined ? sender : sender.onBehalf(actor);
    return this.#commands.earlier(acting, item, now) ?? this.#commands.executeItem(execute, acting, item, now);
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

/** The problem of one command of a batch. */
function problemAt(index: number, error: unknown): Problem {
  const { code, title, type: _type, status: _status, path, ...details } = problemOf(error);
  return new Problem(code, title, { ...details, ...(path !== undefined && { path: `commands[${index}].command.${path}` }), index });
}
