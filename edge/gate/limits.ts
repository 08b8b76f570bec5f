// Limits of pass requests, by the platform's rate limiter. It counts in each location separately.
import type { Env } from "./env";

/** Whether one more request may be answered. An address above its limit does not count against the assistant's other visitors. */
export async function withinLimits(env: Env, request: Request, organization: string, assistant: string): Promise<boolean> {
  const byAddress = await env.PASSES_BY_ADDRESS.limit({ key: network(request.headers.get("CF-Connecting-IP") ?? "") });
  if (!byAddress.success) return false;
  const byAssistant = await env.PASSES_BY_ASSISTANT.limit({ key: `${organization}:${assistant}` });
  return byAssistant.success;
}

/**
 * An IPv4 address, or the /64 network of an IPv6 address, because one customer of a provider has all 2^64 addresses of it. Parsed by hand: the
 * platform has validated the address, so only its spelling must be made uniform.
 */
function network(address: string): string {
  if (!address.includes(":")) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(zeros, 0)).fill("0"), ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
