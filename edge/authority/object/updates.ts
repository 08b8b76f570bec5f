// The open WebSockets of `GET /v1/updates`. They hibernate: an idle one costs nothing and does not keep the object in memory.
import { UPDATES_LINGERING, UPDATES_OF_ALL, UPDATES_OF_ONE, UPDATES_RETRY } from "../bounds";
import { Problem } from "../problem";

/** What is told: which version there is, of which epoch. */
interface Moment {
  epoch: number;
  version: number;
}

/** Who listens; kept by the platform with the socket. */
export interface Listener {
  /** Digest of the session. */
  session: string;
  user: string;
  /** When the session ends by itself. */
  expires: number;
}

/** Says to the client: sign in again. */
const SESSION_ENDED = { code: 4401, reason: "the session has ended" };
/** Says to the client: not now, try again in a minute. */
const TOO_MANY = { code: 4429, reason: "too many updates of one person are open" };
/** WebSocket's own (RFC 6455 §7.4.1). */
const NOTHING_EXPECTED = { code: 1008, reason: "nothing is expected here" };

export class Updates {
  readonly #ctx: DurableObjectState;
  /** When the object will be woken, in milliseconds. */
  #planned: number | undefined;
  /** How many are open at most: counted again only when that is too many. */
  #most: number;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    this.#most = ctx.getWebSockets().length;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** The client's end of a new socket, which hears the version at once. The person's oldest gives way to it. */
  accept(listener: Listener, moment: Moment): WebSocket {
    this.#makeRoom(listener.user);
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server, [ofSession(listener.session), ofUser(listener.user)]);
    this.#most += 1;
    server.serializeAttachment({ ...listener, since: Date.now() });
    server.send(told(moment));
    this.wakeBy(listener.expires * 1000);
    return client;
  }

  broadcast(moment: Moment): void {
    const text = told(moment);
    for (const socket of this.#ctx.getWebSockets()) send(socket, text);
  }

  closeSession(session: string): void {
    for (const socket of this.#ctx.getWebSockets(ofSession(session))) end(socket, SESSION_ENDED);
  }

  closeUser(user: string): void {
    for (const socket of this.#ctx.getWebSockets(ofUser(user))) end(socket, SESSION_ENDED);
  }

  closeExpired(now: number): void {
    for (const [socket, { expires }] of this.#listeners()) if (expires <= now) end(socket, SESSION_ENDED);
  }

  /** `ping` is answered by the platform without waking us. Who says anything else says it once. */
  heard(socket: WebSocket): void {
    end(socket, NOTHING_EXPECTED);
  }

  closed(socket: WebSocket, code: number): void {
    try {
      // 1005 and 1006 only say that there was no code.
      socket.close(code === 1005 || code === 1006 ? 1000 : code);
    } catch {
      // It is closed already.
    }
  }

  /** Wakes the object at that time (milliseconds) or before. Written with whatever is being written in this turn. */
  wakeBy(time: number): void {
    if (this.#planned !== undefined && this.#planned <= time) return;
    this.#planned = time;
    this.#ctx.waitUntil(this.#ctx.storage.setAlarm(time));
  }

  /** What was planned before the object stopped. */
  async load(): Promise<void> {
    this.#planned = (await this.#ctx.storage.getAlarm()) ?? undefined;
  }

  /** The alarm has rung: the next is for the session of a listener that ends first. */
  woken(): void {
    this.#planned = undefined;
    const next = Math.min(...[...this.#listeners()].map(([, { expires }]) => expires));
    if (Number.isFinite(next)) this.wakeBy(next * 1000);
  }

  #makeRoom(user: string): void {
    if (this.#most >= UPDATES_OF_ALL) this.#most = this.#ctx.getWebSockets().length;
    const theirs = this.#ctx.getWebSockets(ofUser(user));
    if (this.#most >= UPDATES_OF_ALL || theirs.length >= UPDATES_LINGERING) {
      throw new Problem("rate_limited", "too many updates are open", { retry_after: UPDATES_RETRY });
    }
    const open = theirs.filter(isOpen).sort((one, other) => since(one) - since(other));
    for (const socket of open.slice(0, Math.max(open.length + 1 - UPDATES_OF_ONE, 0))) end(socket, TOO_MANY);
  }

  *#listeners(): Generator<[WebSocket, Listener]> {
    for (const socket of this.#ctx.getWebSockets()) yield [socket, socket.deserializeAttachment() as Listener];
  }
}

/** The first epoch goes without saying. */
function told({ epoch, version }: Moment): string {
  return JSON.stringify({ version, ...(epoch > 0 && { epoch }) });
}

function ofSession(session: string): string {
  return `session:${session}`;
}

function ofUser(user: string): string {
  return `user:${user}`;
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.READY_STATE_OPEN;
}

function since(socket: WebSocket): number {
  return (socket.deserializeAttachment() as { since: number }).since;
}

function send(socket: WebSocket, text: string): void {
  try {
    if (isOpen(socket)) socket.send(text);
  } catch {
    // It is closing: whoever comes back hears the version first.
  }
}

function end(socket: WebSocket, { code, reason }: { code: number; reason: string }): void {
  try {
    socket.close(code, reason);
  } catch {
    // It is closed already.
  }
}
