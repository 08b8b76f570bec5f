/** The client of the operator of many organizations. */
import type { Organization } from "../wasm/authority.js";
import { readOptions } from "../lib/options.js";
import type {
  NewOrganization,
  OrganizationChange,
  OrganizationEntry,
  OrganizationPage,
  OrganizationPlan,
  RestoredAnswer,
  RotationAnswer,
  VersionAnswer,
} from "./answers.js";
import { exportedLines } from "./export.js";
import { linesBody, NDJSON } from "./lines.js";
import { readOperatorOptions, type OperatorOptions, type RequestOptions } from "./options.js";
import { Requests, segment, type Sent } from "./requests.js";

/** Organizations of a page. */
const PAGE = 1000;

/** Where to begin in the list of organizations. */
export interface ListOptions extends RequestOptions {
  /** The id of the last organization that you have; from the beginning by default. */
  after?: string;
}

/** Options of the rotation of keys. */
export interface RotationOptions extends RequestOptions {
  /** The new key signs now, and the other keys are withdrawn. Otherwise it signs after ten minutes. */
  atOnce?: boolean;
}

/** Options of a restore. */
export interface RestoreOptions extends RequestOptions {
  /** The time to put the storage back to, Unix seconds. Without it, the storage was put back already. */
  at?: number;
}

/**
 * A client with the operator's token, for a deployment for many organizations.
 * @example
 * ```ts
 * const operator = new Operator({ url: "https://platform.example", token: process.env.OPERATOR_TOKEN });
 * await operator.create({ id: "acme", hosts: ["acme.platform.example"], founder: "ana@acme.example" });
 * for await (const { id, state } of operator.list()) console.log(id, state);
 * ```
 */
export class Operator {
  readonly #requests: Requests;

  /** @throws {WicketgateError} `invalid_options` */
  constructor(options: OperatorOptions) {
    this.#requests = new Requests(readOperatorOptions(options));
  }

