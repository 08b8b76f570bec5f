/**
 * The states of a client and the transitions between them:
 *
 *     starting ──follow──▶ following ──signOut──▶ signedOut ──follow──▶ following
 *         └───────close───────┴────────close─────────┴──▶ closed
 *
 * Only a client that follows has a schedule to keep, a connection and other tabs. In every other state everything is denied.
 */
import { EARLIEST, compareRevisions, type Revision } from "../lib/revision.js";
import type { VerifiedSnapshot } from "./verification.js";
import type { Tabs } from "./tabs.js";

/** Before the first snapshot. */
export interface Starting {
  readonly phase: "starting";
}

/** A valid session: the snapshot is kept up to date. */
export interface Following {
  readonly phase: "following";
  readonly held: VerifiedSnapshot;
  /** The entity tag of the answer that brought the snapshot; a delta makes it useless. */
  etag: string | undefined;
  /** The latest revision that the authority or another tab announced. */
  known: Revision;
  /** The other pages of this person; undefined until the first snapshot has been announced. */
  tabs: Tabs | undefined;
}

/** The authority does not accept the person any more. The last snapshot stays readable and denies everything. */
export interface SignedOut {
  readonly phase: "signedOut";
  readonly held: VerifiedSnapshot;
}

/** The caller has closed the client. Nothing follows this state. */
export interface Closed {
  readonly phase: "closed";
  readonly held: VerifiedSnapshot | undefined;
}

export type State = Starting | Following | SignedOut | Closed;

/** The snapshot of a state: in use while following, denying everything after that. */
export function heldIn(state: State): VerifiedSnapshot | undefined {
  return state.phase === "starting" ? undefined : state.held;
}

/** A verified snapshot takes the place of the one before, which denies everything from now on. */
export function follow(state: State, held: VerifiedSnapshot, etag: string | undefined): Following {
  heldIn(state)?.retire();
  return state.phase === "following"
    ? { ...state, held, etag }
    : { phase: "following", held, etag, known: EARLIEST, tabs: undefined };
}

/** The session has ended. */
export function signOut(state: Following): SignedOut {
  stop(state);
  return { phase: "signedOut", held: state.held };
}

/** The caller ends it. */
export function close(state: State): Closed {
  if (state.phase === "following") stop(state);
  return { phase: "closed", held: heldIn(state) };
}

function stop({ held, tabs }: Following): void {
  held.retire();
  tabs?.close();
}

/** The revision of the facts in use. */
export function presentRevision(state: State): Revision {
  if (state.phase !== "following") return EARLIEST;
  const { epoch, version } = state.held.snapshot;
  return { epoch, version };
}

/** Whether a later revision is known than the one in use. */
export function isBehind(state: State): boolean {
  return state.phase === "following" && compareRevisions(state.known, presentRevision(state)) > 0;
}
