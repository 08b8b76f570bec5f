// Who sends a request, and whether they may send it: a signed-in person, an API key for itself, or a key on behalf of a person.
import type { Actor, ApiKeyView, KeyRefusal, KeyScope } from "wicketgate/authority";
import { headerNames } from "wicketgate/contract";
import { KEY_UPDATES, KEY_USE, KEY_USE_SIGNAL } from "../lifetimes";
import type { Caller, KeyCaller } from "../messages";
import { Problem, problemAtPath, type Quota } from "../problem";
import { clock } from "./clock";
import type { History } from "./history";
import { Rates, requireWithin } from "./rates";
import { suspended } from "./refusals";
import type { Sessions } from "./sessions";
import type { Signals } from "./signals";
import type { Tables } from "./tables/tables";
import type { Listener } from "./updates";

/** A caller who may send the request. */
export interface Admitted {
  /** By whose rights it is decided. */
  actor: Actor;
  /** Names the caller: the id of a user, or a text that no id is. */
  id: string;
  /** Names whose uses are counted together, likewise: a key is one, for whomever it acts. */
  counted: string;
  /** The name of the caller for others, or the id. */
  name: () => string;
  /** The key, if it is one. */
  key?: string;
  /** Another caller: the same key on behalf of a user. @throws Problem if the caller may not act for them */
  onBehalf: (user: string) => Admitted;
  /** To be called before later work. @throws Problem if the caller would not be admitted now */
  recheck: () => void;
  /** Notes that the person, if it is one, is using the organization. */
  active: () => void;
}

/** What no person may do as such. */
const OF_MACHINES: readonly KeyScope[] = ["act_as", "digests", "passes", "provision"];

const REFUSALS: Record<KeyRefusal, string> = {
  invalid_api_key: "the API key is unknown, has expired or was revoked",
  address_not_allowed: "the API key is not accepted from this address",
  missing_scope: "the API key lacks a scope",
};

export class Callers {
  readonly #tables: Tables;
  readonly #history: History;
  readonly #sessions: Sessions;
  readonly #signals: Signals;
  readonly #rates = new Rates();

  constructor(tables: Tables, history: History, sessions: Sessions, signals: Signals) {
    this.#tables = tables;
    this.#history = history;
    this.#sessions = sessions;
    this.#signals = signals;
  }

  /** Counts a request with a good API key from its own networks; nothing of others, who cannot use up what is somebody's. */
  count(caller: Caller): Quota[] | undefined {
    if (!("key" in caller) || !this.#history.founded) return undefined;
    const now = clock();
    const { key, refused } = this.#admission(caller, [], now);
    return key === undefined || refused !== undefined ? undefined : this.#rates.count(key, now);
  }

  /**
   * Who the caller is. @param scopes what a key must have
   * @throws Problem `not_signed_in`, `removed_user`, `suspended_user` about a person, a `KeyRefusal` about a key, `rate_limited`
   */
  admit(caller: Caller, scopes: readonly KeyScope[], quotas: Quota[] = []): Admitted {
    const now = clock();
    if ("session" in caller) {
      const person = this.#person(caller.session, now);
      if (scopes.some((scope) => OF_MACHINES.includes(scope))) throw new Problem("not_allowed", "only API keys may do this");
      if (scopes.includes("commands")) person.active();
      return person;
    }
    requireWithin(quotas);
    const admitted = this.#key(caller, scopes, now);
    this.#used(admitted.key ?? "", now);
    return admitted;
  }

  /** The socket of updates that a caller opens. */
  listener(caller: Caller, { actor, key: id }: Admitted): Listener {
    if ("session" in caller) {
      const { session } = caller;
      const { user } = actor as { user: string };
      return { of: { user }, also: [{ session }], expires: this.#sessions.expires(session), again: false };
    }
    const now = clock();
    const { expires = Infinity, previous_until: grace = 0 } = this.#keyOf(id ?? "") ?? {};
    // It may have been opened with the secret that is accepted until then.
    const turn = Math.min(now + KEY_UPDATES, grace > now ? grace : Infinity);
    return {
      of: { key: id ?? "" },
      also: typeof actor === "object" && "user" in actor ? [{ user: actor.user }] : [],
      expires: Math.min(turn, expires),
      again: turn < expires,
    };
  }

  #person(session: string, now: number): Admitted {
    const user = this.#sessions.signedIn(session, now);
    const self: Admitted = {
      actor: { user },
      id: user,
      counted: user,
      name: () => this.#nameOf(user),
      onBehalf: (other) => {
        if (other === user) return self;
        throw new Problem("not_allowed", "people act for themselves alone", { path: "actor" });
      },
      recheck: () => void this.#sessions.signedIn(session, clock()),
      active: () => void this.#sessions.active(session, clock()),
    };
    return self;
  }

  #key(caller: KeyCaller, scopes: readonly KeyScope[], now: number): Admitted {
    const { actAs } = caller;
    const needed: KeyScope[] = actAs === undefined ? [...scopes] : [...scopes, "act_as"];
    const { key, refused } = this.#admission(caller, needed, now);
    if (refused !== undefined) {
      this.#signals.keyRefused(refused, key, now);
      throw new Problem(refused, refused === "missing_scope" ? `it needs ${needed.join(" and ")}` : REFUSALS[refused]);
    }
    if (actAs !== undefined) this.#requireActive(actAs);
    return {
      actor: actAs === undefined ? { key } : { user: actAs, via: key },
      // No id has a space.
      id: actAs === undefined ? `key ${key}` : `key ${key} ${actAs}`,
      counted: `key ${key}`,
      name: () => (actAs === undefined ? (this.#keyOf(key)?.name ?? key) : this.#nameOf(actAs)),
      key,
      onBehalf: (user) => this.#key({ ...caller, actAs: user }, scopes, now),
      recheck: () => void this.#key(caller, scopes, clock()),
      active: () => {},
    };
  }

  #admission({ key: digest, address }: KeyCaller, scopes: KeyScope[], now: number) {
    const request = { digest, scopes, ...(address !== undefined && { address }) };
    const admission = this.#history.directory.apiKeys.admit(request, now);
    return "refused" in admission ? admission : { key: admission.key, refused: undefined };
  }

  /** Nobody acts for a person who could not act. */
  #requireActive(user: string): void {
    const status = this.#history.directory.user(user)?.status;
    if (status === undefined) throw problemAtPath("unknown_user", headerNames.actAs, `there is no user \`${user}\``);
    if (status === "suspended") throw suspended();
    if (status !== "active") throw problemAtPath("inactive_user", headerNames.actAs, "this person has not signed in yet");
  }

  #nameOf(user: string): string {
    return this.#history.directory.user(user)?.name ?? user;
  }

  #keyOf(id: string): ApiKeyView | undefined {
    return this.#history.directory.apiKeys.all().find((key) => key.id === id);
  }

  #used(key: string, now: number): void {
    const last = this.#tables.keyUses.of(key);
    if (last !== undefined && last + KEY_USE > now) return;
    this.#tables.keyUses.record(key, now);
    if (last === undefined || last + KEY_USE_SIGNAL <= now) this.#signals.keyUsed(key, now);
  }
}
