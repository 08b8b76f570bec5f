/**
 * The snapshots that the gate has in memory. Promises are never shared: a Worker's request may not await what another began. So whoever
 * asks the source marks that first, and the others go on with the copy.
 */
import { WicketgateError } from "../lib/error.js";
import { ownProperty } from "../lib/options.js";
import { EARLIEST, compareRevisions, laterOf, type Revision } from "../lib/revision.js";
import { open, openHead, type OpenSnapshot } from "../snapshot/snapshot.js";
import type { AssistantId } from "../lib/types.js";
import type { JwkSet } from "../wasm/wicketgate.js";
import { Copy } from "./copy.js";
import type { GateOptions, Token } from "./types.js";
import { unavailable, undecided } from "./unavailable.js";

/** Seconds before a source that failed, or has not answered yet, is asked again. */
const RETRY = 1;
/** Longest snapshot of an assistant, in bytes: ten thousand links and more. */
export const MAX_SNAPSHOT = 4 * 1024 * 1024;
/** Bytes of all copies' tokens together. Opened they take a few times as much, and an isolate has 128 MB for everything. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Admissions that are remembered of all copies together: each takes half a kilobyte and more, and whoever asks makes them up. */
const MAX_ADMISSIONS = 20_000;

/** What is known of an assistant. Without a copy: that there is none, or nothing yet. */
interface Entry {
  copy: Copy | undefined;
  /** When the source was asked that said this, and the how-manieth question that was: clocks are set back, questions are not. */
  confirmedAt: number;
  question: number;
  /** Since when, and until when it is not asked again. */
  askedAt: number;
  askAt: number;
  /** Why it failed when it was last asked. */
  failure: WicketgateError | undefined;
  /** What is over: what the distribution still has of then, or of earlier, is not taken. */
  over: Revision;
}

/** A question to the source: when it was put, and which one it is. */
interface Asked {
  at: number;
  question: number;
}

export type CopiesOptions = Required<
  Pick<
    GateOptions,
    "source" | "keys" | "issuer" | "audience" | "organization" | "revalidateAfter" | "grace" | "timeout" | "maxCopies" | "now"
  >
>;

export class Copies {
  readonly #options: CopiesOptions;
  /** Least recently used first. Those without a copy are apart, so that guessed ids put no copy out. */
  readonly #present = new Map<string, Entry>();
  readonly #absent = new Map<string, Entry>();
  #bytes = 0;
  readonly #room = { left: MAX_ADMISSIONS };
  #questions = 0;
  /** The authority's keys when they were last told. */
  #keys: JwkSet | undefined;

  constructor(options: CopiesOptions) {
    this.#options = options;
  }

