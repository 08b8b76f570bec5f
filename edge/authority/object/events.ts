// The history and the signals beside it, for other services: pages and streams.
import type { Actor } from "wicketgate/authority";
import { Problem } from "../problem";
import type { EventPage, SignalPage } from "../wire";
import { requireAuditView } from "./access";
import { auditPage } from "./audit-page";
import type { Admitted } from "./callers";
import { clock } from "./clock";
import { EventStreams } from "./event-streams";
import type { History } from "./history";
import type { Signals } from "./signals";
import type { EventTable } from "./tables/event-table";
import type { Tables } from "./tables/tables";

export class Events {
  readonly streams: EventStreams;
  readonly #events: EventTable;
  readonly #signals: Signals;
  readonly #history: History;

  constructor(tables: Tables, history: History, signals: Signals) {
    this.#events = tables.events;
    this.#signals = signals;
    this.streams = new EventStreams(tables.events);
    this.#history = history;
  }

  /** @param after the version of the last event that the caller has */
  async page({ actor }: Admitted, after: number, limit: number): Promise<EventPage> {
    this.#requireReader(actor);
    this.#requireKnown(after);
    const { epoch, version } = this.#history.directory;
    return { epoch, ...(await auditPage(version, this.#events, after, limit)) };
  }

  /** @param after the id of the last signal that the caller has */
  signalPage({ actor }: Admitted, after: number, limit: number): SignalPage {
    this.#requireReader(actor);
    return this.#signals.page(after, limit);
  }

  /** @param after as in {@link Events.page}, in digits; `null`: from the present version on */
  stream({ actor, counted: caller, recheck }: Admitted, after: string | null): Response {
    this.#requireReader(actor);
    const from = after === null ? this.#history.directory.version : Number(after);
    this.#requireKnown(from);
    return this.streams.open({ caller, allowed: () => this.#mayRead(actor, recheck) }, from);
  }

  #requireReader(actor: Actor): void {
    requireAuditView(this.#history.directory, actor, clock());
  }

  #mayRead(actor: Actor, recheck: () => void): boolean {
    try {
      recheck();
      this.#requireReader(actor);
      return true;
    } catch {
      return false;
    }
  }

  /** A later version than the present one was read before the organization was put back to an earlier state. */
  #requireKnown(after: number): void {
    const { version } = this.#history.directory;
    if (after > version)
      throw new Problem("unknown_version", `after: the organization is at version ${version}`, { path: "after" });
  }
}
