// The operator's requests. They need the operator's token and no session: nobody in the organization may do these things.
import { Hono } from "hono";
import type { SetPlan } from "wicketgate/authority";
import type { Ctx, HttpEnv } from "./context";
import { Problem, report, unwrap } from "../problem";
import { jsonBytes, jsonObject, MAX_FACTS, requireBearer } from "./requests";
import { organizationOf } from "./organization-object";

/** Lines of JSON. */
const NDJSON = "application/x-ndjson";

export const operator = new Hono<HttpEnv>();

/** Founds the organization with the facts in the body. */
operator.put("/v1/organization", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  return context.json(unwrap(await organizationOf(context).found(new Uint8Array(await jsonBytes(context, MAX_FACTS)))), 201);
});

/** The organization with its whole history, as lines of JSON. */
operator.get("/v1/organization/export", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  return new Response(unwrap(await organizationOf(context).export()), { headers: { "Content-Type": NDJSON } });
});

/** Makes the organization from the lines of an export in the body. */
operator.post("/v1/organization/import", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  const { headers, body } = context.req.raw;
  if (headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase() !== NDJSON) {
    throw new Problem("unsupported_media_type", `send \`Content-Type: ${NDJSON}\``);
  }
  if (!body) throw new Problem("bad_request", "there is no body");
  return context.json(unwrap(await organizationOf(context).import(body)), 201);
});

/**
 * `{}`: the storage was put back to an earlier state. `{ "at": 1790000000 }`: puts it back to that time first. In both cases a new epoch
 * begins, so that readers accept snapshots with lower versions than they have seen.
 */
operator.post("/v1/restored", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  const { at, ...unknown } = await jsonObject(context);
  const known = at === undefined || (Number.isSafeInteger(at) && (at as number) > 0 && (at as number) < Date.now() / 1000);
  if (!known || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{}` or `{ "at": … }`, a time in the past in Unix seconds', { path: "at" });
  }
  if (at !== undefined) await goBack(context, at as number);
  return context.json(unwrap(await organizationOf(context).restored()));
});

/** The object stops without an answer when it goes back. So an answer is always the problem that kept it from doing so. */
async function goBack(context: Ctx, at: number): Promise<void> {
  const outcome = await organizationOf(context).goBack(at).catch(report);
  if (outcome) unwrap(outcome);
}

/** `{ "name"?, "withholds": [] }`: what the organization has bought. Nobody in the organization can change or prevent it. */
operator.put("/v1/plan", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  const { type, ...plan } = await jsonObject(context);
  if (type !== undefined) throw new Problem("invalid_command", "type: a plan has no such field", { path: "type" });
  return context.json(unwrap(await organizationOf(context).setPlan(plan as unknown as SetPlan)));
});

/** `{}`: a new key, which signs after ten minutes. `{ "at_once": true }`: it signs now, and the other keys are withdrawn. */
operator.post("/v1/keys/rotate", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  const { at_once: atOnce = false, ...unknown } = await jsonObject(context);
  if (typeof atOnce !== "boolean" || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{}` or `{ "at_once": true }`', { path: "at_once" });
  }
  return context.json(unwrap(await organizationOf(context).rotateKeys(atOnce)));
});
