// What the operator does, with a token of their own and no session: nobody in the organization may do it.
import { Hono } from "hono";
import type { SetPlan } from "wicketgate/authority";
import type { Env } from "../env";
import { Problem, report, unwrap } from "../problem";
import { jsonObject, jsonText, MAX_FACTS, requireBearer } from "./requests";
import { organizationOf } from "./organization-object";

export const operator = new Hono<{ Bindings: Env }>();

/** Sets up an organization that is empty. */
operator.put("/v1/organization", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  return context.json(unwrap(await organizationOf(context.env).found(await jsonText(context, MAX_FACTS))), 201);
});

/**
 * `{}`: the object's storage was put back to an earlier state. `{ "at": 1790000000 }`: puts it back, first. Readers take what is signed
 * from then on, whatever they have seen.
 */
operator.post("/v1/restored", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  const { at, ...unknown } = await jsonObject(context);
  const known = at === undefined || (Number.isSafeInteger(at) && (at as number) > 0 && (at as number) < Date.now() / 1000);
  if (!known || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{}` or `{ "at": … }`, a time in the past in Unix seconds', { path: "at" });
  }
  if (at !== undefined) await goBack(context.env, at as number);
  return context.json(unwrap(await organizationOf(context.env).restored()));
});

/** The object stops without an answer when it goes back; what it answers is why it does not. */
async function goBack(env: Env, at: number): Promise<void> {
  const outcome = await organizationOf(env).goBack(at).catch(report);
  if (outcome) unwrap(outcome);
}

/** `{ "name"?, "withholds": [] }`: what the organization has bought. Nobody in it can change that, or keep the operator from it. */
operator.put("/v1/plan", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  const { type, ...plan } = await jsonObject(context);
  if (type !== undefined) throw new Problem("invalid_command", "type: a plan has no such field", { path: "type" });
  return context.json(unwrap(await organizationOf(context.env).setPlan(plan as unknown as SetPlan)));
});

/** `{}`: a new key that signs soon. `{ "at_once": true }`: now, and the others are believed no longer. */
operator.post("/v1/keys/rotate", async (context) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  const { at_once: atOnce = false, ...unknown } = await jsonObject(context);
  if (typeof atOnce !== "boolean" || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{}` or `{ "at_once": true }`', { path: "at_once" });
  }
  return context.json(unwrap(await organizationOf(context.env).rotateKeys(atOnce)));
});
