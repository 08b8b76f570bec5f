// Webhooks for those who manage them: how each is doing, tests and events sent again, and the mail when one was switched off. The
// directory has the webhooks themselves; `Deliverer` sends the events.
import type { Actor, Webhook } from "wicketgate/authority";
import { WEBHOOK_CALLS_BY_HAND } from "../bounds";
import { WEBHOOK_MAIL_GIVEN_UP, WEBHOOK_MAIL_RETRY } from "../lifetimes";
import { Problem, report } from "../problem";
import type { Delivery, WebhookKey, WebhookState, WebhooksAnswer } from "../wire";
import { requireWebhooks } from "./access";
import type { Alarm } from "./alarm";
import type { Admitted } from "./callers";
import { clock } from "./clock";
import type { History } from "./history";
import type { Keys } from "./keys";
import { mustExist } from "./refusals";
import type { DeliveryRow } from "./tables/delivery-table";
import type { Tables } from "./tables/tables";
import type { WebhookRow } from "./tables/webhook-table";
import { type CallResult, callWebhook, PATIENCE } from "./webhook-call";
import type { TellManager } from "./webhook-teller";
import { eventMessage, type Message, publicKeyText, signedHeaders, testMessage, typeOf } from "./webhook-message";

/** Events that are counted for how far a webhook is behind. */
const COUNTED = 1000;
/** Deliveries in a list. */
const LISTED = 100;
/** Recipients of a mail about a webhook. */
const TOLD = 20;
const HOUR = 60 * 60;

export class Webhooks {
  readonly #tables: Tables;
  readonly #history: History;
  readonly #keys: Keys;
  readonly #alarm: Alarm;
  readonly #tell: TellManager;
  #telling = false;
  /** Whether something is being sent by hand: one at a time, because calls share the object's connections. */
  #calling = false;

  constructor(tables: Tables, history: History, keys: Keys, alarm: Alarm, tell: TellManager) {
    this.#tables = tables;
    this.#history = history;
    this.#keys = keys;
    this.#alarm = alarm;
    this.#tell = tell;
  }

