// Sessions of signed-in people: which user each is, when it begins and ends. Callers give digests; the object never has a token.
import { SESSIONS_OF_ONE } from "../bounds";
import { ACTIVITY, SESSION } from "../lifetimes";
import { clock } from "./clock";
import type { History } from "./history";
import { mustExist, notSignedIn, removed, suspended } from "./refusals";
import type { SessionRow } from "./tables/session-table";
import type { Tables } from "./tables/tables";
import type { Updates } from "./updates";

export class Sessions {
  readonly #ctx: DurableObjectState;
  readonly #tables: Tables;
  readonly #updates: Updates;
  readonly #history: History;

  constructor(ctx: DurableObjectState, tables: Tables, updates: Updates, history: History) {
    this.#ctx = ctx;
    this.#tables = tables;
    this.#updates = updates;
    this.#history = history;
  }

  /** The session's user, if the session is valid and the user active. @throws Problem `not_signed_in`, `removed_user`, `suspended_user` */
  signedIn(session: string, now: number): string {
    return this.#valid(session, now).user;
  }

  #valid(session: string, now: number): SessionRow {
    const { directory } = this.#history;
    const row = this.#tables.sessions.get(session);
    if (!row || row.expires <= now) throw notSignedIn();
    const user = directory.user(row.user);
    if (!user) throw removed();
    if (user.status === "suspended") throw suspended();
    if (row.ended || user.status !== "active") throw notSignedIn();
    return row;
  }

  /** Like {@link signedIn}, and records activity, at most once an hour. */
  active(session: string, now: number): string {
    const { user, active } = this.#valid(session, now);
    if (active === undefined || active + ACTIVITY <= now) this.#tables.activity.record(user, now);
    return user;
  }

  /** When a valid session ends by itself, Unix seconds. */
  expires(session: string): number {
    return (this.#tables.sessions.get(session) ?? mustExist()).expires;
  }

  /** The account that a valid session was begun with. */
  account(session: string, now: number): { account?: string } {
    const { account } = this.#valid(session, now);
    return account === undefined ? {} : { account };
  }

  /** Begins a session. @param account its digest. It replaces the earlier session of the same browser, and the user's oldest ones if there are too many. */
  begin(session: string, user: string, account: string, earlier: string | undefined, now: number): void {
    const { sessions, activity } = this.#tables;
    const ended = this.#ctx.storage.transactionSync(() => {
      if (earlier) sessions.delete(earlier);
      sessions.insert(session, user, account, now, now + SESSION);
      activity.record(user, now);
      return sessions.deleteOldest(user, session, SESSIONS_OF_ONE);
    });
    if (earlier) ended.push(earlier);
    for (const digest of ended) this.#updates.closeOf({ session: digest });
  }

  end(session: string): void {
    this.#tables.sessions.delete(session);
    this.#updates.closeOf({ session });
  }

  /** Ends all sessions of this session's user. Does nothing for an invalid session. */
  endAll(session: string): void {
    const row = this.#tables.sessions.get(session);
    if (!row || row.ended || row.expires <= clock()) return;
    this.#tables.sessions.endAllOf(row.user);
    this.#updates.closeOf({ user: row.user });
  }
}
