// `POST /v1/reconcile`: lines of desired facts, of any number. The answer is lines too: progress while the facts arrive, then the result.
import { Hono } from "hono";
import type { FactKind } from "wicketgate/authority";
import { headerNames, limits } from "wicketgate/contract";
import { Problem, problemOf, unwrap } from "../problem";
import type { ReconcileOptions } from "../messages";
import type { ReconcileLine } from "../wire";
import { asked, callerOf } from "./caller";
import { addressed, type Ctx, type HttpEnv } from "./context";
import { organizationOf } from "./organization-object";
import { NDJSON, requireLines, versionOf } from "./requests";

/** UTF-16 units of lines that are sent to the object at once, besides the last line. */
const PART = 128 * 1024;

export const reconcile = new Hono<HttpEnv>();

reconcile.post("/v1/reconcile", async (context) => {
  await callerOf(context);
  requireLines(context);
  const { kinds = "", successor, dry_run: dryRun, ...unknown } = context.req.query();
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw new Problem("bad_request", "there are `kinds`, `successor` and `dry_run`");
  const ifVersion = versionOf(context.req.header(headerNames.ifVersion));
  const options: ReconcileOptions = {
    kinds: kindsOf(kinds),
    dryRun: dryRun !== undefined && dryRun !== "false",
    ...(successor !== undefined && { successor }),
    ...(ifVersion !== undefined && { ifVersion }),
  };
  const { id } = await asked(context, (organization, sender) => organization.beginReconciliation(sender, options));
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  context.executionCtx.waitUntil(run(context, id, writable));
  return new Response(readable, { headers: { "Content-Type": NDJSON } });
});

const KINDS: readonly string[] = ["roles", "users", "teams", "projects", "assistants"] satisfies FactKind[];

function kindsOf(text: string): FactKind[] {
  const kinds = text.split(",").filter((kind) => kind !== "");
  if (kinds.every((kind) => KINDS.includes(kind))) return kinds as FactKind[];
  throw new Problem("bad_request", `kinds: expected some of ${KINDS.join(",")}`, { path: "kinds" });
}

/** Sends all lines to the object, and writes the lines of the answer. */
async function run(context: Ctx, id: string, writable: WritableStream<Uint8Array>): Promise<void> {
  const organization = organizationOf(context);
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const say = (line: ReconcileLine) => writer.write(encoder.encode(`${JSON.stringify(line)}\n`));
  try {
    let lines = 0;
    for await (const part of partsOf(context.req.raw)) {
      ({ lines } = unwrap(await organization.reconcile({ id, ...part })));
      await say({ progress: { lines } });
    }
    await say({ progress: { lines, executing: true } });
    const { result } = unwrap(await organization.reconcile({ id, end: "finish" }));
    if (result) await say({ result });
  } catch (error) {
    const problem = problemOf(error, addressed(context).organization.id);
    await organization.reconcile({ id, end: "abandon" });
    // Whoever has gone away reads no problem either.
    await say({ problem }).catch(() => {});
  } finally {
    await writer.close().catch(() => {});
  }
}

/** The body in parts of whole lines, each with the number of its first line. */
async function* partsOf(request: Request): AsyncGenerator<{ lines: string; first: number }> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let rest = "";
  let first = 1;
  const decoded = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new Problem("bad_request", "the body is not UTF-8");
    }
  };
  for await (const chunk of request.body ?? []) {
    rest += decoded(chunk);
    if (rest.length < PART) continue;
    const end = rest.lastIndexOf("\n") + 1;
    if (rest.length - end > limits.reconcileLineCharacters) {
      throw new Problem("too_large", `a line has more than ${limits.reconcileLineCharacters} characters`);
    }
    if (end === 0) continue;
    const lines = rest.slice(0, end);
    yield { lines, first };
    first += lines.split("\n").length - 1;
    rest = rest.slice(end);
  }
  rest += decoded();
  if (rest !== "") yield { lines: rest, first };
}