  /** All webhooks with their states, and the keys that sign what they send. */
  list({ actor }: Admitted): WebhooksAnswer {
    this.#requireManager(actor);
    const { directory } = this.#history;
    const rows = new Map(this.#tables.webhooks.all().map((row) => [row.id, row]));
    const webhooks = directory.webhooks.all().map((webhook) => ({ ...webhook, ...this.#state(webhook, rows.get(webhook.id)) }));
    return { version: directory.version, webhooks, keys: this.#publicKeys() };
  }

  /** The latest deliveries, newest first. */
  deliveries({ actor }: Admitted, id: string): Delivery[] {
    this.#requireManager(actor);
    this.#webhook(id);
    return this.#tables.deliveries.latest(id, LISTED).map(deliveryOf);
  }

  /** Sends a test event now and waits for the answer. It is about nothing, and is sent by a webhook that is switched off too. */
  async test({ actor }: Admitted, id: string): Promise<Delivery> {
    this.#requireManager(actor);
    const { directory } = this.#history;
    return this.#sendByHand(this.#webhook(id), null, testMessage(directory.organization, directory.version, clock()));
  }

  /** Sends the event of an earlier delivery again, now and out of order. */
  async resend({ actor }: Admitted, id: string, number: number): Promise<Delivery> {
    this.#requireManager(actor);
    const webhook = this.#webhook(id);
    const delivery = this.#tables.deliveries.get(id, number);
    const [event] = delivery?.version ? this.#tables.events.after(delivery.version - 1, 1) : [];
    if (!event || event.version !== delivery?.version)
      throw new Problem("unknown_delivery", "there is no such delivery of an event");
    return this.#sendByHand(webhook, event.version, eventMessage(this.#history.directory.organization, event.version, event.text));
  }

  /** Sends the mails about webhooks that were switched off. The alarm repeats it for a day if the mail server fails. */
  async tellManagers(): Promise<void> {
    if (this.#telling || !this.#history.founded) return;
    this.#telling = true;
    try {
      for (const row of this.#tables.webhooks.all()) if (row.mail !== null) await this.#tellOf(row, row.mail);
    } finally {
      this.#telling = false;
    }
  }

  async #tellOf({ id, since }: WebhookRow, at: number): Promise<void> {
    const { directory } = this.#history;
    const webhook = this.#find(id);
    const managers = webhook ? directory.webhooks.managers(TOLD) : [];
    let told = 0;
    for (const to of managers) {
      try {
        if (webhook) await this.#tell(to, webhook, since ?? at);
        told += 1;
      } catch (error) {
        report(error, this.#history.directory.organization);
      }
    }
    // Again only if nobody was told: the others would get it twice.
    const again = managers.length > 0 && told === 0 && clock() - at < WEBHOOK_MAIL_GIVEN_UP;
    if (again) this.#alarm.wakeBy(Date.now() + WEBHOOK_MAIL_RETRY * 1000);
    else this.#tables.webhooks.setMail(id, null);
  }

  async #sendByHand(webhook: Webhook, version: number | null, message: Message): Promise<Delivery> {
    const { deliveries } = this.#tables;
    const { id, url, paused } = webhook;
    if (paused === "plan" || paused === "address") {
      throw new Problem("webhook_paused", paused === "plan" ? "the plan withholds webhooks" : "the address may not be called");
    }
    if (this.#calling) throw new Problem("rate_limited", "another one is being sent by hand", { retry_after: PATIENCE / 1000 });
    const now = clock();
    if (deliveries.byHandSince(id, now - HOUR) >= WEBHOOK_CALLS_BY_HAND) {
      throw new Problem("rate_limited", "too many were sent by hand for now", { retry_after: HOUR / 4 });
    }
    this.#calling = true;
    const { outcome, status } = await this.#call(url, message, now).finally(() => {
      this.#calling = false;
    });
    // It may have been deleted meanwhile.
    this.#webhook(id);
    const number = deliveries.record({ webhook: id, version, type: message.type, at: clock(), outcome, status, byHand: true });
    return deliveryOf(deliveries.get(id, number) ?? mustExist());
  }

  async #call(url: string, message: Message, now: number): Promise<CallResult> {
    return callWebhook(url, await signedHeaders(message, this.#keys.signing(now), now), message.body);
  }

  #state({ events, paused }: Webhook, row: WebhookRow | undefined): WebhookState {
    if (!row) return { behind: 0 };
    const [last] = this.#tables.deliveries.latest(row.id, 1);
    const { directory } = this.#history;
    return {
      behind: this.#behind(row.cursor, directory.version, events),
      ...(last && { last: deliveryOf(last) }),
      ...(row.since !== null && { failing_since: row.since }),
      ...(row.failures > 0 && paused === undefined && { next_attempt: row.due }),
    };
  }

  /** How many events a webhook has still to send; without a choice of events a difference of versions. */
  #behind(cursor: number, version: number, events: string[] | undefined): number {
    if (!events) return version - cursor;
    let count = 0;
    for (const { text } of this.#tables.events.after(cursor, COUNTED)) if (events.includes(typeOf(text))) count += 1;
    return count;
  }

  #publicKeys(): WebhookKey[] {
    const states = new Map(this.#keys.states(clock()).map(({ kid, state }) => [kid, state]));
    return this.#keys.published().keys.map((key) => {
      const { kid = "" } = key;
      return { kid, key: publicKeyText(key), state: states.get(kid) ?? "current" };
    });
  }

  #requireManager(actor: Actor): void {
    requireWebhooks(this.#history.directory, actor, clock());
  }

  #find(id: string): Webhook | undefined {
    return this.#history.directory.webhooks.all().find((webhook) => webhook.id === id);
  }

  #webhook(id: string): Webhook {
    const found = this.#find(id);
    if (!found) throw new Problem("unknown_webhook", "there is no such webhook");
    return found;
  }
}

function deliveryOf({ id, version, type, at, attempts, outcome, status, by_hand }: DeliveryRow): Delivery {
  return {
    id,
    ...(version !== null && { version }),
    type,
    at,
    attempts,
    outcome,
    ...(status !== null && { status }),
    ...(by_hand === 1 && { by_hand: true }),
  };
}
