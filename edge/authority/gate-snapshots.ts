// Publishes what the gate needs: one small snapshot per public assistant, so that the cost of
// opening a link does not grow with the organization. Nothing about people is in them.
import { issue } from "wicketgate/authority";
import { readDirectory } from "./directory";
import type { Env } from "./env";
import { signingKey } from "./keys";

export const GATE_AUDIENCE = "wicketgate-gate";

/** Seconds. The schedule renews well within it; what is no longer renewed closes by itself. */
const LIFETIME = 60 * 60;

export async function publishGateSnapshots(env: Env): Promise<void> {
  const { version, facts } = await readDirectory(env);
  const key = signingKey(env);
  const document = JSON.stringify(facts);
  const open = new Set<string>();

  for (const { id, accessibility } of facts.assistants ?? []) {
    if (accessibility !== "public") continue;
    const token = await issue(document, {
      key,
      issuer: env.ISSUER,
      audience: GATE_AUDIENCE,
      expiresIn: LIFETIME,
      version,
      scope: { gate: [id] },
    });
    await env.GATE.put(entry(id), token, { expirationTtl: LIFETIME });
    open.add(entry(id));
  }

  // An assistant that is no longer public closes now, and not only when its snapshot expires.
  let cursor: string | undefined;
  do {
    const page = await env.GATE.list({ prefix: entry(""), ...(cursor !== undefined && { cursor }) });
    for (const { name } of page.keys) if (!open.has(name)) await env.GATE.delete(name);
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor !== undefined);
}

function entry(assistant: string): string {
  return `gate:${assistant}`;
}