  /**
   * Creates an organization. Repeated until it is answered: the same call again changes nothing, and repairs a creation that was interrupted.
   * @throws {AdminError} `already_exists` if there is one with this id and other settings, or with one of these hosts
   */
  create(organization: NewOrganization, options: RequestOptions = {}): Promise<OrganizationEntry> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ method: "POST", path: "v1/organizations", body: organization, repeatable: true, signal });
  }

  /**
   * All organizations in the order of their ids, suspended and deleted ones too.
   * @throws {AdminError}
   */
  list(options: ListOptions = {}): AsyncGenerator<OrganizationEntry, void> {
    const { after = "", signal } = readOptions(options, ["after", "signal"]);
    return this.#list(after, signal);
  }

  async *#list(after: string, signal: unknown): AsyncGenerator<OrganizationEntry, void> {
    for (let next: string | undefined = after; next !== undefined; ) {
      const path = `v1/organizations?${new URLSearchParams({ after: next, limit: String(PAGE) }).toString()}`;
      const page: OrganizationPage = await this.#requests.json({ method: "GET", path, repeatable: true, signal });
      yield* page.organizations;
      next = page.next;
    }
  }

  /**
   * An organization as the registry knows it.
   * @throws {AdminError} `unknown_organization`
   */
  read(id: string, options: RequestOptions = {}): Promise<OrganizationEntry> {
    return this.#ask(id, "", { method: "GET", repeatable: true }, options);
  }

  /**
   * Changes the given fields; `null` takes an optional one away. Repeated until it is answered.
   * @throws {AdminError}
   */
  change(id: string, change: OrganizationChange, options: RequestOptions = {}): Promise<OrganizationEntry> {
    return this.#ask(id, "", { method: "PATCH", body: change, repeatable: true }, options);
  }

  /**
   * Sets what the organization has bought. Repeated until it is answered.
   * @throws {AdminError}
   */
  setPlan(id: string, plan: OrganizationPlan, options: RequestOptions = {}): Promise<OrganizationEntry> {
    return this.#ask(id, "/plan", { method: "PUT", body: plan, repeatable: true }, options);
  }

  /**
   * Lets nobody in, and loses nothing. Repeated until it is answered.
   * @throws {AdminError}
   */
  suspend(id: string, options: RequestOptions = {}): Promise<OrganizationEntry> {
    return this.#ask(id, "/suspend", { method: "POST", repeatable: true }, options);
  }

  /**
   * Ends a suspension, or brings a deleted organization back. Repeated until it is answered.
   * @throws {AdminError}
   */
  resume(id: string, options: RequestOptions = {}): Promise<OrganizationEntry> {
    return this.#ask(id, "/resume", { method: "POST", repeatable: true }, options);
  }

  /**
   * Deletes an organization: `until` says when it is erased, 30 days later. Repeated until it is answered.
   * @throws {AdminError}
   */
  delete(id: string, options: RequestOptions = {}): Promise<OrganizationEntry> {
    return this.#ask(id, "", { method: "DELETE", repeatable: true }, options);
  }

  /**
   * Founds an organization with facts, once. It is not sent again if there is no answer: call it again, and `already_founded` says that it was done.
   * @throws {AdminError}
   */
  found(id: string, facts: Organization, options: RequestOptions = {}): Promise<VersionAnswer> {
    return this.#ask(id, "/facts", { method: "PUT", body: facts, repeatable: false }, options);
  }

  /**
   * The organization with its whole history, as lines of JSON without their ends: a heading, then every event.
   * @throws {AdminError} `unreachable` if it breaks off
   * @example
   * ```ts
   * for await (const line of operator.export("acme")) file.write(`${line}\n`);
   * ```
   */
  export(id: string, options: RequestOptions = {}): AsyncGenerator<string, void> {
    const { signal } = readOptions(options, ["signal"]);
    return exportedLines(this.#requests, `${pathOf(id)}/export`, signal as AbortSignal | undefined);
  }

  /**
   * Makes an empty organization from the lines of an export, all of it or nothing. The lines are read as they are sent. It is not sent again if there is no
   * answer: call it again, and `already_founded` says that it was done.
   * @throws {AdminError} `invalid_import`, whose `problem.path` names the line
   * @example
   * ```ts
   * await there.import("acme", here.export("acme"));
   * ```
   */
  import(id: string, lines: Iterable<string> | AsyncIterable<string>, options: RequestOptions = {}): Promise<VersionAnswer> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({
      method: "POST",
      path: `${pathOf(id)}/import`,
      body: linesBody(lines, (line) => line),
      headers: { "Content-Type": NDJSON },
      repeatable: false,
      lasting: true,
      signal,
    });
  }

  /**
   * Makes a new signing key. It is not sent again if there is no answer.
   * @throws {AdminError} `rotation_in_progress` if there is a new one already
   */
  rotateKeys(id: string, options: RotationOptions = {}): Promise<RotationAnswer> {
    const { atOnce, signal } = readOptions(options, ["atOnce", "signal"]);
    const body = atOnce === undefined ? {} : { at_once: atOnce };
    return this.#ask(id, "/keys/rotate", { method: "POST", body, repeatable: false }, { signal });
  }

  /**
   * Begins a new epoch, after the storage was put back to an earlier state, or puts it back first. It is not sent again if there is no answer.
   * @throws {AdminError}
   */
  restored(id: string, options: RestoreOptions = {}): Promise<RestoredAnswer> {
    const { at, signal } = readOptions(options, ["at", "signal"]);
    const body = at === undefined ? {} : { at };
    return this.#ask(id, "/restored", { method: "POST", body, repeatable: false }, { signal });
  }

  #ask<T>(
    id: string,
    below: string,
    sent: Pick<Sent, "method" | "body" | "repeatable">,
    options: { signal?: unknown },
  ): Promise<T> {
    const { signal } = readOptions(options, ["signal"]);
    return this.#requests.json({ ...sent, path: pathOf(id) + below, signal });
  }
}

function pathOf(id: string): string {
  return `v1/organizations/${segment(id)}`;
}
