// `POST /v1/passes`: passes for people whom the platform itself has signed in. The organization's object decides; the gate's keys sign.
import { Hono } from "hono";
import { PassSigner } from "wicketgate/pass";
import { type PassSettings, passOptions } from "../../shared/pass-options";
import { MEMBER } from "../lifetimes";
import { Problem, problemAtPath } from "../problem";
import type { PassAnswer } from "../wire";
import { asked } from "./caller";
import { addressed, type Ctx, type HttpEnv } from "./context";
import { bearerOf, jsonObject, refuseOthers } from "./requests";

/** Signers in memory, one for each organization. */
const MOST_SIGNERS = 1000;

export const passes = new Hono<HttpEnv>();

passes.post("/v1/passes", async (context) => {
  if (bearerOf(context) === undefined) throw new Problem("not_signed_in", "send an API key");
  const { user, assistant, ...unknown } = await jsonObject(context);
  refuseOthers(unknown);
  if (typeof user !== "string") throw problemAtPath("bad_request", "user", "expected the id of a user");
  if (typeof assistant !== "string") throw problemAtPath("bad_request", "assistant", "expected the id of an assistant");
  const {
    name,
    capabilities,
    version,
    until = Infinity,
  } = await asked(context, (organization, caller) => organization.access(caller, user, assistant));
  // The decision was true before its end, which may have come meanwhile.
  const now = Math.min(Date.now() / 1000, until - 1);
  const access = {
    assistant,
    capabilities,
    obtained: { by: "member", user } as const,
    version,
    // As long as a member's snapshot, and no longer than the grants that it is made of.
    until: Math.min(now + MEMBER, until),
  };
  const { pass, expiresIn } = await signerOf(context).sign(access, now);
  return context.json({ pass, expires_in: expiresIn, ...(name !== undefined && { name }), capabilities } satisfies PassAnswer);
});

let cached: { env: unknown; signers: Map<string, PassSigner> } | undefined;

/** @throws Problem `not_configured`. @throws Error if the configuration is invalid */
function signerOf(context: Ctx): PassSigner {
  const { env } = context;
  const { id, issuer } = addressed(context).organization;
  if (env.PASS_KEYS === undefined) throw new Problem("not_configured", "passes cannot be signed: set `PASS_KEYS`");
  if (cached?.env !== env || cached.signers.size > MOST_SIGNERS) cached = { env, signers: new Map() };
  let signer = cached.signers.get(id);
  if (!signer) {
    signer = new PassSigner(passOptions(env as PassSettings, env.ORGANIZATION ? (env.PASS_ISSUER ?? issuer) : issuer), id);
    cached.signers.set(id, signer);
  }
  return signer;
}
