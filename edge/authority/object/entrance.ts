// Signing in and out: from an identity to a user and a session. Every sign-in and every refused one is a signal.
import type { AuthorityProblemCode } from "wicketgate/contract";
import type { Identity } from "../messages";
import { problemOf } from "../problem";
import type { SessionAnswer } from "../wire";
import type { Accounts } from "./accounts";
import { clock } from "./clock";
import type { History } from "./history";
import { accountDigest } from "./identity-digests";
import { mustExist } from "./refusals";
import type { Sessions } from "./sessions";
import type { Signals } from "./signals";

export class Entrance {
  readonly #history: History;
  readonly #accounts: Accounts;
  readonly #sessions: Sessions;
  readonly #signals: Signals;

  constructor(history: History, accounts: Accounts, sessions: Sessions, signals: Signals) {
    this.#history = history;
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#signals = signals;
  }

  /** Begins a session for an identity: finds its user, or makes or links one at the first sign-in. */
  signIn(identity: Identity, session: string, earlier: string | undefined, invitation: string | undefined): { user: string } {
    const now = clock();
    let user: string;
    try {
      user = this.#accounts.identify(identity, invitation, now);
    } catch (error) {
      this.#signals.signInRefused(problemOf(error).code, this.#knownUser(identity), now);
      throw error;
    }
    this.#sessions.begin(session, user, accountDigest(identity), earlier, now);
    this.#signals.signedIn(user, now);
    return { user };
  }

  /** Notes a sign-in that was refused before it came here. */
  refuse(code: AuthorityProblemCode): null {
    this.#signals.signInRefused(code, undefined, clock());
    return null;
  }

  session(session: string): SessionAnswer {
    const user = this.#sessions.signedIn(session, clock());
    const { role, status } = this.#history.directory.user(user) ?? mustExist();
    return { user, role, status };
  }

  /** The user whom an identity that may not sign in belongs to, if there is one. */
  #knownUser({ issuer, subject, email }: Identity): string | undefined {
    const { directory } = this.#history;
    return directory.account(issuer, subject) ?? directory.userAt(email);
  }
}
