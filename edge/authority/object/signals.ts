// Signals: what happened around the organization and is not in its history, for whoever audits it. They hold no secrets and no addresses:
// of somebody who could not sign in they say the reason, and the user's id if there is one.
//
// Strangers cause signals, so each type is bounded, and so is each actor in it: what is beyond is counted and written down as one signal.
import type { Actor, Command, KeyRefusal } from "wicketgate/authority";
import { commands } from "wicketgate/contract";
import { SIGNALS_OF_ONE, SIGNALS_OF_TYPE, type SignalType } from "../bounds";
import { report } from "../problem";
import type { KeyState, Signal, SignalPage } from "../wire";
import type { OwnSettings } from "./own-settings";
import type { SignalTable } from "./tables/signal-table";

const HOUR = 60 * 60;

/** The acts of the operator. */
export type OperatorAct = "found" | "imported" | "exported" | "set_plan" | "restored" | "rotate_keys";

export class Signals {
  readonly #table: SignalTable;
  readonly #settings: OwnSettings;
  /** How many of each type were left out since the last one that was written. Lost if the object stops. */
  readonly #omitted = new Map<SignalType, number>();
  /** What is written after the present work. */
  #waiting: (() => void)[] | undefined;

  constructor(table: SignalTable, settings: OwnSettings) {
    this.#table = table;
    this.#settings = settings;
  }

  /** Writes the signals of some work after it, whatever becomes of it: a transaction that is undone would undo them. */
  after<T>(work: () => T): T {
    if (this.#waiting) return work();
    const waiting = (this.#waiting = [] as (() => void)[]);
    try {
      return work();
    } finally {
      this.#waiting = undefined;
      for (const write of waiting) write();
    }
  }

  signedIn(user: string, now: number): void {
    this.#record("signed_in", user, { user }, now);
  }

  /** @param user the user, if the organization knows who it was */
  signInRefused(code: string, user: string | undefined, now: number): void {
    this.#record("sign_in_refused", user ?? "", { code, ...(user !== undefined && { user }) }, now);
  }

  /** Of people and keys: what the service itself may not do is answered where it was asked. */
  commandRefused(actor: Actor, command: Command, code: string, now: number): void {
    if (actor === "system") return;
    // The command may have any form, and its type too.
    const given: unknown = command.type;
    const type = typeof given === "string" && Object.hasOwn(commands, given) ? given : "unknown";
    this.#record("command_refused", JSON.stringify(actor), { actor, command: type, code }, now);
  }

  /** @param keys the signing keys after the rotation */
  keyRotated(keys: KeyState[], atOnce: boolean, now: number): void {
    const made = keys.find(({ state }) => state === (atOnce ? "current" : "next"));
    if (made) this.#record("key_rotated", "", { kid: made.kid, at_once: atOnce }, now);
  }

  /** An API key, for the first time in a while. */
  keyUsed(key: string, now: number): void {
    this.#record("key_used", key, { key }, now);
  }

  /** @param key the key, if its secret is good */
  keyRefused(code: KeyRefusal, key: string | undefined, now: number): void {
    this.#record("key_refused", key ?? "", { code, ...(key !== undefined && { key }) }, now);
  }

  operatorActed(act: OperatorAct, now: number): void {
    this.#record("operator_acted", "", { act }, now);
  }

  page(after: number, limit: number): SignalPage {
    const rows = this.#table.after(after, limit + 1);
    const signals = rows
      .slice(0, limit)
      .map(({ id, at, type, text }): Signal => ({ id, at, type, ...(JSON.parse(text) as object) }));
    const last = signals.at(-1);
    return { signals, ...(rows.length > limit && last && { next: last.id }) };
  }

  /** Never throws: what a signal is about has happened already. */
  #record(type: SignalType, actor: string, data: object, now: number): void {
    if (this.#waiting) {
      this.#waiting.push(() => this.#record(type, actor, data, now));
      return;
    }
    try {
      const full = (most: number, by?: string) => (this.#table.timeOf(most, type, by) ?? 0) > now - HOUR;
      if (full(SIGNALS_OF_TYPE[type]) || (actor !== "" && full(SIGNALS_OF_ONE, actor))) {
        this.#omitted.set(type, (this.#omitted.get(type) ?? 0) + 1);
        return;
      }
      const omitted = this.#omitted.get(type);
      if (omitted !== undefined) this.#table.insert("omitted", "", JSON.stringify({ of: type, count: omitted }), now);
      this.#omitted.delete(type);
      this.#table.insert(type, actor, JSON.stringify(data), now);
    } catch (error) {
      report(error, this.#settings.name);
    }
  }
}
