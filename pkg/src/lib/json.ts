/** What callers give, as JSON for the core: own properties alone, each read once, and a word on what JSON cannot say. */
import { WicketgateError, type ErrorCode } from "./error.js";
import { ownProperty } from "./options.js";
import type { Organization } from "../wasm/authority.js";

/** Deepest nesting that is written; the core takes less. */
const DEEPEST = 64;

/** The facts as JSON. */
export function factsJson(facts: Organization | string): string {
  if (typeof facts === "string") return facts;
  try {
    // Ten times as fast, and they may be long. It would take what somebody put on a prototype for the caller's.
    if (!("toJSON" in Array.prototype)) return JSON.stringify(facts) ?? "null";
  } catch {
    // Said below, with the path.
  }
  return jsonOf(facts, "invalid_facts");
}

/** A value as JSON, which leaves functions and symbols out. What cannot be written is refused with the code, and where it stands within `name`. */
export function jsonOf(value: unknown, code: ErrorCode, name?: string): string {
  /** The way to what is being written. */
  const way: (string | number)[] = name === undefined ? [] : [name];

  /** Nothing for what objects leave out. */
  function written(value: unknown): string | undefined {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "number") return Number.isFinite(value) ? `${value}` : "null";
    if (typeof value === "boolean" || value === null) return `${value}`;
    if (typeof value === "bigint") throw fault("a BigInt is no JSON");
    if (typeof value !== "object") return undefined;
    if (way.length > DEEPEST) throw fault("is nested too deep, or within itself");
    if (Array.isArray(value)) return list(value);
    const toJson = ownProperty(value, "toJSON");
    return typeof toJson === "function" ? step("toJSON", toJson.call(value)) : object(value);
  }

  function step(to: string | number, value: unknown): string | undefined {
    way.push(to);
    const json = written(value);
    way.pop();
    return json;
  }

  function list(values: unknown[]): string {
    let json = "[";
    const { length } = values;
    for (let place = 0; place < length; place++) json += `${place === 0 ? "" : ","}${step(place, values[place]) ?? "null"}`;
    return `${json}]`;
  }

  function object(value: object): string {
    let json = "{";
    for (const key of Object.keys(value)) {
      way.push(key);
      const member = written(Reflect.get(value, key));
      way.pop();
      if (member !== undefined) json += `${json === "{" ? "" : ","}${JSON.stringify(key)}:${member}`;
    }
    return `${json}}`;
  }

  function fault(message: string, cause?: unknown): WicketgateError {
    const path = way
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
