// The parts of an organization's object: each does one thing, and gets the others that it needs.
import { UPDATES_OF_ALL } from "../bounds";
import type { Settings } from "../settings";
import { type AccountRegistry, AccountReports } from "./account-reports";
import { Accounts } from "./accounts";
import { Alarm } from "./alarm";
import { Batches } from "./batches";
import { Callers } from "./callers";
import { Commands } from "./commands";
import { Deliverer } from "./deliverer";
import { Entrance } from "./entrance";
import { Events } from "./events";
import { GateSnapshots } from "./gate-snapshots";
import { type Commit, History } from "./history";
import { Keys } from "./keys";
import { OperatorActs } from "./operator-acts";
import { Reader } from "./reader";
import { OwnSettings } from "./own-settings";
import { Reconciliations } from "./reconciliations";
import { Reviews } from "./reviews";
import { Sessions } from "./sessions";
import { Signals } from "./signals";
import { Signer } from "./signer";
import { Tables } from "./tables/tables";
import { Tenancy } from "./tenancy";
import { Updates } from "./updates";
import { Upkeep } from "./upkeep";
import { webhookTeller } from "./webhook-teller";
import { Webhooks } from "./webhooks";

/** What the object gets from the platform. */
export interface ObjectSettings extends Settings {
  REGISTRY: DurableObjectNamespace;
}

export type Parts = ReturnType<typeof makeParts>;

/** @param announce called after each commit, when it is durable and applied */
export function makeParts(ctx: DurableObjectState, env: ObjectSettings, announce: (commit: Commit) => void) {
  const tables = new Tables(ctx.storage.sql);
  const settings = new OwnSettings(env, tables.settings);
  const keys = new Keys(tables.keys);
  const alarm = new Alarm(ctx);
  const updates = new Updates(ctx, alarm, () => settings.current.limits?.open_updates ?? UPDATES_OF_ALL);
  const reviews = new Reviews(tables.reviews);
  const signals = new Signals(tables.signals, settings);
  const history = new History(ctx, settings, tables, reviews, signals, announce);
  const sessions = new Sessions(ctx, tables, updates, history);
  const accounts = new Accounts(settings, tables, history);
  const callers = new Callers(tables, history, sessions, signals);
  const commands = new Commands(settings, tables, history);
  const batches = new Batches(tables, history, commands);
  const reconciliations = new Reconciliations(tables, history, commands);
  const signer = new Signer(settings, keys, history);
  const reader = new Reader(tables, history, sessions, signer, reviews);
  const gateSource = {
    organization: () => settings.current.id,
    version: () => history.directory.version,
    // Of a suspended organization nothing is open: its entries are deleted.
    isPublic: (assistant: string) => !settings.suspended && history.directory.isPublic(assistant),
    sign: (assistant: string) => signer.gate(assistant),
  };
  const gate = new GateSnapshots(env.GATE, tables.gate, gateSource, alarm);
  const registry = () => env.REGISTRY.get(env.REGISTRY.idFromName("registry")) as unknown as AccountRegistry;
  const reports = new AccountReports(settings, tables.accounts, registry, alarm);
  const upkeep = new Upkeep(tables, keys, history, gate, reports, alarm);
  const events = new Events(tables, history, signals);
  const tenancy = new Tenancy(ctx, settings, tables, history, gate, updates, events.streams, upkeep);
  const operator = new OperatorActs(tables, history, keys, gate, upkeep, signals);
  const entrance = new Entrance(history, accounts, sessions, signals);
  const tell = webhookTeller(env, settings);
  const webhooks = new Webhooks(tables, history, keys, alarm, tell);
  const deliverer = new Deliverer(ctx, tables, history, keys, alarm);
  return {
    tables,
    settings,
    keys,
    alarm,
    updates,
    reviews,
    history,
    sessions,
    accounts,
    reports,
    callers,
    commands,
    batches,
    reconciliations,
    signer,
    reader,
    gate,
    upkeep,
    signals,
    operator,
    entrance,
    events,
    webhooks,
    deliverer,
    tenancy,
  };
}
