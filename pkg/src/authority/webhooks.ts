/** The webhooks of a directory, for the service that sends them. */
import { inSeconds } from "../lib/clock.js";
import { call } from "../lib/error.js";
import { jsonOf } from "../lib/json.js";
import type { Actor, RawDirectory, Webhook } from "../wasm/authority.js";
import { unixNow } from "./issue-options.js";

/**
 * The webhooks of a {@link Directory}. The directory keeps where to send which events; a service sends them.
 * @example
 * ```ts
 * for (const { id, url, paused } of directory.webhooks.all()) if (!paused) await send(id, url);
 * ```
 */
export class Webhooks {
  readonly #raw: RawDirectory;

  constructor(raw: RawDirectory) {
    this.#raw = raw;
  }

  /** All webhooks, in the order of their ids. Nothing may be sent by one that is `paused`. */
  all(): Webhook[] {
    return call(() => this.#raw.webhooks());
  }

  /** Whether an actor manages webhooks: they hold `integrations.manage` and `audit.view`. */
  areManagedBy(actor: Actor, now: number = unixNow()): boolean {
    const actorText = jsonOf(actor, "invalid_options", "actor");
    return call(() => this.#raw.manages_webhooks(actorText, inSeconds(now)));
  }

  /** E-mail addresses of the active users whose role manages webhooks, at most `most`. */
  managers(most: number): string[] {
    return call(() => this.#raw.webhook_managers(most));
  }

  /**
   * Allows webhooks on loopback addresses, also without encryption: for a service that is itself on this machine. It is no part of the state, so it
   * is called for each new directory.
   */
  allowLoopback(): void {
    this.#raw.allow_loopback();
  }
}
