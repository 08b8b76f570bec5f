/** The pages of one person in one browser: one of them leads and holds the connection, all share what it receives. */
import type { TabMessage } from "./messages.js";

export class Tabs {
  /** Whether this page holds the connection. */
  leads = false;
  #channel: BroadcastChannel | undefined;
  #end: (() => void) | undefined;

  /** Calls `lead` when this page becomes the leader: at once, where the platform cannot share. */
  constructor(name: string, share: boolean, lead: () => void, receive: (message: unknown) => void) {
    const becomeLeader = () => {
      this.leads = true;
      lead();
    };
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    if (!share || locks === undefined || typeof BroadcastChannel !== "function") {
      becomeLeader();
      return;
    }
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => receive(data);
    const ended = new Promise<void>((resolve) => (this.#end = resolve));
    const waiting = new AbortController();
    void ended.then(() => waiting.abort());
    const leadUntilEnd = () => {
      if (this.#end === undefined) return;
      becomeLeader();
      return ended;
    };
    // Where the browser refuses locks, every page leads.
    locks.request(name, { signal: waiting.signal }, leadUntilEnd).catch(leadUntilEnd);
  }

  /** Sends a message to the other pages. */
  post(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  /** Leaves; the next page in line becomes the leader. */
  close(): void {
    this.#channel?.close();
    this.#end?.();
    this.#end = undefined;
  }
}
