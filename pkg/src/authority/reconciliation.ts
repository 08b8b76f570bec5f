/// <reference lib="esnext.disposable" preserve="true" />
/** Leading a directory to desired facts, as a class on the core's. All commands are the core's. */
import { runtime } from "../core/authority.js";
import { bytesOf } from "../lib/bytes.js";
import { call, optionalText, requiredText, WicketgateError } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import type { UserId } from "../lib/types.js";
import { actorJson, timeOf } from "./decision.js";
import { type Directory, rawOf } from "./directory.js";
import { RawReconciliation, RawReconciling } from "../wasm/authority.js";
import type { Actor, DoneCommand, DoneLines, Event, FactKind, ReadLines, RefusedLine } from "../wasm/authority.js";

/** How the commands of a {@link Reconciliation} are decided. */
export interface ReconcileOptions {
  /** By whose rights. */
  actor: Actor;
  /** Time in Unix seconds. Default: the system's clock. */
  now?: number;
  /** 32 bytes from a cryptographic source. Default: `crypto.getRandomValues`. */
  entropy?: Uint8Array;
  /** How many commands are previewed before they are executed; none by default. */
  previews?: number;
}

/** The commands that were executed, with their events, and what stopped them. */
export interface ReconciledLines {
  /** In the order in which they were executed. */
  done: (DoneCommand & { event: Event })[];
  /** The first line that was refused, and why; absent if none was. */
  refused?: RefusedLine;
}

/**
 * Leads a directory to desired facts: one thing a line, as JSON with its `kind`. First {@link read} all lines; then {@link reconcile} those of one
 * kind after another, and remove what no line names. The order is that of {@link PHASES}. The directory keeps what was executed before a refusal:
 * go back with {@link Directory.atomically}, or to what you have stored.
 */
export class Reconciliation {
  /** The kinds in the order in which their lines are reconciled, and the steps after them. */
  static readonly PHASES: readonly { step: "lines" | "late" | "gone"; kind: FactKind }[] = [
    ...(["roles", "users", "teams", "projects", "assistants"] as const).map((kind) => ({ step: "lines", kind }) as const),
    ...(["assistants", "projects", "teams"] as const).map((kind) => ({ step: "gone", kind }) as const),
    { step: "late", kind: "users" },
    ...(["users", "roles"] as const).map((kind) => ({ step: "gone", kind }) as const),
  ];

  #raw: RawReconciliation | undefined;

  private constructor(raw: RawReconciliation) {
    this.#raw = raw;
  }

  /**
   * Begins to lead a directory to desired facts.
   * @param options `kinds`: only things of these kinds are removed where no line names them. `successor`: who takes over the assistants of removed
   * people.
   * @throws {WicketgateError} `invalid_options`
   */
  static async begin(options: { kinds?: readonly FactKind[]; successor?: UserId } = {}): Promise<Reconciliation> {
    await runtime.init();
    const { kinds = [], successor } = readOptions(options, ["kinds", "successor"]);
    return new Reconciliation(call(() => new RawReconciliation([...kinds].map(String), optionalText(successor, "successor"))));
  }

  /** Checks lines by themselves, and remembers what they name. Returns them by kind, as {@link reconcile} takes them. @param first number of the first line */
  read(text: string, first = 1): ReadLines {
    const raw = this.#live();
    return JSON.parse(call(() => raw.read(requiredText(text, "text"), first))) as ReadLines;
  }

  /** Executes the commands that lead to the things of some lines. @param late only what people lose */
  reconcile(directory: Directory, lines: string, options: ReconcileOptions, late = false): ReconciledLines {
    const [raw, with_] = [this.#live(), reconcilingOf(options)];
    try {
      return reconciled(call(() => rawOf(directory).reconcile(raw, requiredText(lines, "lines"), late, with_)));
    } finally {
      with_.free();
    }
  }

  /** Removes at most `limit` things of a kind that no line names. Nothing is left once nothing is done. */
  removeUnnamed(directory: Directory, kind: FactKind, limit: number, options: ReconcileOptions): ReconciledLines {
    const [raw, with_] = [this.#live(), reconcilingOf(options)];
    try {
      return reconciled(call(() => rawOf(directory).reconcile_gone(raw, requiredText(kind, "kind"), limit, with_)));
    } finally {
      with_.free();
    }
  }

  /** Frees the WebAssembly memory. */
  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #live(): RawReconciliation {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the reconciliation was freed");
    return this.#raw;
  }
}

function reconcilingOf(options: ReconcileOptions): RawReconciling {
  const given = readOptions(options, ["actor", "now", "entropy", "previews"]);
  const { actor, now, entropy = crypto.getRandomValues(new Uint8Array(32)), previews = 0 } = given;
  const bytes = bytesOf(entropy);
  if (bytes === undefined)
    throw new WicketgateError("invalid_options", "entropy: expected 32 bytes, a Uint8Array", { path: "entropy" });
  return call(() => new RawReconciling(actorJson(actor), timeOf(now), bytes, previews));
}

/** The commands with the texts of their events, which the core gives beside them. */
function reconciled([json = "", ...texts]: string[]): ReconciledLines {
  const { done, refused } = JSON.parse(json) as DoneLines;
  const withEvents = done.map((command, index) => {
    const [text = "", sealed = ""] = texts.slice(2 * index, 2 * index + 2);
    return { ...command, event: { version: command.version, text, sealed } };
  });
  return { done: withEvents, ...(refused && { refused }) };
}
