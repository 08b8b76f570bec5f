/**
 * For servers that change and read an organization with an API key, over the authority's HTTP; and for the operator of many organizations. It needs no
 * WebAssembly and no other package, and runs wherever there is `fetch`.
 *
 * A page of a signed-in person uses `wicketgate/client` instead: an API key must never be in a page.
 * @module wicketgate/admin
 */
import type {
  ApiKeysAnswer,
  AuditEvent,
  BatchAnswer,
  CommandAnswer,
  DeliveriesAnswer,
  DeliveryAnswer,
  DirectoryAnswer,
  PassAnswer,
  ReconcileAnswer,
  Signal,
  WebhooksAnswer,
} from "./admin/answers.js";
import { eventsAfter, eventsFrom, signalsAfter } from "./admin/history.js";
import { readAdminOptions, type AdminOptions, type OperatorOptions, type RequestOptions } from "./admin/options.js";
import { bodyOf, reconciled, type DesiredFact } from "./admin/reconcile.js";
import { Requests, segment } from "./admin/requests.js";
import { readOptions } from "./lib/options.js";
import { headerNames } from "./contract.js";
import type { Command, Organization, Preview } from "./wasm/authority.js";

export { AdminError } from "./admin/admin-error.js";
export { Operator, type ListOptions, type RestoreOptions, type RotationOptions } from "./admin/operator.js";
export type { AdminOptions, DesiredFact, OperatorOptions, RequestOptions };
export type * from "./admin/answers.js";
export type { Command, Organization, Preview };

/** Options of one command. */
export interface CommandOptions extends RequestOptions {
  /**
   * A command with the same key is done once, within 24 hours, however often it is sent. Made if absent. Give one that belongs to the cause of the
   * change (the id of a row in an outbox), so that the command is done once even if this process ends before the answer.
   */
  idempotencyKey?: string;
  /** The version of the organization that the command was made for: it is refused at another one, with `version_conflict`. */
  ifVersion?: number;
}

/** One command of a batch. */
export interface BatchedCommand {
  /** The command. */
  command: Command;
  /** As of a command that is sent alone. Made if absent. */
  idempotencyKey?: string;
  /** The id of the person on whose behalf it is done, if not that of the client. */
  actAs?: string;
}

/** Options of a batch. */
export interface BatchOptions extends RequestOptions {
  /** All commands or none; otherwise each for itself. */
  atomic: boolean;
  /** The version of the organization that the commands were made for. */
  ifVersion?: number;
}

/** Options of a reconciliation. */
export interface ReconcileOptions extends RequestOptions {
  /** Of these kinds, things that are not among the facts are removed. */
  kinds?: readonly ("roles" | "users" | "teams" | "projects" | "assistants")[];
  /** The id of the user who takes over the assistants of removed people. */
  successor?: string;
  /** Nothing is changed: the answer lists the commands. */
  dryRun?: boolean;
  /** The version of the organization that the facts were made for. */
  ifVersion?: number;
  /** Called with the number of lines that have arrived. */
  onProgress?: (lines: number) => void;
}

/** Where to begin in the history. */
export interface HistoryOptions extends RequestOptions {
  /** The version of the last event that you have processed; from the beginning by default. */
  after?: number;
}

/**
 * A client with one API key.
 * @example
 * ```ts
 * const admin = new Admin({ url: "https://acme.example", key: process.env.WICKETGATE_KEY });
 * const { result } = await admin.command({ type: "create_team", name: "Support" });
 * await admin.as("ana").command({ type: "edit_team", team: result.team, name: "Help" }); // as far as Ana may
 * ```
 */
export class Admin {
  readonly #requests: Requests;

  /** @throws {WicketgateError} `invalid_options` */
  constructor(options: AdminOptions) {
    this.#requests = new Requests(readAdminOptions(options));
  }

  /**
   * A client that does everything on behalf of a person: what it asks for is decided by the rights of that person and of the key, whichever are less.
   * The audit log has both. The key needs the scope `act_as`.
   */
  as(user: string): Admin {
    const { options } = this.#requests;
    return new Admin({ ...options, actAs: user });
  }

