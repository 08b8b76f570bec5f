/** The gate snapshot of one assistant in memory, with the facts that the gate needs. */
import { ownProperty } from "../lib/options.js";
import { compareRevisions, type Revision } from "../lib/revision.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import type { AssistantId } from "../lib/types.js";
import type { Assistant, JwkSet } from "../wasm/wicketgate.js";
import type { Admitted, Token } from "./types.js";

/** Admissions that one copy remembers: one for each site and each link. */
const MAX_ADMISSIONS = 1000;

export class Copy {
  readonly snapshot: OpenSnapshot;
  /** The assistant's name, if it has one. */
  readonly name: string | undefined;
  /** Origin patterns that may embed it, from the facts. */
  readonly origins: readonly string[];
  /** Whether the snapshot is about this assistant: its facts name it, or no assistant, because it is not public. */
  readonly fits: boolean;
  /** Length of the token, in bytes. */
  readonly bytes: number;
  /** The directive `frame-ancestors`, once it was asked for. */
  ancestors: string | undefined;
  readonly #admissions = new Map<string, Admitted>();
  #epoch: number | undefined;
  readonly #token: Token;
  readonly #kid: string;
  readonly #x: string | undefined;
  readonly #room: { left: number };

  /** @param room the number of admissions that all copies together may still remember */
  constructor(assistant: AssistantId, token: Token, keys: JwkSet, snapshot: OpenSnapshot, room: { left: number }) {
    const facts = factsOf(snapshot, assistant);
    this.snapshot = snapshot;
    this.name = nameOf(facts);
    this.origins = (ownProperty(ownProperty(facts, "embed"), "origins") as string[] | undefined) ?? [];
    this.fits = facts !== undefined || assistantsOf(snapshot).length === 0;
    this.bytes = lengthOf(token);
    this.#room = room;
    this.#token = token;
    this.#kid = kidOf(token);
    this.#x = keyOf(keys, this.#kid);
  }

  /** Revision of its facts. */
  get revision(): Revision {
    const { epoch, version } = this.snapshot;
    return { epoch, version };
  }

  /** The earlier admission for this origin, or for the key of this digest; undefined once something has expired. */
  remembered(by: "embed" | "link", value: string, now: number): Admitted | undefined {
    const { epoch } = this.snapshot.validity(now);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#forget();
    }
    return this.#admissions.get(`${by} ${value}`);
  }

  remember(admission: Admitted): void {
    const { obtained } = admission;
    if (obtained.by === "member") return;
    if (this.#admissions.size >= MAX_ADMISSIONS || this.#room.left === 0) this.#forget();
    if (this.#room.left === 0) return;
    this.#admissions.set(obtained.by === "embed" ? `embed ${obtained.origin}` : `link ${obtained.digest}`, admission);
    this.#room.left -= 1;
  }

  #forget(): void {
    this.#room.left += this.#admissions.size;
    this.#admissions.clear();
  }

  /** Whether it has not expired. */
  valid(now: number): boolean {
    return now < this.snapshot.expiresAt;
  }

  /** Whether this copy was opened from the token. */
  isOf(token: Token): boolean {
    const own = this.#token;
    if (typeof own === "string" || typeof token === "string") return own === token;
    return own.signature === token.signature && samePayload(own.payload, token.payload);
  }

  /** Whether another copy may replace this one: its facts are later, or the same and valid for at least as long. */
  isBefore({ revision, snapshot }: Copy): boolean {
    const later = compareRevisions(revision, this.revision);
    return later === 0 ? snapshot.expiresAt >= this.snapshot.expiresAt : later > 0;
  }

  /** Whether the key that verified it is still in the JWK Set. */
  isSignedBy(keys: JwkSet): boolean {
    return keyOf(keys, this.#kid) === this.#x;
  }

  free(): void {
    this.#forget();
    this.snapshot.free();
  }
}

function assistantsOf(snapshot: OpenSnapshot): Assistant[] {
  return (ownProperty(snapshot.facts(), "assistants") as Assistant[] | undefined) ?? [];
}

/** The facts of an assistant in a snapshot. */
export function factsOf(snapshot: OpenSnapshot, assistant: AssistantId): Assistant | undefined {
  return assistantsOf(snapshot).find(({ id }) => id === assistant);
}

export function nameOf(facts: Assistant | undefined): string | undefined {
  return ownProperty(facts, "name") as string | undefined;
}

function lengthOf(token: Token): number {
  return typeof token === "string" ? token.length : token.payload.length + token.signature.length;
}

function samePayload(one: string | Uint8Array, other: string | Uint8Array): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** The `kid` of a verified token. */
function kidOf(token: Token): string {
  const text = typeof token === "string" ? token : token.signature;
  const header = text.slice(0, text.indexOf(".")).replaceAll("-", "+").replaceAll("_", "/");
  return (JSON.parse(atob(header)) as { kid: string }).kid;
}

function keyOf({ keys }: JwkSet, kid: string): string | undefined {
  return ownProperty(
    keys.find((key) => ownProperty(key, "kid") === kid),
    "x",
  ) as string | undefined;
}
