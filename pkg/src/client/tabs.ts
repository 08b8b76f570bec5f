/** The clients of one person in one browser: one of them holds the connection, all share what it brings. */
import type { Relayed } from "./messages.js";

export class Tabs {
  #channel: BroadcastChannel | undefined;
  #end: (() => void) | undefined;

  /** Calls `lead` when the connection is this one's to hold: at once, where nothing can be shared. */
  constructor(name: string, share: boolean, lead: () => void, receive: (message: unknown) => void) {
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    if (!share || locks === undefined || typeof BroadcastChannel !== "function") {
      lead();
      return;
    }
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => receive(data);
    const ended = new Promise<void>((resolve) => (this.#end = resolve));
    const waiting = new AbortController();
    void ended.then(() => waiting.abort());
    const leadUntilEnd = () => {
      if (this.#end === undefined) return;
      lead();
      return ended;
    };
    // Where locks are refused, everybody leads.
    locks.request(name, { signal: waiting.signal }, leadUntilEnd).catch(leadUntilEnd);
  }

  /** Tells the others. */
  post(message: Relayed): void {
    this.#channel?.postMessage(message);
  }

  /** Leaves; whoever is next takes the connection over. */
  close(): void {
    this.#channel?.close();
    this.#end?.();
    this.#end = undefined;
  }
}
