/** Reads an export of an organization, line by line. */
import { ownProperty } from "../lib/options.js";
import { parsed } from "../lib/responses.js";
import { AdminError } from "./admin-error.js";
import { linesOf } from "./lines.js";
import type { Requests } from "./requests.js";

/** Seconds of silence after which the connection is taken for dead. */
const SILENCE = 60;

/**
 * The lines of an export. The heading has the version of the last event, so that a connection that ends too early is noticed however it ends.
 * @throws {AdminError} if it is refused or breaks off; the signal's reason
 */
export async function* exportedLines(
  requests: Requests,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const body = await requests.stream({ method: "GET", path, repeatable: true, signal });
  let heading: string | undefined;
  let event: string | undefined;
  try {
    for await (const line of linesOf(body, SILENCE, signal)) {
      if (heading === undefined) heading = line;
      else event = line;
      yield line;
    }
  } catch (cause) {
    throw brokenOff(cause);
  }
  signal?.throwIfAborted();
  if (event === undefined || versionOf(event) !== versionOf(heading)) throw brokenOff();
}

function versionOf(line: string | undefined): unknown {
  return ownProperty(parsed(line), "version");
}

function brokenOff(cause?: unknown): AdminError {
  return new AdminError("unreachable", "the export broke off", { cause });
}
