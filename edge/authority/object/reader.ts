// What people and API keys read: their own part of the organization, and the whole of it where they may.
import { detach } from "wicketgate/authority";
import type { Access, Body, Detached, Tagged } from "../messages";
import { Problem, problemAtPath } from "../problem";
import type { ApiKeysAnswer, AuditPage, Review } from "../wire";
import { requireApiKeys, requireAuditView, requireOverview, requirePublic, seesActivity } from "./access";
import { auditPage } from "./audit-page";
import { bodyOf, withField } from "./bodies";
import type { Admitted } from "./callers";
import { clock } from "./clock";
import type { History } from "./history";
import type { Reviews } from "./reviews";
import type { Sessions } from "./sessions";
import type { Signer, Whole } from "./signer";
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

  /** The person's snapshot; only its entity tag if that is among `matches`. */
  async snapshot(session: string, matches: string[]): Promise<Tagged> {
    const now = clock();
    return this.#signer.member(this.#sessions.active(session, now), matches, now);
  }

  /** The part of the person's snapshot that decides about one assistant. */
  async snapshotAbout(session: string, assistant: string): Promise<Tagged> {
    const now = clock();
    return this.#signer.memberAt(this.#sessions.active(session, now), assistant, now);
  }

  async delta(session: string, from: number): Promise<Detached> {
    const now = clock();
    return this.#signer.delta({ member: this.#sessions.active(session, now) }, from, now);
  }

  async head(): Promise<Detached> {
    return this.#signer.head(clock());
  }

  /** A `DirectoryAnswer` as JSON. */
  view({ actor }: Admitted): Body {
    const now = clock();
    const { directory } = this.#history;
    const view = directory.pieces.view(actor, now);
    if (!seesActivity(directory, actor, now)) return bodyOf(view);
    const shown = new Set(directory.pieces.usersInView(actor, now));
    const activity = this.#tables.activity.all().filter((row) => shown.has(row.user));
    return bodyOf(withField(view, "activity", Object.fromEntries(activity.map((row) => [row.user, row.at]))));
  }

  apiKeys({ actor }: Admitted): ApiKeysAnswer {
    const { directory } = this.#history;
    requireApiKeys(directory, actor, clock());
    const uses = new Map(this.#tables.keyUses.all().map(({ key, at }) => [key, at]));
    const keys = directory.apiKeys.all().map((key) => {
      const used = uses.get(key.id);
      return { ...key, ...(used !== undefined && { last_used: used }) };
    });
    return { version: directory.version, keys };
  }

  /** The whole organization; only its entity tag if that is among `matches`. */
  async workspace({ actor, active }: Admitted, content: Whole, matches: string[]): Promise<Tagged> {
    active();
    requireOverview(this.#history.directory, actor);
    return this.#signer.whole(content, matches, clock());
  }

  async workspaceDelta({ actor }: Admitted, content: Whole, from: number): Promise<Detached> {
    requireOverview(this.#history.directory, actor);
    return this.#signer.delta(content, from, clock());
  }

  reviews({ actor }: Admitted): Review[] {
    requireOverview(this.#history.directory, actor);
    return this.#reviews.list();
  }

  /** The organization as it was at a review. */
  async review({ actor }: Admitted, version: number): Promise<Detached> {
    requireOverview(this.#history.directory, actor);
    return this.#signer.past(this.#reviews.facts(version), version, clock());
  }

  async audit({ actor }: Admitted, after: number, limit: number): Promise<AuditPage> {
    requireAuditView(this.#history.directory, actor, clock());
    return auditPage(this.#history.directory.version, this.#tables.events, after, limit);
  }

  /** What a user may do with an assistant. @throws Problem if that is nothing */
  access(user: string, assistant: string): Access {
    const { directory } = this.#history;
    if (!directory.user(user)) throw problemAtPath("unknown_user", "user", `there is no user \`${user}\``);
    const reached = directory.access({ user }, assistant, clock());
    if ("denied" in reached) {
      const { denied } = reached;
      throw new Problem("not_allowed", "this person may not use this assistant", { capability: "assistant.chat", denied });
    }
    return { version: directory.version, ...reached };
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
