/**
 * Words on the console for whoever develops, once each: questions about what there is not. They are denied all the same, never an error. In production bundles nothing
 * of this is left: bundlers put the value in place of `process.env.NODE_ENV`. Where there is neither a bundler nor `process`, nobody develops.
 */
import { KINDS, names, slotOf } from "../core/checking.js";
import { quote } from "../lib/error.js";
import type { Decision } from "../wasm/wicketgate.js";

declare const process: { env: { NODE_ENV?: string } };

/** What was told of already. */
const told = new Set<string>();

/** Whether it is a text. What is none names nothing, whatever it would be as a text. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether it is the id of a target, or says that there is none. */
export function isTarget(value: unknown): value is string | undefined {
  return value === undefined || isString(value);
}

/** That an argument is of the wrong type, if it is. */
export function warnAboutType(name: "capability" | "target" | "user" | "role", value: unknown): void {
  try {
    if (process.env.NODE_ENV !== "production" && !isString(value) && !(name === "target" && value === undefined))
      tell(name, `${name}: expected a string`);
  } catch {}
}

/** Why a question names nothing: it is misspelt, of another kind, or of what the snapshot does not know. `ids` gives those of a kind, `check` the core's decision. */
export function warnAboutQuestion(
  capability: unknown,
  target: unknown,
  ids: (kind: number) => readonly string[],
  check?: () => Decision,
): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      if (!isString(capability)) return warnAboutType("capability", capability);
      if (!isTarget(target)) return warnAboutType("target", target);
      const slot = slotOf(capability);
      const asked = quote(capability);
      if (slot === undefined) {
        const [area] = capability.split(".");
        const others = names.flat().filter((name) => name.startsWith(`${area}.`));
        return tell(capability, `there is no capability ${asked}${others.length > 0 ? `, but ${others.join(", ")}` : ""}`);
      }
      if (check?.().denied !== "unknown_target") return;
      const nameOf = (number: number) => Object.entries(KINDS).find(([, kind]) => kind === number)![0];
      const kind = nameOf(slot.kind);
      if (slot.kind === KINDS.organization)
        return tell(`${capability} with`, `${asked} is asked of the organization, without a target`);
      if (target === undefined)
        return tell(`${capability} without`, `${asked} is asked with the id of one ${kind}, and there is none`);
      const other = [KINDS.team, KINDS.project, KINDS.assistant].find((number) => ids(number).includes(target));
      if (other !== undefined)
        return tell(
          `${capability} of another kind`,
          `${asked} is asked with the id of one ${kind}, and ${quote(target)} is that of one ${nameOf(other)}`,
        );
      tell(
        `${capability} of nothing`,
        `the snapshot has no ${kind} ${quote(target)}: it is gone, misspelt, or not for this person to see`,
      );
    }
  } catch {}
}

function tell(about: string, what: string): void {
  if (told.has(about)) return;
  told.add(about);
  console.warn(`wicketgate: ${what}; so it is denied`);
}