  /**
   * Hands the copy over, or nothing if there is no such assistant. It is to be used at once: later it may be freed.
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
    return this.#ask(assistant, this.#asked(), use);
  }

  /**
   * The same, once the authority itself has said that the copy is current.
   * @throws {WicketgateError} `unavailable`, without grace
   */
  async consult<T>(assistant: AssistantId, use: (copy: Copy | undefined) => T): Promise<T> {
    const { now, source } = this.#options;
    const authority = ownProperty(source, "authority") as GateOptions["source"]["authority"];
    if (authority === undefined) throw unavailable("there is no authority to ask");
    const began = this.#asked();
    // What is over when the authority says so: not what was learned while it answered.
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

  async #ask<T>(assistant: AssistantId, began: Asked, use: (copy: Copy | undefined) => T): Promise<T> {
    const { now, source } = this.#options;
    try {
      const [token, keys] = await this.#within((signal) => Promise.all([source.read(assistant, signal), this.#currentKeys(false)]));
      if (token === undefined) this.#missing(assistant, began);
      else if (!this.#same(assistant, token, began)) this.#take(assistant, await this.#open(assistant, token, keys), began);
    } catch (error) {
      const entry = this.#failed(assistant, began, undecided(error));
      if (!this.#usable(entry, now())) throw undecided(error);
    }
    // Nothing has been awaited since it was kept, so it is there.
    return use(this.#find(assistant)?.copy);
  }

  /** Whether the source has what there is in memory already. */
  #same(assistant: AssistantId, token: Token, began: Asked): boolean {
    const entry = this.#present.get(assistant);
    if (!entry?.copy?.isOf(token)) return false;
    if (!entry.copy.valid(this.#options.now())) throw new WicketgateError("expired", "the snapshot has expired");
    this.#confirm(entry, began);
    return true;
  }

  /** Takes what the source has, unless something later is known. */
  #take(assistant: AssistantId, copy: Copy, began: Asked): void {
    const entry = this.#find(assistant);
    const old = entry?.copy;
    if (entry === undefined || old?.isBefore(copy)) return this.#keep(assistant, copy, began);
    if (old === undefined) {
      if (entry.question <= began.question && compareRevisions(copy.revision, entry.over) > 0)
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

  /** The source has nothing, unless somebody has been told of something since. */
  #missing(assistant: AssistantId, began: Asked): void {
    const entry = this.#find(assistant);
    if (entry?.copy !== undefined && entry.question > began.question) return;
    // What is older than what there was does not come in its place.
    const { epoch, version } = entry?.copy?.revision ?? { ...EARLIEST, version: 1 };
    this.#end(assistant, began, { epoch, version: version - 1 });
  }

  #keep(assistant: AssistantId, copy: Copy, began: Asked): void {
    this.#drop(assistant);
    this.#absent.delete(assistant);
    this.#bytes += copy.bytes;
    this.#present.set(assistant, this.#entry(began, copy));
    for (const [oldest] of this.#present) {
      if (this.#present.size <= this.#options.maxCopies && this.#bytes <= MAX_BYTES) break;
      this.#drop(oldest);
    }
  }

  #end(assistant: AssistantId, began: Asked, over: Revision): void {
    this.#drop(assistant);
    this.#setAbsent(assistant, {
      ...this.#entry(began, undefined),
      over: laterOf(over, this.#absent.get(assistant)?.over ?? EARLIEST),
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

  #asked(): Asked {
    return { at: this.#options.now(), question: ++this.#questions };
  }

  #entry({ at, question }: Asked, copy: Copy | undefined): Entry {
    return {
      copy,
      confirmedAt: at,
      question,
      askedAt: at,
      askAt: at + this.#options.revalidateAfter,
      failure: undefined,
      over: EARLIEST,
    };
  }

  #confirm(entry: Entry, began: Asked): void {
    if (entry.question > began.question) return;
    Object.assign(entry, { ...this.#entry(began, entry.copy), over: entry.over });
  }

  /** Remembers the failure, unless the source has answered somebody else since. By itself it is no answer, to no question. */
  #failed(assistant: AssistantId, began: Asked, failure: WicketgateError): Entry {
    let entry = this.#find(assistant);
    if (entry === undefined)
      this.#setAbsent(assistant, (entry = { ...this.#entry(began, undefined), confirmedAt: -Infinity, question: 0 }));
    if (entry.question > began.question) return entry;
    entry.askedAt = this.#options.now();
    entry.askAt = entry.askedAt + RETRY;
    entry.failure = failure;
    return entry;
  }

  /** Frees the copy and forgets it. */
  #drop(assistant: AssistantId): void {
    const copy = this.#present.get(assistant)?.copy;
    if (copy === undefined) return;
    this.#present.delete(assistant);
    this.#bytes -= copy.bytes;
    copy.free();
  }

  /** The entry, as the one used last. */
  #find(assistant: AssistantId): Entry | undefined {
    const present = this.#present.get(assistant);
    const entry = present ?? this.#absent.get(assistant);
    if (entry === undefined) return undefined;
    const entries = present ? this.#present : this.#absent;
    entries.delete(assistant);
    entries.set(assistant, entry);
    return entry;
  }

  /** Whether it was confirmed lately enough, and counts. */
  #usable({ confirmedAt, copy }: Entry, now: number): boolean {
    const { grace, revalidateAfter } = this.#options;
    const age = Math.abs(now - confirmedAt);
    return (age < revalidateAfter || age <= grace) && (copy === undefined || copy.valid(now));
  }

  async #open(assistant: AssistantId, token: Token, keys: JwkSet, least = EARLIEST): Promise<Copy> {
    return this.#verified(keys, async (verifying) => {
      const snapshot = (await open(token, {
        ...this.#expected(verifying),
        minEpoch: least.epoch,
        minVersion: least.version,
        maxBytes: MAX_SNAPSHOT,
      })) as OpenSnapshot;
      try {
        const copy = new Copy(assistant, token, verifying, snapshot, this.#room);
        if (snapshot.scope !== "gate") throw new WicketgateError("wrong_scope", "expected a gate snapshot");
        if (!copy.fits) throw new WicketgateError("wrong_assistant", "the snapshot is about another assistant");
        // Others may have been told of newer keys since the question began.
        if (!copy.isSignedBy(this.#keys!)) throw new WicketgateError("unknown_key", "the key has been withdrawn");
        return copy;
      } catch (error) {
        snapshot.free();
        throw error;
      }
    });
  }

  async #openHead(assistant: AssistantId, token: Token, keys: JwkSet): Promise<Revision> {
    const head = await this.#verified(keys, (verifying) => openHead(token, this.#expected(verifying)));
    if (ownProperty(head, "assistant") !== assistant)
      throw new WicketgateError("wrong_assistant", "the head is about another assistant");
    return { epoch: 0, ...head };
  }

  #expected(keys: JwkSet) {
    const { issuer, audience, organization, now } = this.#options;
    return { keys, issuer, audience, organization, now };
  }

  /** Verifies something else that the authority signed, with its keys of now. */
  async verified<T>(verify: (keys: JwkSet) => Promise<T>): Promise<T> {
    return this.#verified(await this.#within(() => this.#currentKeys(false)), verify);
  }

  /** With the keys, and once more with newer ones where one is unknown. */
  async #verified<T>(keys: JwkSet, verify: (keys: JwkSet) => Promise<T>): Promise<T> {
    try {
      return await verify(keys);
    } catch (error) {
      if (!(error instanceof WicketgateError) || error.code !== "unknown_key") throw error;
      return verify(await this.#within(() => this.#currentKeys(true)));
    }
  }

  /** The authority's keys. Copies under a key that is not among them any more are dropped: the authority does not vouch for them. */
  async #currentKeys(newer: boolean): Promise<JwkSet> {
    const keys = await this.#options.keys({ newer });
    if (keys !== this.#keys) {
      for (const [assistant, { copy }] of this.#present) if (!copy!.isSignedBy(keys)) this.#drop(assistant);
      this.#keys = keys;
    }
    return keys;
  }

  /** Waits for an answer as long as it may take. */
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
