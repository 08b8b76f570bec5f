/** Writes callers' values as JSON for the core: own properties only, each read once, with an error for values that JSON cannot express. */
import { WicketgateError, type ErrorCode } from "./error.js";
import { ownProperty } from "./options.js";
import type { Organization } from "../wasm/authority.js";

/** Deepest nesting that is written; the core accepts less. */
const DEEPEST = 64;

/**
 * The facts as JSON; a text is returned as it is.
 * @throws {WicketgateError} `invalid_facts`
 */
export function factsJson(facts: Organization | string): string {
  if (typeof facts === "string") return facts;
  try {
    // Ten times as fast, for facts may be long. But it would call a `toJSON` that somebody put on a prototype.
    if (!("toJSON" in Array.prototype)) return JSON.stringify(facts) ?? "null";
  } catch {
    // `jsonOf` reports it with the path.
  }
  return jsonOf(facts, "invalid_facts");
}

/**
 * A value as JSON, without functions and symbols.
 * @param name the path of the value, for errors.
 * @throws {WicketgateError} with `code` and the path of the value that cannot be written.
 */
export function jsonOf(value: unknown, code: ErrorCode, name?: string): string {
  /** Keys and indices that lead to the value being written. */
  const steps: (string | number)[] = name === undefined ? [] : [name];

  /** Undefined for values that objects leave out. */
  function written(value: unknown): string | undefined {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "number") return Number.isFinite(value) ? `${value}` : "null";
    if (typeof value === "boolean" || value === null) return `${value}`;
    if (typeof value === "bigint") throw fault("a BigInt is no JSON");
    if (typeof value !== "object") return undefined;
    if (steps.length > DEEPEST) throw fault("is nested too deep, or within itself");
    if (Array.isArray(value)) return list(value);
    const toJson = ownProperty(value, "toJSON");
    return typeof toJson === "function" ? writeAt("toJSON", toJson.call(value)) : object(value);
  }

  function writeAt(to: string | number, value: unknown): string | undefined {
    steps.push(to);
    const json = written(value);
    steps.pop();
    return json;
  }

  function list(values: unknown[]): string {
    let json = "[";
    const { length } = values;
    for (let index = 0; index < length; index++) json += `${index === 0 ? "" : ","}${writeAt(index, values[index]) ?? "null"}`;
    return `${json}]`;
  }

  function object(value: object): string {
    let json = "{";
    for (const key of Object.keys(value)) {
      steps.push(key);
      const member = written(Reflect.get(value, key));
      steps.pop();
      if (member !== undefined) json += `${json === "{" ? "" : ","}${JSON.stringify(key)}:${member}`;
    }
    return `${json}}`;
  }

  function fault(message: string, cause?: unknown): WicketgateError {
    const path = steps
      .reduce<string>((path, to) => `${path}${typeof to === "number" ? `[${to}]` : path === "" ? to : `.${to}`}`, "")
      .slice(0, 256);
    return new WicketgateError(code, path === "" ? message : `${path}: ${message}`, { path: path || undefined, cause });
  }

  try {
    return written(value) ?? "null";
  } catch (cause) {
    throw cause instanceof WicketgateError ? cause : fault("could not be read", cause);
  }
}
