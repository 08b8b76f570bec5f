// A gate for each organization, chosen by the request's host. Each keeps its own snapshots and keys; together they are bounded.
import type { Gate } from "wicketgate/gate";
import { KnownHosts, TooManyHosts } from "../shared/known-hosts";
import type { Env } from "./env";
import { makeGate, type Place } from "./gate";
import { Problem } from "./problem";

/** Gates in memory. One without snapshots takes a few kilobytes. */
const MOST_GATES = 1000;
/** Snapshots in memory, of all gates together: some 36 MB of an isolate's 128. */
const MOST_COPIES = 10_000;
/** Bytes of all these snapshots as tokens. Opened, they take a few times as much. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Milliseconds between two looks at the memory of all gates. */
const LOOK = 1000;
/** Milliseconds that the authority has for an answer, as for the sources of the package. */
const PATIENCE = 2000;
/** Characters of an answer about an organization. */
const LONGEST = 4096;

/** The organization of a request, with its gate. */
export interface Opened {
  organization: string;
  gate: Gate;
  /** The origin at which its authority is asked. */
  authority: string;
}

interface Asked {
  id: string;
  issuer: string;
  suspended: boolean;
}

/** One for each isolate and configuration. */
let cached: { env: Env; gates: Gates } | undefined;

/** @throws Problem `not_found`, `unavailable`. @throws Error if the configuration is invalid */
export function openedFor(env: Env, request: Request): Promise<Opened> {
  if (cached?.env !== env) cached = { env, gates: new Gates(env) };
  return cached.gates.opened(request);
}

class Gates {
  readonly #env: Env;
  readonly #hosts = new KnownHosts<Asked>();
  /** By organization and host. Least recently used first. */
  readonly #gates = new Map<string, Opened>();
  #lookedAt = 0;

  constructor(env: Env) {
    this.#env = env;
  }

  async opened(request: Request): Promise<Opened> {
    const { ORGANIZATION, ISSUER = "", PASS_ISSUER = "" } = this.#env;
    // Any host will do.
    if (ORGANIZATION)
      return this.#gate({ organization: ORGANIZATION, issuer: ISSUER, passIssuer: PASS_ISSUER, authority: "https://authority" });
    const { origin, host } = new URL(request.url);
    const { id, issuer, suspended } = await this.#find(host, origin);
    if (suspended) throw new Problem("unavailable", "this organization is suspended");
    return this.#gate({ organization: id, issuer, passIssuer: issuer, authority: origin });
  }

  async #find(host: string, origin: string): Promise<Asked> {
    try {
      const found = await this.#hosts.find(host, () => this.#ask(origin));
      if (found) return found;
    } catch (error) {
      if (!(error instanceof TooManyHosts)) throw error;
      throw new Problem("unavailable");
    }
    throw new Problem("not_found", "no organization is reached at this host");
  }

  /** Asks the authority which organization is reached at a host. */
  async #ask(origin: string): Promise<Asked | undefined> {
    const response = await this.#env.AUTHORITY.fetch(`${origin}/v1/organization`, { signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    const answer = JSON.parse(text.slice(0, LONGEST)) as { id?: unknown; issuer?: unknown; code?: unknown };
    // At the apex there is no organization.
    if (answer.code === "unknown_organization" || answer.code === "not_found") return undefined;
    if (answer.code === "organization_suspended") return { id: "", issuer: "", suspended: true };
    if (!response.ok || typeof answer.id !== "string" || typeof answer.issuer !== "string")
      throw new Error("the authority does not say");
    return { id: answer.id, issuer: answer.issuer, suspended: false };
  }

  #gate(place: Place): Opened {
    const key = `${place.organization} ${place.authority}`;
    const opened = this.#gates.get(key) ?? {
      organization: place.organization,
      gate: makeGate(this.#env, place),
      authority: place.authority,
    };
    this.#gates.delete(key);
    this.#gates.set(key, opened);
    this.#makeRoom();
    return opened;
  }

  /** Drops the gates that were used least recently, until the others fit. The last one stays: it is bounded by itself. */
  #makeRoom(): void {
    const now = Date.now();
    if (this.#gates.size <= MOST_GATES && Math.abs(now - this.#lookedAt) < LOOK) return;
    this.#lookedAt = now;
    let [copies, bytes] = [0, 0];
    for (const { gate } of this.#gates.values()) {
      copies += gate.memory.copies;
      bytes += gate.memory.bytes;
    }
    for (const [key, { gate }] of this.#gates) {
      if (this.#gates.size === 1 || (this.#gates.size <= MOST_GATES && copies <= MOST_COPIES && bytes <= MOST_BYTES)) return;
      copies -= gate.memory.copies;
      bytes -= gate.memory.bytes;
      this.#gates.delete(key);
      gate.clear();
    }
  }
}
