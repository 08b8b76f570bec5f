// Commands of people and API keys: deciding one with all that belongs to it, or showing what it would change.
import { type Command, CommandRefused, type CommandResult, type Preview } from "wicketgate/authority";
import type { Idempotency } from "../idempotency";
import type { BatchedInvitation, CommandRequest, InvitationMail } from "../messages";
import { Problem } from "../problem";
import type { CommandAnswer } from "../wire";
import type { Admitted } from "./callers";
import { clock } from "./clock";
import type { Alongside, Execute, ExecuteAll, ExecutedCommand, History } from "./history";
import { addressDigest } from "./identity-digests";
import { requireMail } from "./mail-bounds";
import type { OwnSettings } from "./own-settings";
import type { Tables } from "./tables/tables";
import type { WriteAlongside } from "./writing";

/** The answer to a command, and the mail that must follow it. */
export interface Executed {
  answer: CommandAnswer;
  mail?: PendingMail;
}

/** A mail without the end of its invitation. */
export interface PendingMail extends Omit<InvitationMail, "expires"> {
  user: string | undefined;
}

/** One command, with the digest of its idempotency key and of what it was sent with. */
export interface Item {
  command: Command;
  idempotency?: Idempotency;
}

export class Commands {
  readonly #settings: OwnSettings;
  readonly #tables: Tables;
  readonly #history: History;

  constructor(settings: OwnSettings, tables: Tables, history: History) {
    this.#settings = settings;
    this.#tables = tables;
    this.#history = history;
  }

  execute(
    sender: Admitted,
    { command, ifVersion, idempotency }: CommandRequest,
  ): { answer: CommandAnswer; invitation?: InvitationMail } {
    const now = clock();
    const item = { command, ...(idempotency && { idempotency }) };
    const earlier = this.earlier(sender, item, now);
    if (earlier) return { answer: earlier.answer };
    this.requireVersion(ifVersion);
    this.#tables.answers.tidy(now);
    const executed = this.#history.commitTogether(now, (execute) => this.executeItem(execute, sender, item, now));
    const [mail] = this.mails([executed], now);
    return { answer: executed.answer, ...(mail && { invitation: mail.invitation }) };
  }

  /** What a command would change for which users, as far as the caller may know. Nothing is changed. */
  preview({ actor }: Admitted, command: Command): Preview {
    return this.#history.directory.preview(actor, command, { now: clock() });
  }

  requireVersion(expected: number | undefined): void {
    const { version } = this.#history.directory;
    if (expected !== undefined && expected !== version) {
      throw new Problem("version_conflict", `the organization is at version ${version}, not at ${expected}`);
    }
  }

  /** The answer to a command that was sent before. @throws Problem if another one was sent with its key */
  earlier({ id }: Admitted, { idempotency }: Item, now: number): Executed | undefined {
    if (!idempotency) return undefined;
    const earlier = this.#tables.answers.get(id, idempotency.key, now);
    if (!earlier) return undefined;
    if (earlier.body === idempotency.body) return { answer: JSON.parse(earlier.answer) as CommandAnswer };
    throw new Problem("idempotency_conflict", "another command was sent with this `Idempotency-Key`");
  }

  /** Executes a command of a transaction, and keeps its answer for its idempotency key. */
  executeItem(execute: Execute, { actor, id, counted, name }: Admitted, item: Item, now: number): Executed {
    const write = this.#keeping(item, id, now);
    const alongside: Alongside = {
      ...(mayMail(item.command) && { check: (result) => this.#requireMail(result, counted, now) }),
      ...(write && { write }),
    };
    return answered(execute(actor, item.command, alongside), name);
  }

  /** As {@link Commands.executeItem}, for several in one call of the core. No mail may follow them. */
  executeItems(
    executeAll: ExecuteAll,
    { actor, id, name }: Admitted,
    items: Item[],
    now: number,
    untilRefused: boolean,
  ): (Executed | CommandRefused)[] {
    const commands = items.map((item) => ({ command: item.command, write: this.#keeping(item, id, now) }));
    const outcomes = executeAll(actor, commands, untilRefused);
    return outcomes.map((outcome) => (outcome instanceof CommandRefused ? outcome : answered(outcome, name)));
  }

  /** The mails that must follow, by their positions. */
  mails(executed: { mail?: PendingMail }[], now: number): BatchedInvitation[] {
    const mails = executed.flatMap(({ mail }, index) => (mail ? [{ index, mail }] : []));
    if (mails.length === 0) return [];
    const ends = new Map(this.#history.directory.invitations().map(({ user, expires }) => [user, expires]));
    return mails.map(({ index, mail: { user, ...mail } }) => ({
      index,
      invitation: { ...mail, expires: (user === undefined ? undefined : ends.get(user)) ?? now },
    }));
  }

  /** How the answer of a command is kept for its idempotency key, if it has one. */
  #keeping({ idempotency }: Item, id: string, now: number): WriteAlongside | undefined {
    if (!idempotency) return undefined;
    const { key, body } = idempotency;
    return (version, { token, email, key: _key, secret, ...kept }) =>
      this.#tables.answers.insert(id, key, body, JSON.stringify({ version, result: kept }), now);
  }

  #requireMail({ email }: CommandResult, sender: string, now: number): void {
    if (email !== undefined)
      requireMail(this.#tables.mails, addressDigest(email), sender, now, this.#settings.current.limits?.mails_a_day);
  }
}

/** Whether a mail may follow a command. */
export function mayMail({ type }: Command): boolean {
  return type === "invite_user" || type === "resend_invitation";
}

/** What a command is answered, and the mail that must follow it. @param invitedBy tells the name of who gave it */
function answered({ version, result: { token, email, ...result } }: ExecutedCommand, invitedBy: () => string): Executed {
  const answer = { version, result };
  if (token === undefined || email === undefined) return { answer };
  return { answer, mail: { token, email, invitedBy: invitedBy(), user: result.user } };
}
