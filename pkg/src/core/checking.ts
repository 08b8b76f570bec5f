/** The checking module: its bindings, and the table of capabilities it brings. */
import { capability_table, imports, started } from "../wasm/wicketgate.js";
import { Runtime } from "./runtime.js";
import type { Capability } from "../wasm/wicketgate.js";

/** The kinds of target, numbered as the core numbers them. */
export const KINDS = { organization: 0, team: 1, project: 2, assistant: 3 } as const;

/** A capability's place: its number in the core, its kind, and its bit in an answer on that kind. */
export interface Slot {
  readonly number: number;
  readonly kind: number;
  readonly bit: number;
}

/** By name. Without a prototype, so that no other name is found in it; faster than a `Map`. */
const slots: Record<string, Slot | undefined> = Object.create(null);
/** The names of a kind, by bit. */
export const names: Capability[][] = [[], [], [], []];

export const runtime = new Runtime({ imports, started }, () => {
  for (const kind of names) kind.length = 0;
  capability_table()
    .trimEnd()
    .split("\n")
    .forEach((line, number) => {
      const [kindName, name] = line.split(" ") as [keyof typeof KINDS, Capability];
      const kind = KINDS[kindName];
      slots[name] = { number, kind, bit: 1 << (names[kind]!.push(name) - 1) };
    });
});

/** The place of a capability. What is no string has none, whatever text it would become. */
export function slotOf(capability: unknown): Slot | undefined {
  // eslint-disable-next-line wicketgate/own-properties -- without a prototype only what was put in is found
  return typeof capability === "string" ? slots[capability] : undefined;
}
