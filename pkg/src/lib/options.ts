/** Reads what callers give, so that nothing else counts as given: each property once, and none that stands on `Object.prototype`. */
import { WicketgateError, quote, type ErrorCode } from "./error.js";

/** Whether an object is an `Object.prototype`: this realm's, or that of a frame or of a test runner. */
function isRoot(object: object): boolean {
  return Object.getPrototypeOf(object) === null && Object.hasOwn(object, "hasOwnProperty");
}

/** The object that has the property: the one given, or a prototype of the caller's own. */
function holderOf(from: object, name: string): object | undefined {
  if (Object.hasOwn(from, name)) return from;
  const prototype = Object.getPrototypeOf(from) as object | null;
  return prototype === null || prototype === Object.prototype || isRoot(prototype) ? undefined : holderOf(prototype, name);
}

/** A property of an object or of a class of the caller's. What throws when it is looked at is the caller's own to catch. */
export function ownProperty(from: unknown, name: string): unknown {
  if (typeof from !== "object" || from === null) return undefined;
  return holderOf(from, name) === undefined ? undefined : Reflect.get(from, name);
}

/**
 * The properties of these names, in an object without a prototype. Refuses others: a misspelt one would go unnoticed. A getter that throws, or a
 * revoked proxy, is refused with the path.
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

/** Looks at what a caller gave. Whatever that throws, the caller's code threw it. */
export function readSafely<T>(look: () => T, path: string | undefined, code: ErrorCode = "invalid_options"): T {
  try {
    return look();
  } catch (cause) {
    throw new WicketgateError(code, `${path ?? "it"}: could not be read`, { path, cause });
  }
}

function invalid(path: string | undefined, message: string): WicketgateError {
  return new WicketgateError("invalid_options", message, { path });
}
