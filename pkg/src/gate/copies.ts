/**
 * The gate snapshots in memory, and the requests that keep them current. Promises are never shared, because one request of a Worker may not await
 * the I/O of another. Instead, the request that asks the source marks the entry first, and the other requests go on with the copy.
 */
import { WicketgateError } from "../lib/error.js";
import { ownProperty } from "../lib/options.js";
import { EARLIEST, compareRevisions, laterOf, type Revision } from "../lib/revision.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import type { AssistantId } from "../lib/types.js";
import type { JwkSet } from "../wasm/wicketgate.js";
import { Copy } from "./copy.js";
import { opening } from "./opening.js";
import type { GateOptions, Token } from "./types.js";
import { unavailable, undecided } from "./unavailable.js";

/** Seconds before the source is asked again after a failure, or while it has not answered yet. */
const RETRY = 1;
/** Longest gate snapshot, in bytes: enough for more than ten thousand links. */
export const MAX_SNAPSHOT = 4 * 1024 * 1024;
/** Bytes of all tokens in memory. Opened, they take a few times as much, and an isolate has 128 MB in all. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Admissions that all copies together remember. Each takes half a kilobyte or more, and visitors can cause any number of them. */
const MAX_ADMISSIONS = 20_000;

/** The knowledge about one assistant. Without a copy: the assistant is not public, or nothing is known yet. */
interface Entry {
  copy: Copy | undefined;
  /** Time and sequence number of the request that confirmed this. Answers are ordered by the number, because the clock may be set back. */
  confirmedAt: number;
  sequence: number;
  /** Start and end of the period in which the source is not asked again. */
  askedAt: number;
  askAt: number;
  /** The error of the last request, if it failed. */
  failure: WicketgateError | undefined;
  /** The assistant stopped being public at this revision: snapshots of it or earlier, which the distribution may still have, are not taken. */
  ended: Revision;
}

/** A request to the source: its time, and its sequence number. */
interface Inquiry {
  at: number;
  sequence: number;
}

export type CopiesOptions = Required<
  Pick<
    GateOptions,
    "source" | "keys" | "issuer" | "audience" | "organization" | "revalidateAfter" | "grace" | "timeout" | "maxCopies" | "now"
  >
>;

export class Copies {
  readonly #options: CopiesOptions;
  /** Least recently used first. Entries without a copy have a map of their own, so that guessed ids evict no copy. */
  readonly #present = new Map<string, Entry>();
  readonly #absent = new Map<string, Entry>();
  #bytes = 0;
  readonly #room = { left: MAX_ADMISSIONS };
  #sequence = 0;
  /** The authority's keys as last received. */
  #keys: JwkSet | undefined;

  constructor(options: CopiesOptions) {
    this.#options = options;
  }

