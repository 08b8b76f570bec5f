// What signed-in people read: their own part of the organization, and the whole of it where they may.
import { detach } from "wicketgate/authority";
import type { Detached, Tagged } from "../messages";
import type { AuditPage, DirectoryAnswer, Review } from "../wire";
import { requireAuditView, requireOverview, requirePublic, seesActivity } from "./access";
import { auditPage } from "./audit-page";
import { clock } from "./clock";
import type { History } from "./history";
import type { Reviews } from "./reviews";
import type { Sessions } from "./sessions";
import type { Signer } from "./signer";
import type { Tables } from "./tables/tables";

export class Reader {
  readonly #tables: Tables;
  readonly #history: History;
  readonly #sessions: Sessions;
  readonly #signer: Signer;
  readonly #reviews: Reviews;

  constructor(tables: Tables, history: History, sessions: Sessions, signer: Signer, reviews: Reviews) {
    this.#tables = tables;
    this.#history = history;
    this.#sessions = sessions;
    this.#signer = signer;
    this.#reviews = reviews;
  }

  /** The caller's snapshot; only its entity tag if that is among `matches`. */
  async snapshot(session: string, matches: string[]): Promise<Tagged> {
    const now = clock();
    return this.#signer.member(this.#sessions.active(session, now), matches, now);
  }

  async delta(session: string, from: number): Promise<Detached> {
    const now = clock();
    return this.#signer.delta(this.#sessions.active(session, now), from, now);
  }

  async head(session: string): Promise<Detached> {
    const now = clock();
    this.#sessions.signedIn(session, now);
    return this.#signer.head(now);
  }

  view(session: string): DirectoryAnswer {
    const now = clock();
    const { directory } = this.#history;
    const user = this.#sessions.signedIn(session, now);
    const view = directory.view({ user }, now);
    if (!seesActivity(directory, user, now)) return view;
    const shown = new Set(view.organization.users?.map(({ id }) => id));
    const activity = this.#tables.activity.all().filter((row) => shown.has(row.user));
    return { ...view, activity: Object.fromEntries(activity.map((row) => [row.user, row.at])) };
  }

  /** As {@link Reader.snapshot}, of the whole organization. */
  async workspace(session: string, matches: string[]): Promise<Tagged> {
    const now = clock();
    requireOverview(this.#history.directory, this.#sessions.active(session, now));
    return this.#signer.overview(matches, now);
  }

  reviews(session: string): Review[] {
    requireOverview(this.#history.directory, this.#sessions.signedIn(session, clock()));
    return this.#reviews.list();
  }

  /** The organization as it was at a review. */
  async review(session: string, version: number): Promise<Detached> {
    const now = clock();
    requireOverview(this.#history.directory, this.#sessions.signedIn(session, now));
    return this.#signer.past(this.#reviews.facts(version), version, now);
  }

  async audit(session: string, after: number, limit: number): Promise<AuditPage> {
    const now = clock();
    requireAuditView(this.#history.directory, this.#sessions.signedIn(session, now), now);
    return auditPage(this.#history.directory.version, this.#tables.events, after, limit);
  }

  // For the gate

  async gateSnapshot(assistant: string): Promise<Detached> {
    requirePublic(this.#history.directory, assistant);
    return detach(this.#signer.gate(assistant));
  }

  /** From which version on a snapshot of a public assistant is current. */
  async gateHead(assistant: string): Promise<Detached> {
    const { directory } = this.#history;
    requirePublic(directory, assistant);
    // Without a row, the present version: the gate then asks once too often, never too rarely.
    return this.#signer.gateHead(assistant, this.#tables.gate.versionOf(assistant) ?? directory.version);
  }
}