  /**
   * Does a command. Repeated until it is answered, with the same idempotency key.
   * @throws {AdminError} with the refusal
   */
  command(command: Command, options: CommandOptions = {}): Promise<CommandAnswer> {
    const {
      idempotencyKey = crypto.randomUUID(),
      ifVersion,
      signal,
    } = readOptions(options, ["idempotencyKey", "ifVersion", "signal"]);
    return this.#requests.json({
      method: "POST",
      path: "v1/commands",
      body: command,
      headers: {
        [headerNames.idempotencyKey]: idempotencyKey,
        ...(ifVersion !== undefined && { [headerNames.ifVersion]: String(ifVersion) }),
      },
      repeatable: true,
      signal,
    });
  }

  /**
   * Does up to 1,000 commands in one transaction, in their order. Repeated until it is answered, with the same idempotency keys.
   * @throws {AdminError} with the refusal of a command, if all or none are done: `problem.index` is its position
   * @example
   * ```ts
   * const { answers } = await admin.batch(
   *   rows.map(({ id, command }) => ({ command, idempotencyKey: `row-${id}` })),
   *   { atomic: false },
   * );
   * for (const [at, answer] of answers.entries()) if ("problem" in answer) await report(rows[at], answer.problem);
   * ```
   */
  batch(commands: readonly BatchedCommand[], options: BatchOptions): Promise<BatchAnswer> {
    const { atomic, ifVersion, signal } = readOptions(options, ["atomic", "ifVersion", "signal"]);
    return this.#requests.json({
      method: "POST",
      path: "v1/commands/batch",
      body: { atomic, commands: commands.map(sent) },
      headers: ifVersion === undefined ? {} : { [headerNames.ifVersion]: String(ifVersion) },
      repeatable: true,
      signal,
    });
  }

  /**
   * Leads the organization to these facts, all or nothing; a second time it does nothing. The facts are read as they are sent, so there may be any
   * number. It is not sent again if the connection breaks: call it again.
   * @throws {AdminError} with the first fault or refusal; `problem.path` names the line
   * @example
   * ```ts
   * const { total } = await admin.reconcile(rowsOfDatabase(), { kinds: ["users", "teams"], dryRun: true });
   * ```
   */
  reconcile(facts: Iterable<DesiredFact> | AsyncIterable<DesiredFact>, options: ReconcileOptions = {}): Promise<ReconcileAnswer> {
    const { kinds, successor, dryRun, ifVersion, onProgress, signal } = readOptions(options, [
      "kinds",
      "successor",
      "dryRun",
      "ifVersion",
      "onProgress",
      "signal",
    ]);
    const query = new URLSearchParams({
      ...(kinds && { kinds: kinds.join(",") }),
      ...(successor !== undefined && { successor }),
      ...(dryRun && { dry_run: "true" }),
    });
    return reconciled(
      this.#requests,
      {
        path: `v1/reconcile?${query.toString()}`,
        body: bodyOf(facts),
        headers: ifVersion === undefined ? {} : { [headerNames.ifVersion]: String(ifVersion) },
        signal,
      },
      onProgress ?? (() => {}),
    );
  }

  /**
   * What a command would change. Nothing is changed.
   * @throws {AdminError} with the refusal that the command would get
   */
  preview(command: Command, options: RequestOptions = {}): Promise<Preview> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ method: "POST", path: "v1/preview", body: command, repeatable: true, signal });
  }

  /**
   * The directory, as far as the key sees it.
   * @throws {AdminError}
   */
  directory(options: RequestOptions = {}): Promise<DirectoryAnswer> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ method: "GET", path: "v1/directory", repeatable: true, signal });
  }

  /**
   * The API keys, and when each was last used. Commands create and change them.
   * @throws {AdminError}
   */
  apiKeys(options: RequestOptions = {}): Promise<ApiKeysAnswer> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ method: "GET", path: "v1/api-keys", repeatable: true, signal });
  }

  /**
   * A pass for a person whom you have signed in, for an assistant: your page hands it to the chat's back end. The key needs the scope `passes`.
   * @throws {AdminError} `not_allowed` with the reason, if the person may do nothing with the assistant
   * @example
   * ```ts
   * const { pass, expires_in: seconds } = await admin.pass({ user: "ana", assistant: "helper" });
   * ```
   */
  pass(access: { user: string; assistant: string }, options: RequestOptions = {}): Promise<PassAnswer> {
    const { user, assistant } = readOptions(access, ["user", "assistant"], "access", "access.");
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ method: "POST", path: "v1/passes", body: { user, assistant }, repeatable: true, signal });
  }

  /**
   * The events after a version, until the last one that there is now. The key needs the scope `events`.
   * @throws {AdminError} `unknown_version` if the organization was put back to an earlier state
   * @example
   * ```ts
   * for await (const { version, text } of admin.events({ after: processed })) await keep(version, JSON.parse(text));
   * ```
   */
  events(options: HistoryOptions = {}): AsyncGenerator<AuditEvent, void> {
    const { after = 0, signal } = readOptions(options, ["after", "signal"]);
    return eventsAfter(this.#requests, after, signal as AbortSignal | undefined);
  }

  /**
   * The events after a version, then each new one as it is made, until the signal is aborted. A broken connection is opened again where it was.
   * @throws {AdminError} as `events`; the signal's reason
   * @example
   * ```ts
   * for await (const { version, text } of admin.follow({ after: processed, signal })) await keep(version, JSON.parse(text));
   * ```
   */
  follow(options: HistoryOptions = {}): AsyncGenerator<AuditEvent, never> {
    const { after = 0, signal } = readOptions(options, ["after", "signal"]);
    return eventsFrom(this.#requests, after, signal as AbortSignal | undefined);
  }

  /**
   * The signals after an id, until the last one that there is now: sign-ins, refused commands, keys. Kept for 90 days. The key needs the scope `events`.
   * @throws {AdminError}
   */
  signals(options: HistoryOptions = {}): AsyncGenerator<Signal, void> {
    const { after = 0, signal } = readOptions(options, ["after", "signal"]);
    return signalsAfter(this.#requests, after, signal as AbortSignal | undefined);
  }

  /**
   * The webhooks with their states, and the keys that sign what they send. Commands create and change webhooks.
   * @throws {AdminError}
   */
  webhooks(options: RequestOptions = {}): Promise<WebhooksAnswer> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ method: "GET", path: "v1/webhooks", repeatable: true, signal });
  }

  /**
   * The latest deliveries of a webhook, newest first.
   * @throws {AdminError}
   */
  deliveries(webhook: string, options: RequestOptions = {}): Promise<DeliveriesAnswer> {
    const { signal } = readOptions(options, ["signal"]);
    const path = `v1/webhooks/${segment(webhook)}/deliveries`;
    return this.#requests.json({ method: "GET", path, repeatable: true, signal });
  }

  /**
   * Sends a test event, and waits for what comes of it.
   * @throws {AdminError}
   */
  testWebhook(webhook: string, options: RequestOptions = {}): Promise<DeliveryAnswer> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ method: "POST", path: `v1/webhooks/${segment(webhook)}/test`, repeatable: false, signal });
  }

  /**
   * Sends the event of a delivery again, out of order and with the same id.
   * @throws {AdminError}
   */
  resend(webhook: string, delivery: number, options: RequestOptions = {}): Promise<DeliveryAnswer> {
    const { signal } = readOptions(options, ["signal"]);
    const path = `v1/webhooks/${segment(webhook)}/deliveries/${segment(delivery)}/resend`;
    return this.#requests.json({ method: "POST", path, repeatable: false, signal });
  }
}

/** A command of a batch as the authority takes it. */
function sent(batched: BatchedCommand): object {
  const { command, idempotencyKey = crypto.randomUUID(), actAs } = readOptions(batched, ["command", "idempotencyKey", "actAs"]);
  return { command, idempotency_key: idempotencyKey, ...(actAs !== undefined && { actor: { user: actAs } }) };
}