  /**
   * Calls `use` with the copy, or with undefined if the assistant is not public. Use the copy at once: later it may be freed.
   * @throws {WicketgateError} `unavailable`
   */
  read<T>(assistant: AssistantId, use: (copy: Copy | undefined) => T): T | Promise<T> {
    const now = this.#options.now();
    const entry = this.#find(assistant);
    if (entry !== undefined) {
      if (now >= entry.askedAt && now < entry.askAt) {
        if (this.#usable(entry, now)) return use(entry.copy);
        if (entry.failure !== undefined) throw entry.failure;
      } else {
        entry.askedAt = now;
        entry.askAt = now + RETRY;
      }
    }
    return this.#ask(assistant, this.#begin(), use);
  }

  /**
   * Like {@link Copies.read}, after the authority itself has confirmed that the copy is current.
   * @throws {WicketgateError} `unavailable`, without a grace period
   */
  async consult<T>(assistant: AssistantId, use: (copy: Copy | undefined) => T): Promise<T> {
    const { now, source } = this.#options;
    const authority = ownProperty(source, "authority") as GateOptions["source"]["authority"];
    if (authority === undefined) throw unavailable("there is no authority to ask");
    const began = this.#begin();
    // If the answer is "not public", this revision has ended. A copy that arrives meanwhile is later.
    const known = this.#present.get(assistant)?.copy?.revision ?? EARLIEST;
    try {
      const [head, keys] = await this.#within((signal) =>
        Promise.all([authority.head(assistant, signal), this.#currentKeys(false)]),
      );
      if (head === undefined) {
        this.#end(assistant, began, known);
        return use(undefined);
      }
      const current = await this.#openHead(assistant, head, keys);
      const entry = this.#find(assistant);
      if (entry?.copy !== undefined && compareRevisions(entry.copy.revision, current) >= 0 && entry.copy.valid(now())) {
        this.#confirm(entry, began);
        return use(entry.copy);
      }
      const token = await this.#within((signal) => authority.snapshot(assistant, signal));
      if (token === undefined) {
        this.#end(assistant, began, known);
        return use(undefined);
      }
      const copy = await this.#open(assistant, token, keys, current);
      if (this.#present.get(assistant)?.copy?.isBefore(copy) ?? true) this.#keep(assistant, copy, began);
      else copy.free();
      return use(this.#find(assistant)?.copy);
    } catch (error) {
      throw undecided(error);
    }
  }

  async #ask<T>(assistant: AssistantId, began: Inquiry, use: (copy: Copy | undefined) => T): Promise<T> {
    const { now, source } = this.#options;
    try {
      const [token, keys] = await this.#within((signal) => Promise.all([source.read(assistant, signal), this.#currentKeys(false)]));
      if (token === undefined) this.#missing(assistant, began);
      else if (!this.#same(assistant, token, began)) this.#take(assistant, await this.#open(assistant, token, keys), began);
    } catch (error) {
      const entry = this.#failed(assistant, began, undecided(error));
      if (!this.#usable(entry, now())) throw undecided(error);
    }
    // Nothing was awaited since the entry was stored, so it exists.
    return use(this.#find(assistant)?.copy);
  }

  /** Whether the source has the token that is in memory already. Then the entry is confirmed. */
  #same(assistant: AssistantId, token: Token, began: Inquiry): boolean {
    const entry = this.#present.get(assistant);
    if (!entry?.copy?.isOf(token)) return false;
    if (!entry.copy.valid(this.#options.now())) throw new WicketgateError("expired", "the snapshot has expired");
    this.#confirm(entry, began);
    return true;
  }

  /** Takes the snapshot of the source, unless a later one is known. */
  #take(assistant: AssistantId, copy: Copy, began: Inquiry): void {
    const entry = this.#find(assistant);
    const old = entry?.copy;
    if (entry === undefined || old?.isBefore(copy)) return this.#keep(assistant, copy, began);
    if (old === undefined) {
      if (entry.sequence <= began.sequence && compareRevisions(copy.revision, entry.ended) > 0)
        return this.#keep(assistant, copy, began);
      copy.free();
      return this.#confirm(entry, began);
    }
    const { revision } = copy;
    copy.free();
    if (compareRevisions(revision, old.revision) < 0)
      throw new WicketgateError("rolled_back", `version ${revision.version} is older than ${old.revision.version}`);
    this.#confirm(entry, began);
  }

  /** The source has no snapshot. A later answer of the authority counts more. */
  #missing(assistant: AssistantId, began: Inquiry): void {
    const entry = this.#find(assistant);
    if (entry?.copy !== undefined && entry.sequence > began.sequence) return;
    // Older snapshots than the present copy must not come back.
    const { epoch, version } = entry?.copy?.revision ?? { ...EARLIEST, version: 1 };
    this.#end(assistant, began, { epoch, version: version - 1 });
  }

  #keep(assistant: AssistantId, copy: Copy, began: Inquiry): void {
    this.#drop(assistant);
    this.#absent.delete(assistant);
    this.#bytes += copy.bytes;
    this.#present.set(assistant, this.#entry(began, copy));
    for (const [oldest] of this.#present) {
      if (this.#present.size <= this.#options.maxCopies && this.#bytes <= MAX_BYTES) break;
      this.#drop(oldest);
    }
  }

  #end(assistant: AssistantId, began: Inquiry, ended: Revision): void {
    this.#drop(assistant);
    this.#setAbsent(assistant, {
      ...this.#entry(began, undefined),
      ended: laterOf(ended, this.#absent.get(assistant)?.ended ?? EARLIEST),
    });
  }

  #setAbsent(assistant: AssistantId, entry: Entry): void {
    this.#absent.delete(assistant);
    this.#absent.set(assistant, entry);
    for (const [oldest] of this.#absent) {
      if (this.#absent.size <= this.#options.maxCopies) break;
      this.#absent.delete(oldest);
    }
  }

  #begin(): Inquiry {
    return { at: this.#options.now(), sequence: ++this.#sequence };
  }

  #entry({ at, sequence }: Inquiry, copy: Copy | undefined): Entry {
    return {
      copy,
      confirmedAt: at,
      sequence,
      askedAt: at,
      askAt: at + this.#options.revalidateAfter,
      failure: undefined,
      ended: EARLIEST,
    };
  }

  #confirm(entry: Entry, began: Inquiry): void {
    if (entry.sequence > began.sequence) return;
    Object.assign(entry, { ...this.#entry(began, entry.copy), ended: entry.ended });
  }

  /** Remembers the failure, unless the source has answered a later request. A failure confirms nothing: it has no sequence number of its own. */
  #failed(assistant: AssistantId, began: Inquiry, failure: WicketgateError): Entry {
    let entry = this.#find(assistant);
    if (entry === undefined)
      this.#setAbsent(assistant, (entry = { ...this.#entry(began, undefined), confirmedAt: -Infinity, sequence: 0 }));
    if (entry.sequence > began.sequence) return entry;
    entry.askedAt = this.#options.now();
    entry.askAt = entry.askedAt + RETRY;
    entry.failure = failure;
    return entry;
  }

  get memory(): { copies: number; bytes: number } {
    return { copies: this.#present.size, bytes: this.#bytes };
  }

  clear(): void {
    for (const assistant of [...this.#present.keys()]) this.#drop(assistant);
    this.#absent.clear();
  }

  /** Frees the copy and removes its entry. */
  #drop(assistant: AssistantId): void {
    const copy = this.#present.get(assistant)?.copy;
    if (copy === undefined) return;
    this.#present.delete(assistant);
    this.#bytes -= copy.bytes;
    copy.free();
  }

  /** The entry, marked as used most recently. */
  #find(assistant: AssistantId): Entry | undefined {
    const present = this.#present.get(assistant);
    const entry = present ?? this.#absent.get(assistant);
    if (entry === undefined) return undefined;
    const entries = present ? this.#present : this.#absent;
    entries.delete(assistant);
    entries.set(assistant, entry);
    return entry;
  }

  /** Whether the entry was confirmed recently enough and has not expired. */
  #usable({ confirmedAt, copy }: Entry, now: number): boolean {
    const { grace, revalidateAfter } = this.#options;
    const age = Math.abs(now - confirmedAt);
    return (age < revalidateAfter || age <= grace) && (copy === undefined || copy.valid(now));
  }

  async #open(assistant: AssistantId, token: Token, keys: JwkSet, least = EARLIEST): Promise<Copy> {
    return this.#verified(keys, async (verifying) => {
      const snapshot = (await opening.open(token, {
        ...this.#expected(verifying),
        minEpoch: least.epoch,
        minVersion: least.version,
        maxBytes: MAX_SNAPSHOT,
      })) as OpenSnapshot;
      try {
        const copy = new Copy(assistant, token, verifying, snapshot, this.#room);
        if (snapshot.scope !== "gate") throw new WicketgateError("wrong_scope", "expected a gate snapshot");
        if (!copy.fits) throw new WicketgateError("wrong_assistant", "the snapshot is about another assistant");
        // Another request may have received newer keys meanwhile.
        if (!copy.isSignedBy(this.#keys!)) throw new WicketgateError("unknown_key", "the key has been withdrawn");
        return copy;
      } catch (error) {
        snapshot.free();
        throw error;
      }
    });
  }

  async #openHead(assistant: AssistantId, token: Token, keys: JwkSet): Promise<Revision> {
    const head = await this.#verified(keys, (verifying) => opening.openHead(token, this.#expected(verifying)));
    if (ownProperty(head, "assistant") !== assistant)
      throw new WicketgateError("wrong_assistant", "the head is about another assistant");
    return { epoch: 0, ...head };
  }

  #expected(keys: JwkSet) {
    const { issuer, audience, organization, now } = this.#options;
    return { keys, issuer, audience, organization, now };
  }

