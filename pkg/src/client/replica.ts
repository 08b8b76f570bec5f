/** The whole organization in a server's memory: the client, with somebody to ask and a version to wait for. */
import { WicketgateError } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import type { Principal } from "../snapshot/principal.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import type { Presented } from "../lib/types.js";
import { LiveClient } from "./live-client.js";
import type { Replica } from "./types.js";

/** Principals that are kept: each has answers of its own. */
const KEPT = 1000;
/** Seconds that a version may take. */
const TIMEOUT = 5;
/** Milliseconds of the longest timer: a longer one would end at once. */
const LONGEST = 2 ** 31 - 1;

export class WorkspaceClient extends LiveClient implements Replica {
  /** Of the present snapshot, by what was presented; the one that was asked for last at the end. */
  readonly #principals = new Map<string, Principal>();
  #of: OpenSnapshot | undefined;
  /** Ends each wait for a version. */
  readonly #waits = new Set<(error: WicketgateError) => void>();

  as(presented: Presented): Principal {
    const { snapshot } = this;
    if (this.#of !== snapshot) {
      this.#principals.clear();
      this.#of = snapshot;
    }
    const { user, link, origin } = readOptions(presented, ["user", "link", "origin"], "presented");
    const key = JSON.stringify([user, link, origin]);
    const known = this.#principals.get(key);
    if (known !== undefined) this.#principals.delete(key);
    const principal = known ?? snapshot.as(presented);
    this.#principals.set(key, principal);
    // The one that goes is not freed: somebody may still hold it.
    if (this.#principals.size > KEPT) this.#principals.delete(this.#principals.keys().next().value!);
    return principal;
  }

  async reached(version: number, options: { timeout?: number } = {}): Promise<void> {
    const { timeout = TIMEOUT } = readOptions(options, ["timeout"]);
    if (!Number.isSafeInteger(version)) throw invalid("version", "a version, an integer");
    if (!(timeout >= 0)) throw invalid("timeout", "seconds");
    if (this.version >= version) return;
    const { promise, resolve, reject } = deferred();
    const look = () => {
      if (this.version >= version) resolve();
    };
    const late = () => reject(new WicketgateError("unreachable", `version ${version} has not come in ${timeout} s`));
    const timer = setTimeout(late, Math.min(timeout * 1000, LONGEST));
    const off = [this.on("change", look), this.on("signedOut", reject)];
    this.#waits.add(reject);
    try {
      // Without waiting for the announcement. While the authority is out of reach, the client tries again by itself.
      this.refresh().then(look, (error: WicketgateError) => {
        if (error.code !== "unreachable") reject(error);
      });
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waits.delete(reject);
      for (const stop of off) stop();
    }
  }

  override close(): void {
    super.close();
    for (const reject of this.#waits) reject(new WicketgateError("freed", "the live client was closed"));
  }
}

function invalid(path: string, expected: string): WicketgateError {
  return new WicketgateError("invalid_options", `${path}: expected ${expected}`, { path });
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: WicketgateError) => void } {
  let [resolve, reject] = [() => {}, (_: WicketgateError) => {}];
  const promise = new Promise<void>((done, failed) => ([resolve, reject] = [done, failed]));
  return { promise, resolve, reject };
}
