/** A snapshot of one assistant in memory, with what the gate takes from its facts. */
import { ownProperty } from "../lib/options.js";
import { compareRevisions, type Revision } from "../lib/revision.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import type { AssistantId } from "../lib/types.js";
import type { Assistant, JwkSet } from "../wasm/wicketgate.js";
import type { Admitted, Token } from "./types.js";

/** Admissions that are remembered of one copy: visitors of so many sites, holders of so many links. */
const MAX_ADMISSIONS = 1000;

export class Copy {
  readonly snapshot: OpenSnapshot;
  /** The assistant's name, if it has one. */
  readonly name: string | undefined;
  /** Where it may be embedded, as the facts say it. */
  readonly origins: readonly string[];
  /** Whether the facts name the assistant, or nobody: a snapshot of an assistant that is not public. */
  readonly fits: boolean;
  readonly bytes: number;
  /** Who may frame it, once somebody asked. */
  ancestors: string | undefined;
  readonly #admissions = new Map<string, Admitted>();
  #epoch: number | undefined;
  readonly #token: Token;
  readonly #kid: string;
  readonly #x: string | undefined;
  readonly #room: { left: number };

  /** @param room how many admissions more may be remembered, of all copies */
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

  /** Of when its facts are. */
  get revision(): Revision {
    const { epoch, version } = this.snapshot;
    return { epoch, version };
  }

  /** Who was admitted before with this origin, or with the key of this digest; until something expires. */
  remembered(by: "embed" | "link", what: string, now: number): Admitted | undefined {
    const { epoch } = this.snapshot.validity(now);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#forget();
    }
    return this.#admissions.get(`${by} ${what}`);
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

  /** Whether it may be used at this time. */
  valid(now: number): boolean {
    return now < this.snapshot.expiresAt;
  }

  /** Whether a token is the one that this was opened from. */
  isOf(token: Token): boolean {
    const own = this.#token;
    if (typeof own === "string" || typeof token === "string") return own === token;
    return own.signature === token.signature && samePayload(own.payload, token.payload);
  }

  /** Whether another says more than this, or the same in another form: the facts of a later version, or these ones for as long at least. */
  isBefore({ revision, snapshot }: Copy): boolean {
    const later = compareRevisions(revision, this.revision);
    return later === 0 ? snapshot.expiresAt >= this.snapshot.expiresAt : later > 0;
  }

  /** Whether the key that it was verified with is still one. */
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

/** What a snapshot's facts say of an assistant. */
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
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

/** Of a token that is verified: its header is what it should be. */
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