  /** Verifies another token of the authority with its present keys. */
  async verified<T>(verify: (keys: JwkSet) => Promise<T>): Promise<T> {
    return this.#verified(await this.#within(() => this.#currentKeys(false)), verify);
  }

  /** Verifies with the keys, and once more with newer ones if the `kid` is unknown. */
  async #verified<T>(keys: JwkSet, verify: (keys: JwkSet) => Promise<T>): Promise<T> {
    try {
      return await verify(keys);
    } catch (error) {
      if (!(error instanceof WicketgateError) || error.code !== "unknown_key") throw error;
      return verify(await this.#within(() => this.#currentKeys(true)));
    }
  }

  /** The authority's keys. Copies that a withdrawn key signed are dropped. */
  async #currentKeys(newer: boolean): Promise<JwkSet> {
    const keys = await this.#options.keys({ newer });
    if (keys !== this.#keys) {
      for (const [assistant, { copy }] of this.#present) if (!copy!.isSignedBy(keys)) this.#drop(assistant);
      this.#keys = keys;
    }
    return keys;
  }

  /** Waits for an answer until the timeout. */
  async #within<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    let timer;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        abort.abort();
        reject(unavailable("no answer in time"));
      }, this.#options.timeout);
    });
    try {
      return await Promise.race([ask(abort.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
