// The pass of one open chat: obtained from the gate, kept in memory alone, and obtained anew before it ends.

/** What the gate is asked with: a share link's key, the site that embeds us, or the session of whoever is signed in. */
export type Ask = { key: string } | { embedder: string } | { member: true };

/** `refused` is final and says no more, `rejected` means this one message; the rest may pass by itself. */
export type Trouble = "refused" | "rejected" | "limited" | "unavailable";

export class SessionError extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

export interface Opened {
  name?: string;
  capabilities: string[];
}

interface PassAnswer extends Opened {
  pass: string;
  expires_in: number;
}

/** A pass that ends sooner than this is not begun with: the clock runs while a message is on its way. */
const MARGIN = 15_000;

export class Session {
  readonly #assistant: string;
  readonly #ask: Ask;
  #pass: { text: string; until: number } | undefined;
  #asking: Promise<PassAnswer> | undefined;

  constructor(assistant: string, ask: Ask) {
    this.#assistant = assistant;
    this.#ask = ask;
  }

  /** Asks the gate. @throws SessionError */
  open(): Promise<Opened> {
    return this.#renew();
  }

  /** Speaks to the chat's back end. @throws SessionError */
  async request<T>(method: "GET" | "POST" | "PUT", path = "", body?: unknown): Promise<T> {
    const send = async () =>
      this.#call(`/v1/chat/${encodeURIComponent(this.#assistant)}${path}`, method, body, await this.#current());
    let response = await send();
    if (response.status === 401) {
      // It was taken back, or our clock is not theirs. The gate knows which.
      this.#pass = undefined;
      response = await send();
    }
    return read(response);
  }

  async #current(): Promise<string> {
    if (!this.#pass || Date.now() > this.#pass.until) await this.#renew();
    return this.#pass!.text;
  }

  #renew(): Promise<PassAnswer> {
    this.#asking ??= this.#obtain().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #obtain(): Promise<PassAnswer> {
    const answer = await read<PassAnswer>(await this.#call("/v1/pass", "POST", { assistant: this.#assistant, ...this.#ask }));
    const life = answer.expires_in * 1000;
    this.#pass = { text: answer.pass, until: Date.now() + Math.max(life - MARGIN, life / 2) };
    return answer;
  }

  #call(path: string, method: string, body: unknown, pass?: string): Promise<Response> {
    return fetch(path, {
      method,
      headers: {
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(pass !== undefined && { Authorization: `Bearer ${pass}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      cache: "no-store",
      // Who is signed in matters only where they are asked for as such.
      credentials: "member" in this.#ask ? "same-origin" : "omit",
      referrerPolicy: "no-referrer",
    }).catch(() => {
      throw new SessionError("unavailable");
    });
  }
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new SessionError(troubleOf(response.status));
  return response.json().catch(() => {
    throw new SessionError("unavailable");
  });
}

function troubleOf(status: number): Trouble {
  if (status === 401 || status === 403 || status === 404) return "refused";
  if (status === 429) return "limited";
  return status < 500 ? "rejected" : "unavailable";
}
