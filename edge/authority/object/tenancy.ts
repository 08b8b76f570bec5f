// The organization as one of many in its deployment: what follows when the registry changes its settings, and how it is erased.
import { isDeepStrictEqual } from "node:util";
import type { OrganizationSettings } from "../organization-settings";
import { Problem } from "../problem";
import { clock } from "./clock";
import type { EventStreams } from "./event-streams";
import type { GateSnapshots } from "./gate-snapshots";
import type { History } from "./history";
import type { OwnSettings } from "./own-settings";
import type { Tables } from "./tables/tables";
import type { Updates } from "./updates";
import type { Upkeep } from "./upkeep";

export class Tenancy {
  readonly #ctx: DurableObjectState;
  readonly #settings: OwnSettings;
  readonly #tables: Tables;
  readonly #history: History;
  readonly #gate: GateSnapshots;
  readonly #updates: Updates;
  readonly #streams: EventStreams;
  readonly #upkeep: Upkeep;

  constructor(
    ctx: DurableObjectState,
    settings: OwnSettings,
    tables: Tables,
    history: History,
    gate: GateSnapshots,
    updates: Updates,
    streams: EventStreams,
    upkeep: Upkeep,
  ) {
    this.#ctx = ctx;
    this.#settings = settings;
    this.#tables = tables;
    this.#history = history;
    this.#gate = gate;
    this.#updates = updates;
    this.#streams = streams;
    this.#upkeep = upkeep;
  }

  /** Carries out what has changed in the settings of a founded organization. */
  settle(before: OrganizationSettings | undefined): void {
    const { plan, suspended } = this.#settings.current;
    const { directory } = this.#history;
    if (plan && !isDeepStrictEqual(plan, before?.plan)) this.applyPlan();
    if (suspended === before?.suspended) return;
    if (suspended) this.#closeAll();
    this.#tables.gate.mark(directory.publicAssistants(), directory.version);
    this.#upkeep.plan();
    void this.#gate.publishWhenDue();
  }

  /** Sets the plan of the settings, if there is one. */
  applyPlan(): void {
    const { plan } = this.#settings.current;
    if (plan) this.#history.commit("system", { ...plan, type: "set_plan" }, clock());
  }

  /** Erases a suspended organization, with its entries in the gate's store, a part in each call. @returns whether something is left */
  async erase(): Promise<boolean> {
    if (!this.#settings.known) return false;
    if (!this.#settings.suspended) throw new Problem("unavailable", "the organization is not suspended");
    this.#closeAll();
    if (await this.#gate.erase()) return true;
    await this.#ctx.storage.deleteAlarm();
    await this.#ctx.storage.deleteAll();
    return false;
  }

  /** Ends everything that is open. */
  #closeAll(): void {
    this.#updates.closeAll();
    this.#streams.closeAll();
  }
}
