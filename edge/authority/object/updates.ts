// The open WebSockets of `GET /v1/updates`. They hibernate: an idle socket costs nothing and does not keep the object in memory.
import { closeCodes } from "wicketgate/contract";
import { UPDATES_LINGERING, UPDATES_OF_ONE, UPDATES_RETRY } from "../bounds";
import type { Alarm } from "./alarm";
import { Problem } from "../problem";

/** The present version. Every update says it. */
interface Present {
  epoch: number;
  version: number;
}

/** Whose socket it is. */
export interface Listener {
  /** Whose sockets are counted together. */
  of: Owner;
  /** What else closes it. */
  also: Owner[];
  /** When it ends by itself, Unix seconds. */
  expires: number;
  /** Whether its client opens another one then. */
  again: boolean;
}

/** A digest of a session, or the id of a user or an API key. */
export type Owner = { session: string } | { user: string } | { key: string };

/** What the platform keeps with a socket. */
interface Kept {
  expires: number;
  again: boolean;
  /** Milliseconds. */
  since: number;
}

/** A close code with its reason. */
interface Reason {
  code: number;
  reason: string;
}

/** Tells the client to sign in again, or that its API key may have been revoked. */
const SESSION_ENDED = { code: closeCodes.sessionEnded, reason: "the session has ended, or the API key was revoked" };
/** Going away (RFC 6455 §7.4.1): connect again. */
const KEY_CHANGED = { code: 1001, reason: "the API key has changed" };
const OPEN_AGAIN = { code: 1001, reason: "these updates have been open for long: open others" };
/** Tells the client to try again in a minute. */
const TOO_MANY = { code: closeCodes.tooMany, reason: "too many updates of one caller are open" };
/** The service ends (RFC 6455 §7.4.1). */
const GOING_AWAY = { code: 1001, reason: "the organization is not served at the moment" };
/** Policy violation (RFC 6455 §7.4.1): clients send nothing but `ping`. */
const UNEXPECTED_MESSAGE = { code: closeCodes.nothingExpected, reason: "nothing is expected here" };

export class Updates {
  readonly #ctx: DurableObjectState;
  readonly #alarm: Alarm;
  readonly #most: () => number;
  /** Upper bound of the number of open sockets. They are counted again only when it reaches the limit. */
  #upperBound: number;

  /** @param most sockets of the organization at most */
  constructor(ctx: DurableObjectState, alarm: Alarm, most: () => number) {
    this.#ctx = ctx;
    this.#alarm = alarm;
    this.#most = most;
    this.#upperBound = ctx.getWebSockets().length;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Opens a socket and sends the version at once. Closes the oldest sockets of its owner if there are too many. @returns the client's end */
  accept(listener: Listener, present: Present): WebSocket {
    const { of, also, expires, again } = listener;
    this.#makeRoom(tagOf(of));
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server, [of, ...also].map(tagOf));
    this.#upperBound += 1;
    server.serializeAttachment({ expires, again, since: Date.now() } satisfies Kept);
    server.send(messageOf(present));
    this.#alarm.wakeBy(expires * 1000);
    return client;
  }

  broadcast(present: Present): void {
    const sockets = this.#ctx.getWebSockets();
    if (sockets.length === 0) return;
    const text = messageOf(present);
    for (const socket of sockets) send(socket, text);
  }

  closeOf(owner: Owner, reason: Reason = SESSION_ENDED): void {
    for (const socket of this.#ctx.getWebSockets(tagOf(owner))) end(socket, reason);
  }

  /** The key is another one now, or the plan is: its clients connect again with what they have, or are refused. */
  closeChanged(key: string): void {
    this.closeOf({ key }, KEY_CHANGED);
  }

  /** Closes all sockets: clients connect again, and are told what keeps them out. */
  closeAll(): void {
    for (const socket of this.#ctx.getWebSockets()) end(socket, GOING_AWAY);
  }

  closeExpired(now: number): void {
    for (const [socket, { expires, again }] of this.#listeners())
      if (expires <= now) end(socket, again ? OPEN_AGAIN : SESSION_ENDED);
  }

  /** Plans the alarm for the listener that ends first. */
  planExpiry(): void {
    const next = Math.min(...[...this.#listeners()].map(([, { expires }]) => expires));
    if (Number.isFinite(next)) this.#alarm.wakeBy(next * 1000);
  }

  /** The platform answers `ping` without waking the object. Any other message closes the socket. */
  received(socket: WebSocket): void {
    end(socket, UNEXPECTED_MESSAGE);
  }

  closed(socket: WebSocket, code: number): void {
    try {
      // 1005 and 1006 mean that there was no code; they may not be sent (RFC 6455 §7.4.1).
      socket.close(code === 1005 || code === 1006 ? 1000 : code);
    } catch {
      // It is closed already.
    }
  }

  #makeRoom(owner: string): void {
    const most = this.#most();
    if (this.#upperBound >= most) this.#upperBound = this.#ctx.getWebSockets().length;
    const sockets = this.#ctx.getWebSockets(owner);
    if (this.#upperBound >= most || sockets.length >= UPDATES_LINGERING) {
      throw new Problem("rate_limited", "too many updates are open", { retry_after: UPDATES_RETRY });
    }
    const open = sockets.filter(isOpen).sort((one, other) => since(one) - since(other));
    for (const socket of open.slice(0, Math.max(open.length + 1 - UPDATES_OF_ONE, 0))) end(socket, TOO_MANY);
  }

  /** The open ones. One that only the other side has yet to close would plan the alarm for a time that is over, and the platform may drop such an alarm. */
  *#listeners(): Generator<[WebSocket, Kept]> {
    for (const socket of this.#ctx.getWebSockets()) if (isOpen(socket)) yield [socket, socket.deserializeAttachment() as Kept];
  }
}

/** Epoch 0 is left out. */
function messageOf({ epoch, version }: Present): string {
  return JSON.stringify({ version, ...(epoch > 0 && { epoch }) });
}

function tagOf(owner: Owner): string {
  const [[kind, name] = []] = Object.entries(owner);
  return `${kind}:${name}`;
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.READY_STATE_OPEN;
}

function since(socket: WebSocket): number {
  return (socket.deserializeAttachment() as Kept).since;
}

function send(socket: WebSocket, text: string): void {
  try {
    if (isOpen(socket)) socket.send(text);
  } catch {
    // It is closing. When the client connects again, it gets the version first.
  }
}

function end(socket: WebSocket, { code, reason }: Reason): void {
  try {
    socket.close(code, reason);
  } catch {
    // It is closed already.
  }
}
