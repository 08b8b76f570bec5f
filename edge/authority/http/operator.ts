// The operator's requests about one organization. They need the operator's token and no session: nobody in the organization may do these
// things. A deployment for a single organization has them at its host, one for many under `/v1/organizations/:id` (organizations.ts).
import { Hono } from "hono";
import type { SetPlan } from "wicketgate/authority";
import { singleOrganization } from "../organization-settings";
import { Problem, report, unwrap } from "../problem";
import { theRegistry } from "../env";
import { addressed, type Ctx, type HttpEnv } from "./context";
import { organizationOf } from "./organization-object";
import { jsonBytes, jsonObject, MAX_FACTS, NDJSON, requireBearer, requireLines } from "./requests";

export const operator = new Hono<HttpEnv>();

operator.put("/v1/organization", (context) => alone(context, found));
operator.get("/v1/organization/export", (context) => alone(context, exported));
operator.post("/v1/organization/import", (context) => alone(context, imported));
operator.post("/v1/restored", (context) => alone(context, restored));
operator.post("/v1/keys/rotate", (context) => alone(context, rotateKeys));

/** `{ "name"?, "withholds": [] }`: what the organization has bought. Nobody in the organization can change or prevent it. */
operator.put("/v1/plan", (context) =>
  alone(context, async () => {
    const { type, ...plan } = await jsonObject(context);
    if (type !== undefined) throw new Problem("invalid_command", "type: a plan has no such field", { path: "type" });
    return context.json(unwrap(await organizationOf(context).setPlan(plan as unknown as SetPlan)));
  }),
);

/** For the operator of a single organization. In a deployment for many, these addresses do not exist at the hosts of organizations. */
function alone(context: Ctx, answer: (context: Ctx) => Promise<Response>): Promise<Response> {
  const { env } = context;
  requireBearer(context, singleOrganization(env) ? env.OPERATOR_TOKEN : undefined);
  return answer(context);
}

/** Founds the organization with the facts in the body. */
export async function found(context: Ctx): Promise<Response> {
  return context.json(unwrap(await organizationOf(context).found(new Uint8Array(await jsonBytes(context, MAX_FACTS)))), 201);
}

/** The organization with its whole history, as lines of JSON. */
export async function exported(context: Ctx): Promise<Response> {
  return new Response(unwrap(await organizationOf(context).export()), { headers: { "Content-Type": NDJSON } });
}

/** Makes the organization from the lines of an export in the body. */
export async function imported(context: Ctx): Promise<Response> {
  requireLines(context);
  const { body } = context.req.raw;
  if (!body) throw new Problem("bad_request", "there is no body");
  return context.json(unwrap(await organizationOf(context).import(body)), 201);
}

/**
 * `{}`: the storage was put back to an earlier state. `{ "at": 1790000000 }`: puts it back to that time first. In both cases a new epoch
 * begins, so that readers accept snapshots with lower versions than they have seen.
 */
export async function restored(context: Ctx): Promise<Response> {
  const { at, ...unknown } = await jsonObject(context);
  const known = at === undefined || (Number.isSafeInteger(at) && (at as number) > 0 && (at as number) < Date.now() / 1000);
  if (!known || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{}` or `{ "at": … }`, a time in the past in Unix seconds', { path: "at" });
  }
  if (at !== undefined) await goBack(context, at as number);
  // Its settings went back too, but those of the registry hold.
  if (!singleOrganization(context.env)) unwrap(await theRegistry(context.env).tellAgain(addressed(context).organization.id));
  return context.json(unwrap(await organizationOf(context).restored()));
}

/** The object stops without an answer when it goes back. So an answer is always the problem that kept it from doing so. */
async function goBack(context: Ctx, at: number): Promise<void> {
  const outcome = await organizationOf(context).goBack(at).catch(report);
  if (outcome) unwrap(outcome);
}

/** `{}`: a new key, which signs after ten minutes. `{ "at_once": true }`: it signs now, and the other keys are withdrawn. */
export async function rotateKeys(context: Ctx): Promise<Response> {
  const { at_once: atOnce = false, ...unknown } = await jsonObject(context);
  if (typeof atOnce !== "boolean" || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{}` or `{ "at_once": true }`', { path: "at_once" });
  }
  return context.json(unwrap(await organizationOf(context).rotateKeys(atOnce)));
}
