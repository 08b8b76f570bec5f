// The history and the signals beside it, for other services: pages and streams.
import { Problem } from "../problem";
import type { EventPage, SignalPage } from "../wire";
import { requireAuditView } from "./access";
import { auditPage } from "./audit-page";
import { clock } from "./clock";
import { EventStreams } from "./event-streams";
import type { History } from "./history";
import type { Sessions } from "./sessions";
import type { Signals } from "./signals";
import type { EventTable } from "./tables/event-table";
import type { Tables } from "./tables/tables";

export class Events {
  readonly streams: EventStreams;
  readonly #events: EventTable;
  readonly #signals: Signals;
  readonly #history: History;
  readonly #sessions: Sessions;

  constructor(tables: Tables, history: History, sessions: Sessions, signals: Signals) {
    this.#events = tables.events;
    this.#signals = signals;
    this.streams = new EventStreams(tables.events);
    this.#history = history;
    this.#sessions = sessions;
  }

  /** @param after the version of the last event that the caller has */
  async page(session: string, after: number, limit: number): Promise<EventPage> {
    this.#reader(session);
    this.#requireKnown(after);
    const { epoch, version } = this.#history.directory;
    return { epoch, ...(await auditPage(version, this.#events, after, limit)) };
  }

  /** @param after the id of the last signal that the caller has */
  signalPage(session: string, after: number, limit: number): SignalPage {
    this.#reader(session);
    return this.#signals.page(after, limit);
  }

  /** @param after as in {@link Events.page}, in digits; `null`: from the present version on */
  stream(session: string, after: string | null): Response {
    const caller = this.#reader(session);
    const from = after === null ? this.#history.directory.version : Number(after);
    this.#requireKnown(from);
    const allowed = () => {
      try {
        return this.#reader(session) === caller;
      } catch {
        return false;
      }
    };
    return this.streams.open({ caller, allowed }, from);
  }

  #reader(session: string): string {
    const now = clock();
    const user = this.#sessions.signedIn(session, now);
    requireAuditView(this.#history.directory, user, now);
    return user;
  }

  /** A later version than the present one was read before the organization was put back to an earlier state. */
  #requireKnown(after: number): void {
    const { version } = this.#history.directory;
    if (after > version)
      throw new Problem("unknown_version", `after: the organization is at version ${version}`, { path: "after" });
  }
}
