// What an organization needs without anybody asking: gate snapshots renewed before they expire, and rows dropped that have outlived their
// use. The object's alarm runs it, so every organization looks after itself.
import { GATE_RENEWAL } from "../lifetimes";
import { report } from "../problem";
import type { AccountReports } from "./account-reports";
import type { Alarm } from "./alarm";
import { clock } from "./clock";
import type { GateSnapshots } from "./gate-snapshots";
import type { History } from "./history";
import type { Keys } from "./keys";
import type { Tables } from "./tables/tables";

/** Seconds between two rounds while there are gate snapshots: a snapshot is then renewed after three quarters of its life at the latest. */
const ROUND = GATE_RENEWAL / 2;
const DAY = 24 * 60 * 60;
/** Seconds between two rounds while there are none. */
const QUIET_ROUND = DAY;
/** Seconds until a round that failed is repeated. */
const RETRY = 60;

export class Upkeep {
  readonly #tables: Tables;
  readonly #keys: Keys;
  readonly #history: History;
  readonly #gate: GateSnapshots;
  readonly #reports: AccountReports;
  readonly #alarm: Alarm;

  constructor(tables: Tables, keys: Keys, history: History, gate: GateSnapshots, reports: AccountReports, alarm: Alarm) {
    this.#tables = tables;
    this.#keys = keys;
    this.#history = history;
    this.#gate = gate;
    this.#reports = reports;
    this.#alarm = alarm;
  }

  /** Plans the next round. To be called at the start, and when the first gate snapshot is due. */
  plan(): void {
    this.#alarm.wakeBy(Math.max(this.#due() * 1000, Date.now()));
  }

  /** A round, if it is time for one. Plans the next. */
  async runWhenDue(): Promise<void> {
    if (this.#due() <= clock()) {
      try {
        if ((await this.run()).more) return this.#alarm.wakeBy(Date.now());
      } catch (error) {
        report(error, this.#history.directory.organization);
        return this.#alarm.wakeBy(Date.now() + RETRY * 1000);
      }
    }
    this.plan();
  }

  /** @returns whether there is more to do at once */
  async run(): Promise<{ more: boolean }> {
    const now = clock();
    this.#tables.tidy(now);
    this.#keys.tidy(now);
    const more =
      this.#history.founded && ((await this.#gate.publish()) || ((await this.#gate.sweep()) && (await this.#gate.publish())));
    if (more) return { more };
    // After the renewals, which must not wait for the registry.
    await this.#verifyReports(now);
    this.#tables.upkeep.record(now);
    return { more };
  }

  /** Once a day: it reads all accounts. */
  async #verifyReports(now: number): Promise<void> {
    if (Math.floor((this.#tables.upkeep.ended() ?? 0) / DAY) === Math.floor(now / DAY)) return;
    await this.#reports.verify().catch(report);
  }

  #due(): number {
    const ended = this.#tables.upkeep.ended();
    return ended === undefined ? 0 : ended + (this.#tables.gate.isEmpty() ? QUIET_ROUND : ROUND);
  }
}
