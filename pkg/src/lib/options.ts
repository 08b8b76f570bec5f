/** Reads callers' objects safely: each property once, and none that somebody put on `Object.prototype`. */
import { WicketgateError, quote, type ErrorCode } from "./error.js";

/** Whether an object is the `Object.prototype` of any realm: this one, a frame or a test runner. */
function isRoot(object: object): boolean {
  return Object.getPrototypeOf(object) === null && Object.hasOwn(object, "hasOwnProperty");
}

/** The object that has the property: the object itself, or a prototype that is a class of the caller. */
function holderOf(from: object, name: string): object | undefined {
  if (Object.hasOwn(from, name)) return from;
  const prototype = Object.getPrototypeOf(from) as object | null;
  return prototype === null || prototype === Object.prototype || isRoot(prototype) ? undefined : holderOf(prototype, name);
}

/** A property of an object or of its class; undefined for values that are no object. A getter that throws is not caught: see {@link readSafely}. */
export function ownProperty(from: unknown, name: string): unknown {
  if (typeof from !== "object" || from === null) return undefined;
  return holderOf(from, name) === undefined ? undefined : Reflect.get(from, name);
}

/**
 * Reads the properties of these names into an object without a prototype.
 * @param what what the object is, for errors. @param path its path, ending with a dot.
 * @throws {WicketgateError} `invalid_options` for other properties (a misspelt one would go unnoticed), and for getters and proxies that throw.
 */
export function readOptions<T extends object>(from: T, names: readonly (keyof T & string)[], what = "options", path = ""): T {
  if (typeof from !== "object" || from === null) throw invalid(path || undefined, `expected an object of ${what}`);
  const read = Object.create(null) as T;
  for (const name of readSafely(() => Object.keys(from), path || undefined)) {
    if (!names.includes(name as keyof T & string)) throw invalid(path + name, `there is no ${what} property ${quote(name)}`);
  }
  for (const name of names) {
    readSafely(() => {
      if (holderOf(from, name) !== undefined) Reflect.set(read, name, Reflect.get(from, name));
    }, path + name);
  }
  return read;
}

/** Reads a caller's object. Every error is reported with `code` and the path: only the caller's own code can have thrown it. */
export function readSafely<T>(read: () => T, path: string | undefined, code: ErrorCode = "invalid_options"): T {
  try {
    return read();
  } catch (cause) {
    throw new WicketgateError(code, `${path ?? "it"}: could not be read`, { path, cause });
  }
}

function invalid(path: string | undefined, message: string): WicketgateError {
  return new WicketgateError("invalid_options", message, { path });
}
