// What the operator of the installation does with the organization. Each act is a signal.
import type { SetPlan } from "wicketgate/authority";
import type { KeyState } from "../wire";
import { clock } from "./clock";
import { exported } from "./export";
import type { GateSnapshots } from "./gate-snapshots";
import type { History } from "./history";
import type { Keys } from "./keys";
import type { OperatorAct, Signals } from "./signals";
import type { Tables } from "./tables/tables";
import type { Upkeep } from "./upkeep";

export class OperatorActs {
  readonly #tables: Tables;
  readonly #history: History;
  readonly #keys: Keys;
  readonly #gate: GateSnapshots;
  readonly #upkeep: Upkeep;
  readonly #signals: Signals;

  constructor(tables: Tables, history: History, keys: Keys, gate: GateSnapshots, upkeep: Upkeep, signals: Signals) {
    this.#tables = tables;
    this.#history = history;
    this.#keys = keys;
    this.#gate = gate;
    this.#upkeep = upkeep;
    this.#signals = signals;
  }

  /** Sets up an empty organization. @param facts JSON */
  found(facts: string | Uint8Array): Promise<{ version: number }> {
    return this.#begin("found", () => this.#history.found(facts, clock()));
  }

  /** Makes the organization from the lines of an export, all of it or nothing. */
  import(body: ReadableStream<Uint8Array>): Promise<{ version: number }> {
    return this.#begin("imported", () => this.#history.import(body));
  }

  async #begin(act: OperatorAct, begin: () => Promise<void>): Promise<{ version: number }> {
    await begin();
    this.#upkeep.plan();
    this.#signals.operatorActed(act, clock());
    void this.#gate.publishWhenDue();
    return { version: this.#history.directory.version };
  }

  /** The organization as lines of JSON: a heading, then every event. */
  export(): ReadableStream<Uint8Array> {
    const lines = exported(this.#history.directory, this.#tables.events);
    this.#signals.operatorActed("exported", clock());
    return lines;
  }

  setPlan(plan: SetPlan): { version: number } {
    const now = clock();
    this.#history.commit("system", { ...plan, type: "set_plan" }, now);
    this.#signals.operatorActed("set_plan", now);
    return { version: this.#history.directory.version };
  }

  async rotateKeys(atOnce: boolean): Promise<{ keys: KeyState[] }> {
    const now = clock();
    const keys = await this.#keys.rotate(now, atOnce);
    this.#signals.operatorActed("rotate_keys", now);
    this.#signals.keyRotated(keys, atOnce, now);
    if (atOnce) {
      this.#tables.gate.markAll();
      void this.#gate.publishWhenDue();
    }
    return { keys };
  }

  /** After the storage was put back to an earlier state: versions are used a second time from now on. */
  beginEpoch(): { epoch: number; version: number } {
    const { directory } = this.#history;
    const now = clock();
    this.#history.commit("system", { type: "begin_epoch", epoch: Math.max(directory.epoch + 1, now) }, now, () =>
      this.#tables.gate.markAll(),
    );
    this.#signals.operatorActed("restored", now);
    const { epoch, version } = directory;
    return { epoch, version };
  }
}
