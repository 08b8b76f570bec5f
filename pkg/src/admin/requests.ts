/** Sends requests with the key: with a time limit for each attempt, again where that helps, and with errors that say what was refused. */
import { headerNames } from "../contract.js";
import { bodyOf, parsed } from "../lib/responses.js";
import { WicketgateError, quote } from "../lib/error.js";
import { AdminError, refused } from "./admin-error.js";
import type { ReadOptions } from "./options.js";
import { isTemporary, retryAfter, wait, waitingTime } from "./retry.js";

/** Bytes of an answer at most. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * An id as a segment of a path.
 * @throws {WicketgateError} `invalid_options` for `.` and `..`, which lead to another address even if they are encoded
 */
export function segment(id: string | number): string {
  const text = String(id);
  if (/^\.{0,2}$/.test(text)) throw new WicketgateError("invalid_options", `there is no id ${quote(text)}`);
  return encodeURIComponent(text);
}

/** One request, without the key. */
export interface Sent {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the URL of the organization. */
  path: string;
  /** A value for JSON, or a stream of another type. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Whether doing it twice is doing it once. */
  repeatable: boolean;
  /** Whether the request itself may take any time. */
  lasting?: boolean;
  signal?: unknown;
}

export class Requests {
  readonly options: ReadOptions;

  constructor(options: ReadOptions) {
    this.options = options;
  }

  /**
   * The JSON of the answer.
   * @throws {AdminError}; the signal's reason
   */
  json<T>(sent: Sent): Promise<T> {
    return this.#repeated(sent, async (response) => {
      const body = parsed(await bodyOf(response, MOST_BYTES));
      if (body === undefined)
        throw new AdminError("malformed", `the answer of ${quote(response.url)} is no JSON`, { status: response.status });
      return body as T;
    });
  }

  /**
   * The body of the answer, which may last. The time limit is for its beginning.
   * @throws {AdminError}; the signal's reason
   */
  stream(sent: Sent): Promise<ReadableStream<Uint8Array>> {
    return this.#repeated(sent, async ({ body, status }) => {
      if (body === null) throw new AdminError("malformed", "the answer has no body", { status });
      return body;
    });
  }

  /** Sends until there is an answer, and reads it. */
  async #repeated<T>(sent: Sent, read: (response: Response) => Promise<T>): Promise<T> {
    const signal = sent.signal as AbortSignal | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const { error, asked, value } = await this.#attempt(sent, signal, read);
      if (error === undefined) return value as T;
      // What a stream has given is gone.
      const again = isTemporary(error, sent.repeatable) && !(sent.body instanceof ReadableStream);
      const seconds = again ? waitingTime(attempt, asked, Math.random()) : undefined;
      if (attempt > this.options.retries || seconds === undefined) throw error;
      await wait(seconds, signal);
    }
  }

  /** One attempt: its value, or its error and the seconds that the authority asks to wait. */
  async #attempt<T>(
    sent: Sent,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<{ value?: T; error?: AdminError; asked: number }> {
    const limit = limited(signal, sent.lasting ? undefined : this.options.timeout);
    try {
      const response = await this.#send(sent, limit.signal);
      if (response.ok) return { value: await read(response), asked: 0 };
      const body = parsed(await bodyOf(response, MOST_BYTES));
      return { error: refused(response.status, body), asked: retryAfter(response.headers.get("Retry-After")) };
    } catch (cause) {
      if (cause instanceof AdminError) return { error: cause, asked: 0 };
      if (signal?.aborted) throw signal.reason;
      return { error: new AdminError("unreachable", "the authority did not answer", { cause }), asked: 0 };
    } finally {
      limit.end();
    }
  }

  #send({ method, path, body, headers }: Sent, signal: AbortSignal): Promise<Response> {
    const { url, key, actAs, fetch: ask = fetch } = this.options;
    const isStream = body instanceof ReadableStream;
    return ask(new URL(path, url), {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(actAs !== undefined && { [headerNames.actAs]: actAs }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isStream ? body : JSON.stringify(body) }),
      // Some platforms ask for it where the body is a stream.
      ...(isStream && { duplex: "half" }),
      // Not followed: it would carry the key to another address.
      redirect: "manual",
      signal,
    }) as Promise<Response>;
  }
}

/** A signal that is aborted with the given one, or after so many seconds if there is a limit. */
function limited(signal: AbortSignal | undefined, seconds: number | undefined): { signal: AbortSignal; end: () => void } {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const late = () => controller.abort(new Error("the time limit of one attempt has passed"));
  const timer = seconds === undefined ? undefined : setTimeout(late, seconds * 1000);
  signal?.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}
