// Commands of signed-in people: deciding one with all that belongs to it, or showing what it would change.
import { type Actor, type Command, type CommandResult, type Preview, type ReadAddress, readAddress } from "wicketgate/authority";
import type { Idempotency } from "../idempotency";
import type { BatchedInvitation, CommandRequest, InvitationMail } from "../messages";
import { Problem } from "../problem";
import type { CommandAnswer } from "../wire";
import { clock } from "./clock";
import type { Alongside, Execute, History } from "./history";
import { addressDigest } from "./identity-digests";
import { requireMail } from "./mail-bounds";
import type { Sessions } from "./sessions";
import type { Tables } from "./tables/tables";

/** The answer to a command, and the mail that must follow it. */
export interface Executed {
  answer: CommandAnswer;
  mail?: PendingMail;
}

/** A mail without the end of its invitation. */
export interface PendingMail extends Omit<InvitationMail, "expires"> {
  user: string | undefined;
}

/** Who sends commands. */
export interface Sender {
  /** By whose rights they are decided. */
  actor: Actor;
  /** Whose idempotency keys and mails are counted: the id of a user. */
  id: string;
}

/** One command, with the digest of its idempotency key and of what it was sent with. */
export interface Item {
  command: Command;
  idempotency?: Idempotency;
}

export class Commands {
  readonly #tables: Tables;
  readonly #history: History;
  readonly #sessions: Sessions;

  constructor(tables: Tables, history: History, sessions: Sessions) {
    this.#tables = tables;
    this.#history = history;
    this.#sessions = sessions;
  }

  execute(
    session: string,
    { command, ifVersion, idempotency }: CommandRequest,
  ): { answer: CommandAnswer; invitation?: InvitationMail } {
    const now = clock();
    const sender = this.sender(session, now);
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
  preview(session: string, command: Command): Preview {
    const now = clock();
    return this.#history.directory.preview(this.sender(session, now).actor, command, { now });
  }

  addresses(session: string, texts: string[]): { addresses: ReadAddress[] } {
    this.#sessions.signedIn(session, clock());
    return { addresses: texts.map(readAddress) };
  }

  sender(session: string, now: number): Sender {
    const user = this.#sessions.active(session, now);
    return { actor: { user }, id: user };
  }

  /** Who acts for a sender. A person acts for themselves alone. */
  onBehalf(sender: Sender, actor: unknown): Sender {
    if (typeof actor === "object" && actor !== null && "user" in actor && actor.user === sender.id) return sender;
    throw new Problem("not_allowed", "nobody acts for others", { path: "actor" });
  }

  requireVersion(expected: number | undefined): void {
    const { version } = this.#history.directory;
    if (expected !== undefined && expected !== version) {
      throw new Problem("version_conflict", `the organization is at version ${version}, not at ${expected}`);
    }
  }

  /** The answer to a command that was sent before. @throws Problem if another one was sent with its key */
  earlier({ id }: Sender, { idempotency }: Item, now: number): Executed | undefined {
    if (!idempotency) return undefined;
    const earlier = this.#tables.answers.get(id, idempotency.key, now);
    if (!earlier) return undefined;
    if (earlier.body === idempotency.body) return { answer: JSON.parse(earlier.answer) as CommandAnswer };
    throw new Problem("idempotency_conflict", "another command was sent with this `Idempotency-Key`");
  }

  /** Executes a command of a transaction, and keeps its answer for its idempotency key. */
  executeItem(execute: Execute, { actor, id }: Sender, { command, idempotency }: Item, now: number): Executed {
    const alongside: Alongside = {
      ...(mayMail(command) && { check: (result) => this.#requireMail(result, id, now) }),
      ...(idempotency && {
        write: (version, { token, email, key, secret, ...kept }) =>
          this.#tables.answers.insert(id, idempotency.key, idempotency.body, JSON.stringify({ version, result: kept }), now),
      }),
    };
    const { version, result: executed } = execute(actor, command, alongside);
    const { token, email, ...result } = executed;
    const answer = { version, result };
    if (token === undefined || email === undefined) return { answer };
    return { answer, mail: { token, email, invitedBy: id, user: result.user } };
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

  #requireMail({ email }: CommandResult, sender: string, now: number): void {
    if (email !== undefined) requireMail(this.#tables.mails, addressDigest(email), sender, now);
  }
}

/** Whether a mail may follow a command. */
export function mayMail({ type }: Command): boolean {
  return type === "invite_user" || type === "resend_invitation";
}
