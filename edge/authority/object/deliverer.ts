// Sends the events of the history to the webhooks: to each in order, at least once. The alarm runs it.
//
// A webhook's cursor moves only when its event was received, in one transaction with the record of it. So a crash at any moment sends an
// event a second time and skips none. Each webhook waits for its own receiver alone.
import { WEBHOOK_CALLS, WEBHOOK_CALLS_OF_FAILING, WEBHOOK_CALLS_OF_RUN } from "../bounds";
import { WEBHOOK_GIVEN_UP, WEBHOOK_RETRY_FIRST, WEBHOOK_RETRY_LONGEST } from "../lifetimes";
import { report } from "../problem";
import type { Alarm } from "./alarm";
import { clock } from "./clock";
import type { History } from "./history";
import type { Keys } from "./keys";
import type { Tables } from "./tables/tables";
import type { WebhookRow } from "./tables/webhook-table";
import { type CallResult, callWebhook, PATIENCE } from "./webhook-call";
import { eventMessage, signedHeaders, typeOf } from "./webhook-message";

/** Events that are read at once to find one that a webhook wants. */
const SCANNED = 256;
/** UTF-16 units of their texts. */
const SCANNED_LENGTH = 1024 * 1024;

/** A webhook that may send, and how far it has come. */
interface Lane {
  row: WebhookRow;
  url: string;
  /** The types of the events that it wants; all if absent. */
  events: Set<string> | undefined;
}

interface WantedEvent {
  version: number;
  type: string;
  text: string;
}

export class Deliverer {
  readonly #ctx: DurableObjectState;
  readonly #tables: Tables;
  readonly #history: History;
  readonly #keys: Keys;
  readonly #alarm: Alarm;
  /** Webhooks that are being called, and whether each counts as failing. */
  readonly #calls = new Map<string, boolean>();
  /** Webhooks whose last answer was slow. */
  readonly #slow = new Set<string>();
  /** When each was called last, as a number that grows with each call. */
  readonly #turns = new Map<string, number>();
  #turn = 0;
  /** Calls that are left in this run. */
  #left = 0;

  constructor(ctx: DurableObjectState, tables: Tables, history: History, keys: Keys, alarm: Alarm) {
    this.#ctx = ctx;
    this.#tables = tables;
    this.#history = history;
    this.#keys = keys;
    this.#alarm = alarm;
  }

  /** Makes the alarm ring for what is due: after a commit, and when the object starts. */
  plan(): void {
    const now = clock();
    const dues = this.#lanes().map(({ row }) => Math.max(row.due, now));
    if (dues.length > 0) this.#alarm.wakeBy(Math.min(...dues) * 1000);
  }

  /** Begins a run. Does not wait for the receivers, so the alarm's other work is not delayed. */
  run(): void {
    this.#left = WEBHOOK_CALLS_OF_RUN;
    this.#start();
  }

