// The open WebSockets of `GET /v1/updates`. They hibernate: an idle one costs nothing and does not keep the object in memory.

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

/** The close code that says: sign in again. */
const SESSION_ENDED = 4401;

export class Updates {
  readonly #ctx: DurableObjectState;
  /** When the object will be woken, in milliseconds. */
  #planned: number | undefined;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** The client's end of a new socket, which hears the version at once. */
  accept(listener: Listener, moment: Moment): WebSocket {
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server, [tag(listener.session)]);
    server.serializeAttachment(listener);
    server.send(told(moment));
    this.wakeBy(listener.expires * 1000);
    return client;
  }

  broadcast(moment: Moment): void {
    const text = told(moment);
    for (const socket of this.#ctx.getWebSockets()) send(socket, text);
  }

  closeSession(session: string): void {
    for (const socket of this.#ctx.getWebSockets(tag(session))) end(socket);
  }

  closeWhere(condition: (listener: Listener) => boolean): void {
    for (const [socket, listener] of this.#listeners()) if (condition(listener)) end(socket);
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

  *#listeners(): Generator<[WebSocket, Listener]> {
    for (const socket of this.#ctx.getWebSockets()) yield [socket, socket.deserializeAttachment() as Listener];
  }
}

/** The first epoch goes without saying. */
function told({ epoch, version }: Moment): string {
  return JSON.stringify({ version, ...(epoch > 0 && { epoch }) });
}

function tag(session: string): string {
  return `session:${session}`;
}

function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It is closing: whoever comes back hears the version first.
  }
}

function end(socket: WebSocket): void {
  try {
    socket.close(SESSION_ENDED, "the session has ended");
  } catch {
    // It is closed already.
  }
}
