/**
 * Warnings for developers about questions that name nothing: misspelt capabilities, unknown targets. Each is written to the console once; the
 * question is denied in any case. Production bundles hold none of this, because bundlers replace `process.env.NODE_ENV`. Without a bundler and
 * without `process`, no warnings are written.
 */
import { KINDS, names, slotOf } from "../core/checking.js";
import { quote } from "../lib/error.js";
import type { Decision } from "../wasm/wicketgate.js";

declare const process: { env: { NODE_ENV?: string } };

/** Subjects of the warnings written so far. */
const warned = new Set<string>();

/** Whether it is a string. Other values name nothing, whatever text they would become. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether it can be a target: a string, or undefined for none. */
export function isTarget(value: unknown): value is string | undefined {
  return value === undefined || isString(value);
}

/** Warns if an argument is of the wrong type. */
export function warnAboutType(name: "capability" | "target" | "user" | "role", value: unknown): void {
  try {
    if (process.env.NODE_ENV !== "production" && !isString(value) && !(name === "target" && value === undefined))
      warn(name, `${name}: expected a string`);
  } catch {}
}

/**
 * Warns if a question names nothing: the capability is misspelt, or the target is of another kind or not in the snapshot.
 * @param ids returns the ids of a kind that the snapshot has.
 * @param check returns the core's decision.
 */
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
      const quoted = quote(capability);
      if (slot === undefined) {
        const [area] = capability.split(".");
        const others = names.flat().filter((name) => name.startsWith(`${area}.`));
        return warn(capability, `there is no capability ${quoted}${others.length > 0 ? `, but ${others.join(", ")}` : ""}`);
      }
      // One warning for each capability: the rest may be many, and finding out about each costs more than answering.
      if (warned.has(`${capability} of nothing`) || check?.().denied !== "unknown_target") return;
      const nameOf = (number: number) => Object.entries(KINDS).find(([, kind]) => kind === number)![0];
      const kind = nameOf(slot.kind);
      if (slot.kind === KINDS.organization)
        return warn(`${capability} with`, `${quoted} takes no target: it belongs to the organization`);
      if (target === undefined) return warn(`${capability} without`, `${quoted} needs the id of one ${kind}`);
      const other = [KINDS.team, KINDS.project, KINDS.assistant].find((number) => ids(number).includes(target));
      if (other !== undefined)
        return warn(
          `${capability} of another kind`,
          `${quoted} needs the id of one ${kind}; ${quote(target)} is the id of one ${nameOf(other)}`,
        );
      warn(
        `${capability} of nothing`,
        `the snapshot has no ${kind} ${quote(target)}: it was deleted, it is misspelt, or this person may not see it`,
      );
    }
  } catch {}
}

function warn(subject: string, message: string): void {
  if (warned.has(subject)) return;
  warned.add(subject);
  console.warn(`wicketgate: ${message}; the question is denied`);
}
