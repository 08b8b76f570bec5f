/// <reference lib="esnext.disposable" preserve="true" />
/** Opened snapshots in the authority's module, for list filters on servers. All decisions are the core's. */
import { runtime } from "../core/authority.js";
import type { Clock } from "../lib/clock.js";
import { WicketgateError, call, optionalText } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import type { CapabilityOf, DetachedSnapshot, Presented, UserId } from "../lib/types.js";
import { OPTIONS, partsOf, prepare, type OpenOptions } from "../snapshot/opening.js";
import { RawListSnapshot } from "../wasm/authority.js";
import type { Condition, JwkSet } from "../wasm/authority.js";

/** Capabilities that have a target, and so a list to filter. */
export type ListedCapability = CapabilityOf<"team" | "project" | "assistant">;

/**
 * Verifies a snapshot and opens it for list filters, on a server without a {@link Directory}: a workspace snapshot answers for everybody, a member
 * snapshot for its subject, a gate snapshot for visitors. The options are those of `open` in `wicketgate`, whose module has no list filters: pages do
 * not download them.
 * @throws {WicketgateError} with the code of the first step that fails, as `open`.
 * @example
 * ```ts
 * const lists = await openForLists(token, { keys, organization: "acme" });
 * const condition = lists.as({ user: "uma" }).where("conversations.view");
 * ```
 */
export async function openForLists(token: string | DetachedSnapshot, options: OpenOptions): Promise<ListSnapshot> {
  await runtime.init();
  const { clock, read, ask } = prepare(partsOf(token), options);
  const raw = ask((...converted) => RawListSnapshot.open(...converted));
  return new OpenListSnapshot(raw, clock, read);
}

/** A snapshot that is opened for list filters. Made by {@link openForLists}. */
export interface ListSnapshot {
  /** Id of the organization. */
  readonly organization: string;
  /** The user of a member snapshot; undefined in other scopes. */
  readonly subject: UserId | undefined;
  /** Epoch of the organization's facts, from 0. */
  readonly epoch: number;
  /** Version of the organization's facts, from 1. A later one can change every condition. */
  readonly version: number;
  /** The claim `exp`, in Unix seconds: from then on (plus the clock tolerance) every condition is `none`. */
  readonly expiresAt: number;
  /**
   * Returns a principal to ask. Without an argument: the subject of a member snapshot, or a visitor who presents nothing.
   * @throws {WicketgateError} `wrong_scope` in member scope for anybody but the subject, and in gate scope for users.
   */
  as(presented?: Presented): ListPrincipal;
  /**
   * Applies a signed delta in place, as `apply` of a snapshot does.
   * @throws {WicketgateError} `wrong_state` if the delta starts from another snapshot; otherwise the codes of {@link openForLists}. Then nothing has
   * changed.
   */
  apply(delta: string | DetachedSnapshot, options?: { keys?: JwkSet }): void;
  /**
   * Frees the WebAssembly memory. Afterwards this object and its principals throw `freed`. `using lists = await openForLists(…)` calls it at the end of
   * the block; without either, the garbage collector frees the memory at some later time.
   */
  free(): void;
  [Symbol.dispose](): void;
}

/** A user or visitor of a {@link ListSnapshot}. */
export interface ListPrincipal {
  /**
   * The condition under which the person may do this: it selects exactly the rows for which `can` says yes. `wicketgate/where` writes it as a query. Ask
   * again from `until` on, and after a delta. A capability without a target, or that is not known, selects nothing.
   * @example
   * ```ts
   * lists.as({ user: "uma" }).where("conversations.view");
   * // { kind: "some", until: 1893456000, any: [{ owner: "uma" }, { team: ["t_1"], accessibility: ["only_team", "public"] }] }
   * ```
   */
  where(capability: ListedCapability): Condition;
}

const PRESENTED = ["user", "link", "origin"] as const;

/** The implementation on the core's snapshot. */
class OpenListSnapshot implements ListSnapshot {
  #raw: RawListSnapshot | undefined;
  readonly #clock: Clock;
  readonly #options: OpenOptions;

  constructor(raw: RawListSnapshot, clock: Clock, options: OpenOptions) {
    this.#raw = raw;
    this.#clock = clock;
    this.#options = options;
  }

  get organization(): string {
    return this.#live().organization();
  }

  get subject(): UserId | undefined {
    return this.#live().subject();
  }

  get epoch(): number {
    return this.#live().epoch();
  }

  get version(): number {
    return this.#live().version();
  }

  get expiresAt(): number {
    return this.#live().expires_at();
  }

  as(presented?: Presented): ListPrincipal {
    const given = presented === undefined ? { user: this.subject } : readOptions(presented, PRESENTED, "principal");
    const { user, link, origin }: Presented = Object.assign(Object.create(null), given);
    const texts = [optionalText(user, "user"), optionalText(link, "link"), optionalText(origin, "origin")] as const;
    call(() => this.#live().answers_for(...texts));
    const where = (capability: unknown) => {
      const now = this.#clock.exact();
      // No capability has an empty name.
      return call(() => this.#live().condition(...texts, typeof capability === "string" ? capability : "", now));
    };
    return { where: (capability) => JSON.parse(where(capability)) as Condition };
  }

  apply(delta: string | DetachedSnapshot, options: { keys?: JwkSet } = {}): void {
    const raw = this.#live();
    // The expectations of opening count.
    const { keys = this.#options.keys } = readOptions<Partial<OpenOptions>>(options, OPTIONS);
    prepare(partsOf(delta), { ...this.#options, keys }).ask((...converted) => raw.apply(...converted));
  }

  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #live(): RawListSnapshot {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the snapshot was freed");
    return this.#raw;
  }
}
