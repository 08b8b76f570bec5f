/** The address that requests are relative to. */
import { WicketgateError, quote } from "./error.js";

/**
 * The base URL of the authority, ending with a slash.
 * @throws {WicketgateError} `invalid_options`
 */
export function baseUrl(url: unknown = globalThis.location?.origin): URL {
  try {
    const base = new URL(url as string | URL);
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    return base;
  } catch (cause) {
    throw new WicketgateError("invalid_options", `url: ${quote(url)} is no URL`, { path: "url", cause });
  }
}
