// Decides whether a visitor may come in, with the authority's snapshot of the one assistant they ask for.
import { type CapabilityOf, type Denied, open, type Snapshot, WicketgateError } from "wicketgate";
import type { Env } from "./env";
import { authorityKeys, newerKeys } from "./keys";

const GATE_AUDIENCE = "wicketgate-gate";
const ASSISTANT_ID = /^[A-Za-z0-9_.:@-]{1,128}$/;

/** What the visitor has in hand. Never both: a link is a person's, an origin is a site's. */
export type Visitor = { link: string } | { origin: string } | Record<never, never>;

export type Admission =
  | { outcome: "admitted"; name: string; can: (capability: CapabilityOf<"assistant">) => boolean }
  | { outcome: "denied"; reason: Denied }
  /** Unknown and not public alike: a visitor does not learn which. */
  | { outcome: "absent" };

/** Throws when it cannot be decided (storage, keys, a snapshot that does not verify): the caller must then let nobody in. */
export async function admit(env: Env, assistant: string, visitor: Visitor): Promise<Admission> {
  if (!ASSISTANT_ID.test(assistant)) return { outcome: "absent" };
  const token = await env.GATE.get(`gate:${assistant}`);
  if (token === null) return { outcome: "absent" };

  using snapshot = await openGateSnapshot(env, token);
  using principal = snapshot.as(visitor);
  const decision = principal.check("assistant.chat", assistant);
  if (!decision.allowed) {
    return decision.denied === "unknown_target" ? { outcome: "absent" } : { outcome: "denied", reason: decision.denied };
  }
  const name = snapshot.facts().assistants?.find(({ id }) => id === assistant)?.name ?? assistant;
  const held = new Set(principal.capabilities(assistant));
  return { outcome: "admitted", name, can: (capability) => held.has(capability) };
}

async function openGateSnapshot(env: Env, token: string): Promise<Snapshot> {
  // No minVersion: storage is eventually consistent, so an older version may arrive after a newer one. The lifetime bounds it.
  const options = { issuer: env.ISSUER, audience: GATE_AUDIENCE, organization: env.ORGANIZATION };
  try {
    return await open(token, { ...options, keys: await authorityKeys(env) });
  } catch (error) {
    const keys = error instanceof WicketgateError && error.code === "unknown_key" && (await newerKeys(env));
    if (!keys) throw error;
    return open(token, { ...options, keys });
  }
}
