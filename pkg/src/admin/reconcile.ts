/** Leads an organization to desired facts: sends them as lines, and reads the lines of the answer. */
import { parsed } from "../lib/responses.js";
import { ownProperty } from "../lib/options.js";
import { AdminError, refused } from "./admin-error.js";
import type { ReconcileAnswer } from "./answers.js";
import { linesBody, linesOf, NDJSON } from "./lines.js";
import type { Requests, Sent } from "./requests.js";

/** Seconds of silence after which the connection is taken for dead: a large organization is changed in one transaction, silently. */
const SILENCE = 15 * 60;

/** A thing as it should be: its kind, and its fields as in the facts. */
export interface DesiredFact {
  /** What it is. */
  kind: "role" | "user" | "team" | "project" | "assistant";
  /** The fields. */
  [field: string]: unknown;
}

/** The facts as the body of a request, a line for each. */
export function bodyOf(facts: Iterable<DesiredFact> | AsyncIterable<DesiredFact>): ReadableStream<Uint8Array> {
  return linesBody(facts, (fact) => JSON.stringify(fact));
}

/** Sends it, and reads the answer to its last line. @throws {AdminError} with the first fault or refusal */
export async function reconciled(
  requests: Requests,
  sent: Pick<Sent, "path" | "body" | "headers" | "signal">,
  progressed: (lines: number) => void,
): Promise<ReconcileAnswer> {
  const { headers = {}, signal } = sent;
  const body = await requests.stream({
    ...sent,
    method: "POST",
    headers: { ...headers, "Content-Type": NDJSON },
    repeatable: false,
    lasting: true,
  });
  try {
    for await (const line of linesOf(body, SILENCE, signal as AbortSignal | undefined)) {
      const value = parsed(line);
      const [progress, result, problem] = ["progress", "result", "problem"].map((name) => ownProperty(value, name));
      if (result !== undefined) return result as ReconcileAnswer;
      if (problem !== undefined) throw refused(ownProperty(problem, "status") as number, problem);
      const lines = ownProperty(progress, "lines");
      if (typeof lines === "number") progressed(lines);
    }
  } catch (cause) {
    if (cause instanceof AdminError) throw cause;
    throw new AdminError("unreachable", "the answer broke off: nothing was changed, or all of it", { cause });
  }
  (signal as AbortSignal | undefined)?.throwIfAborted();
  throw new AdminError("unreachable", "the answer broke off: nothing was changed, or all of it");
}