  /** Calls the webhooks that are due, as far as there are connections, those first that were not called for longest. */
  #start(): void {
    const now = clock();
    const waiting = this.#lanes().filter(({ row }) => !this.#calls.has(row.id));
    const due = waiting.filter(({ row }) => row.due <= now);
    due.sort((one, other) => this.#turnOf(one) - this.#turnOf(other));
    for (const lane of due) {
      const failing = lane.row.failures > 0 || this.#slow.has(lane.row.id);
      const ofFailing = [...this.#calls.values()].filter(Boolean).length;
      if (this.#left === 0 || this.#calls.size >= WEBHOOK_CALLS) break;
      if (failing && ofFailing >= WEBHOOK_CALLS_OF_FAILING) continue;
      this.#left -= 1;
      this.#turn += 1;
      this.#turns.set(lane.row.id, this.#turn);
      this.#calls.set(lane.row.id, failing);
      void this.#deliverNext(lane)
        .catch((error) => this.#postpone(lane, error))
        .finally(() => {
          this.#calls.delete(lane.row.id);
          this.#start();
        });
    }
    // What is due waits for a connection, which the end of a call gives; or for the next run.
    const later = this.#left === 0 ? waiting : waiting.filter(({ row }) => row.due > now);
    if (later.length > 0) this.#alarm.wakeBy(Math.max(Math.min(...later.map(({ row }) => row.due)), now) * 1000);
    // If the object stops during a call, the alarm begins again.
    if (this.#calls.size > 0) this.#alarm.wakeBy(Date.now() + 2 * PATIENCE);
  }

  /** The webhooks that have something to send. */
  #lanes(): Lane[] {
    if (!this.#history.founded) return [];
    const { directory } = this.#history;
    const rows = new Map(this.#tables.webhooks.all().map((row) => [row.id, row]));
    return directory.webhooks.all().flatMap(({ id, url, events, paused }): Lane[] => {
      const row = rows.get(id);
      // An organization that was brought in has no rows: its webhooks send what comes from now on.
      if (!row) this.#tables.webhooks.insert(id, directory.version);
      if (paused || !row || row.cursor >= directory.version) return [];
      return [{ row, url, events: events && new Set(events) }];
    });
  }

  #turnOf({ row }: Lane): number {
    return this.#turns.get(row.id) ?? 0;
  }

  async #deliverNext(lane: Lane): Promise<void> {
    const { id } = lane.row;
    const event = this.#nextEvent(lane);
    if (!event) return;
    const message = eventMessage(this.#history.directory.organization, event.version, event.text);
    const now = clock();
    const result = await callWebhook(lane.url, await signedHeaders(message, this.#keys.signing(now), now), message.body);
    if (result.slow) this.#slow.add(id);
    else this.#slow.delete(id);
    // It may have been deleted meanwhile.
    const row = this.#tables.webhooks.get(id);
    if (row) this.#record(row, event, result);
  }

  /** The next event that the webhook wants; moves its cursor over those that it does not want. */
  #nextEvent({ row: { id, cursor }, events }: Lane): WantedEvent | undefined {
    let passed = cursor;
    let wanted: WantedEvent | undefined;
    for (const { version, text } of this.#tables.events.after(cursor, SCANNED, SCANNED_LENGTH)) {
      const type = typeOf(text);
      if (!events || events.has(type)) {
        wanted = { version, type, text };
        break;
      }
      passed = version;
    }
    if (passed > cursor) this.#tables.webhooks.pass(id, passed);
    return wanted;
  }

  #record({ id, failures, since }: WebhookRow, { version, type }: WantedEvent, result: CallResult): void {
    const { webhooks, deliveries } = this.#tables;
    const now = clock();
    const { outcome, status } = result;
    this.#ctx.storage.transactionSync(() => {
      deliveries.record({ webhook: id, version, type, at: now, outcome, status, byHand: false });
      if (outcome === "delivered") webhooks.succeed(id, version);
      else webhooks.fail(id, now, now + delayAfter(failures, result.retryAfter));
    });
    // 410 Gone: the receiver says that it wants nothing any more.
    if (outcome !== "delivered" && (status === 410 || (since !== null && now - since >= WEBHOOK_GIVEN_UP))) this.#giveUp(id, now);
  }

  #giveUp(id: string, now: number): void {
    if (!this.#history.directory.webhooks.all().some((webhook) => webhook.id === id && webhook.paused !== "disabled")) return;
    this.#history.commit("system", { type: "disable_webhook", webhook: id }, now, () => this.#tables.webhooks.setMail(id, now));
    // For the mail.
    this.#alarm.wakeBy(Date.now());
  }

  /** A fault of ours: the webhook waits as after a failed call, so that it is not tried in a circle. */
  #postpone({ row: { id, failures } }: Lane, error: unknown): void {
    report(error, this.#history.directory.organization);
    const now = clock();
    this.#tables.webhooks.fail(id, now, now + delayAfter(failures, 0));
  }
}

/** Seconds until the next attempt: doubled with each failure, with some chance, so that many webhooks of one receiver spread. */
function delayAfter(failures: number, retryAfter: number): number {
  const doubled = WEBHOOK_RETRY_FIRST * 2 ** Math.min(failures, 20);
  const delay = Math.min(Math.max(doubled, retryAfter), WEBHOOK_RETRY_LONGEST);
  return Math.ceil(delay * (1 + Math.random() / 10));
}
