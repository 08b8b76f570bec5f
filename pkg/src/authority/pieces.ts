/** Large organizations: what a directory takes and gives in pieces, because it must not be one text. */
import { bytesOf } from "../lib/bytes.js";
import { inSeconds } from "../lib/clock.js";
import { WicketgateError, call, requiredText } from "../lib/error.js";
import type { UserId } from "../lib/types.js";
import { RawFounding, RawPartsCursor, RawRestoring } from "../wasm/authority.js";
import type { Actor, Event, RawDetached, RawDirectory, RawPieces } from "../wasm/authority.js";
import { actorJson } from "./decision.js";
import { claimsJson, type DirectoryIssueOptions, unixNow } from "./issue-options.js";

/** An organization that is being founded. Take all events, then the directory. */
export interface Founding<Directory> {
  /** Id of the organization. */
  organization: string;
  /** The events, each made when it is taken. */
  events(): Generator<Event, void, undefined>;
  /** The directory, after the last event. */
  directory(): Directory;
}

/** A detached snapshot whose payload is in pieces. */
export interface DetachedPieces {
  /** The pieces of the payload, UTF-8 together. */
  payload: Uint8Array[];
  /** `header..signature` */
  signature: string;
}

/** What a {@link Directory} gives in pieces. */
export class Pieces {
  readonly #raw: RawDirectory;

  constructor(raw: RawDirectory) {
    this.#raw = raw;
  }

  /**
   * The whole state as texts of some hundred kilobytes each, for {@link Directory.restoreParts}. Protect them like the events.
   * @throws {WicketgateError} `invalid_options` if the directory changes before the last part was taken.
   * @example
   * ```ts
   * let n = 0;
   * for (const part of directory.pieces.state()) store(n++, part);
   * ```
   */
  *state(): Generator<string, void, undefined> {
    const cursor = new RawPartsCursor();
    try {
      const next = () => call(() => this.#raw.next_part(cursor));
      for (let part = next(); part !== undefined; part = next()) yield part;
    } finally {
      cursor.free();
    }
  }

  /** As {@link Directory.facts}: bytes, UTF-8 together. */
  facts(): Uint8Array[] {
    return taken(call(() => this.#raw.facts_in_pieces()));
  }

  /** As {@link Directory.view}: the bytes of its JSON, UTF-8 together. @throws {WicketgateError} `unknown_user` */
  view(actor: Actor, now: number = unixNow()): Uint8Array[] {
    const json = actorJson(actor);
    return taken(call(() => this.#raw.view_in_pieces(json, inSeconds(now))));
  }

  /** Ids of the users in that view. @throws {WicketgateError} `unknown_user` */
  usersInView(actor: Actor, now: number = unixNow()): UserId[] {
    const json = actorJson(actor);
    return call(() => this.#raw.users_in_view(json, inSeconds(now)));
  }

  /** As {@link Directory.snapshot}, detached. */
  snapshot(options: DirectoryIssueOptions): DetachedPieces {
    const claims = claimsJson(options, this.#raw.version());
    const signed = call(() => this.#raw.detached_snapshot(claims));
    const signature = signed.signature();
    return { payload: taken(signed), signature };
  }
}

/** Begins to found an organization, given as JSON. */
export function foundingOf<Directory>(
  organization: string | Uint8Array,
  now: number,
  made: (raw: RawDirectory) => Directory,
): Founding<Directory> {
  // Bytes, because a text would take three times its length while it crosses into WebAssembly.
  const json = bytesOf(organization) ?? new TextEncoder().encode(requiredText(organization, "organization"));
  const raw = call(() => RawFounding.begin(json, now));
  return {
    organization: raw.organization(),
    *events() {
      const next = () => call(() => raw.next_event()) as Event | undefined;
      for (let event = next(); event !== undefined; event = next()) yield event;
    },
    directory() {
      const finished = call(() => raw.finish());
      if (finished === undefined) throw new WicketgateError("invalid_options", "directory: take all events first");
      return made(finished);
    },
  };
}

/** A directory from all parts of a state. */
export function restoredFrom(parts: Iterable<string>): RawDirectory {
  let restoring: RawRestoring | undefined;
  try {
    for (const part of parts) {
      const text = requiredText(part, "part");
      const begun = restoring;
      if (begun === undefined) restoring = call(() => RawRestoring.begin(text));
      else call(() => begun.add(text));
    }
    if (restoring === undefined) throw new WicketgateError("malformed", "there are no parts of a state");
    const complete = restoring;
    restoring = undefined;
    return call(() => complete.finish());
  } finally {
    restoring?.free();
  }
}

/** All pieces of something that is freed then. */
function taken(raw: RawPieces | RawDetached): Uint8Array[] {
  try {
    const pieces: Uint8Array[] = [];
    for (let piece = raw.next(); piece !== undefined; piece = raw.next()) pieces.push(piece as Uint8Array<ArrayBuffer>);
    return pieces;
  } finally {
    raw.free();
  }
}
