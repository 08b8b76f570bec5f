/** The WebSocket on which the authority announces new versions. It carries no facts. */
import { closeCodes, updatesProtocols } from "../contract.js";
import { EARLIEST, laterOf, type Revision } from "../lib/revision.js";
import { revisionMessage } from "./messages.js";
import type { ConnectOptions, LiveSocket } from "./types.js";

/** Close code of a connection whose session has ended. */
const SESSION_ENDED = closeCodes.sessionEnded;
/** Close code of a connection that gave way to the person's other connections. */
const TOO_MANY = closeCodes.tooMany;

const { protocol: PROTOCOL, bearer: BEARER } = updatesProtocols;

/** What the connection reports. */
interface Handlers {
  /** The authority has announced a revision. */
  announced(revision: Revision): void;
  /** A message makes no sense: it may be news in a later format. */
  nonsense(): void;
  /** The connection has ended, or could not be opened. */
  lost(crowded: boolean): void;
  sessionEnded(): void;
}

export class Connection {
  readonly #base: URL;
  readonly #WebSocket: ConnectOptions["WebSocket"];
  readonly #handlers: Handlers;
  readonly #protocols: string[] | undefined;
  #socket: LiveSocket | undefined;
  #announced: Revision | undefined;

  /** @param Socket the class that opens it; the platform's by default. @param token the API key, if it is no person's */
  constructor(base: URL, Socket: ConnectOptions["WebSocket"], token: string | undefined, handlers: Handlers) {
    this.#base = base;
    // Not every platform's class takes header fields, but each takes protocols.
    this.#protocols = token === undefined ? undefined : [PROTOCOL, `${BEARER}${token}`];
    this.#WebSocket = Socket;
    this.#handlers = handlers;
  }

  /** Whether it is open or being opened. */
  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Whether the authority has announced something on the present connection. */
  get works(): boolean {
    return this.#announced !== undefined;
  }

  /** The latest revision that was announced on the present connection. */
  get announced(): Revision {
    return this.#announced ?? EARLIEST;
  }

  dial(): void {
    const { announced, nonsense, lost, sessionEnded } = this.#handlers;
    try {
      const url = new URL("v1/updates", this.#base);
      url.protocol = url.protocol.replace("http", "ws");
      const socket: LiveSocket = (this.#socket = new (this.#WebSocket ?? WebSocket)(url.href, this.#protocols));
      socket.onmessage = ({ data }) => {
        const revision = revisionMessage(data);
        if (revision === undefined) return nonsense();
        this.#announced = laterOf(this.announced, revision);
        announced(revision);
      };
      socket.onclose = ({ code }) => (code === SESSION_ENDED ? sessionEnded() : lost(code === TOO_MANY));
      socket.onerror = () => {}; // `close` follows.
    } catch {
      lost(false);
    }
  }

  hangUp(): void {
    const socket = this.#socket;
    this.#socket = this.#announced = undefined;
    if (socket === undefined) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
