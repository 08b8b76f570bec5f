// Commands of signed-in people: deciding one with all that belongs to it, or showing what it would change.
import type { Command, Preview } from "wicketgate/authority";
import type { CommandRequest, InvitationMail } from "../messages";
import { Problem } from "../problem";
import type { CommandAnswer } from "../wire";
import { clock } from "./clock";
import type { History } from "./history";
import { addressDigest } from "./identity-digests";
import { requireMail } from "./mail-bounds";
import type { Sessions } from "./sessions";
import type { Tables } from "./tables/tables";

/** The answer to a command, and the mail that must follow it. */
export interface Executed {
  answer: CommandAnswer;
  invitation?: InvitationMail;
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

  execute(session: string, { command, ifVersion, idempotency }: CommandRequest): Executed {
    const now = clock();
    const user = this.#sessions.active(session, now);
    const { directory } = this.#history;
    const { answers, mails } = this.#tables;
    if (idempotency) {
      const earlier = answers.get(user, idempotency.key, now);
      if (earlier?.body === idempotency.body) return { answer: JSON.parse(earlier.answer) as CommandAnswer };
      if (earlier) throw new Problem("idempotency_conflict", "another command was sent with this `Idempotency-Key`");
    }
    if (ifVersion !== undefined && ifVersion !== directory.version) {
      throw new Problem("version_conflict", `the organization is at version ${directory.version}, not at ${ifVersion}`);
    }
    const { token, email, ...result } = this.#history.commit({ user }, command, now, (version, { token, email, key, ...kept }) => {
      if (email !== undefined) requireMail(mails, addressDigest(email), user, now);
      if (idempotency) answers.insert(user, idempotency.key, idempotency.body, JSON.stringify({ version, result: kept }), now);
    });
    const answer = { version: directory.version, result };
    if (token === undefined || email === undefined) return { answer };
    const expires = directory.invitations().find((invitation) => invitation.user === result.user)?.expires ?? now;
    return { answer, invitation: { token, email, invitedBy: user, expires } };
  }

  /** What a command would change for which users, as far as the caller may know. Nothing is changed. */
  preview(session: string, command: Command): Preview {
    const now = clock();
    return this.#history.directory.preview({ user: this.#sessions.active(session, now) }, command, { now });
  }
}
