/** The two checking modules: their loaders, and the table of capabilities that both bring. */
import { bindings, type Bindings } from "../wasm/wicketgate.js";
import { Runtime } from "./runtime.js";
import type { Capability } from "../wasm/wicketgate.js";

/** Kinds of target, with the core's numbers. */
export const KINDS = { organization: 0, team: 1, project: 2, assistant: 3 } as const;

/** Position of a capability: its number in the core, its kind, and its bit in answers about that kind. */
export interface Slot {
  readonly number: number;
  readonly kind: number;
  readonly bit: number;
}

/** Positions by name. Without a prototype, so that no inherited name is found; faster than a `Map`. */
const slots: Record<string, Slot | undefined> = Object.create(null);
/** Names of the capabilities of each kind, by bit. */
export const names: Capability[][] = [[], [], [], []];

function readTable(core: Bindings): void {
  for (const kind of names) kind.length = 0;
  core
    .capability_table()
    .trimEnd()
    .split("\n")
    .forEach((line, number) => {
      const [kindName, name] = line.split(" ") as [keyof typeof KINDS, Capability];
      const kind = KINDS[kindName];
      slots[name] = { number, kind, bit: 1 << (names[kind]!.push(name) - 1) };
    });
}

/** The whole module: opens every snapshot. */
export const runtime = new Runtime(bindings, readTable);

/** The smaller module, which opens member snapshots alone. It has a source in browsers only: elsewhere the whole module is at hand. */
export const memberRuntime = new Runtime(bindings, readTable);

/** What opens member snapshots: the smaller module, unless it has no source or the whole one is there. */
export function forMembers(): Runtime<Bindings> {
  return runtime.ready || !memberRuntime.provided ? runtime : memberRuntime;
}

/** Position of a capability; undefined for other names and for values that are no string. */
export function slotOf(capability: unknown): Slot | undefined {
  // eslint-disable-next-line wicketgate/own-properties -- without a prototype only what was put in is found
  return typeof capability === "string" ? slots[capability] : undefined;
}
