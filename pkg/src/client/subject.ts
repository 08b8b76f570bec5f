/** What a client follows: a person's own snapshot, or the whole organization. */
import { forMembers, runtime } from "../core/checking.js";
import { WicketgateError, quote } from "../lib/error.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import type { ConnectOptions } from "./types.js";

export interface Subject {
  /** Address of the snapshot, below the base URL. */
  readonly snapshot: string;
  /** Address of the delta from a version. */
  delta(from: number): string;
  /** Loads what opens the snapshot. */
  init(): Promise<unknown>;
  /** @throws {WicketgateError} `wrong_scope` for a snapshot of something else */
  require(snapshot: OpenSnapshot): void;
}

/** What `connect` was asked to follow. */
export function subjectOf({ scope }: Pick<ConnectOptions, "scope">): Subject {
  return scope === "workspace" ? WORKSPACE : MEMBER;
}

/** The signed-in person. */
const MEMBER: Subject = {
  snapshot: "v1/snapshot",
  delta: (from) => `v1/delta?from=${from}`,
  init: () => forMembers().init(),
  require: (snapshot) => requireScope(snapshot, "member"),
};

/** The whole organization, for a server with an API key. */
const WORKSPACE: Subject = {
  snapshot: "v1/workspace",
  delta: (from) => `v1/workspace/delta?from=${from}`,
  init: () => runtime.init(),
  require: (snapshot) => requireScope(snapshot, "workspace"),
};

function requireScope({ scope }: OpenSnapshot, expected: string): void {
  if (scope !== expected)
    throw new WicketgateError("wrong_scope", `scope: expected a ${expected} snapshot, this is ${quote(scope)}`, { path: "scope" });
}
