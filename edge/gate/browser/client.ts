// Requests of one open chat. The pass comes from the gate, is kept in memory alone and is renewed before it expires.

/** What entitles the visitor: a share link's key, the origin of the embedding site, or the session of a signed-in person. */
export type Credential = { key: string } | { embedder: string } | { member: true };

/** `refused` is final and has no reason; `rejected` concerns this one message; `limited` and `unavailable` may pass by themselves. */
export type Failure = "refused" | "rejected" | "limited" | "unavailable";

export class ChatError extends Error {
  constructor(readonly failure: Failure) {
    super(failure);
  }
}

export interface OpenedChat {
  name?: string;
  capabilities: string[];
}

interface PassAnswer extends OpenedChat {
  pass: string;
  expires_in: number;
}

/** Milliseconds before its end at which a pass is renewed, because it must still be valid when the message arrives. */
const MARGIN = 15_000;

export class ChatClient {
  readonly #assistant: string;
  readonly #credential: Credential;
  #pass: { text: string; until: number } | undefined;
  #renewal: Promise<PassAnswer> | undefined;

  constructor(assistant: string, credential: Credential) {
    this.#assistant = assistant;
    this.#credential = credential;
  }

  /** Gets a pass from the gate. @throws ChatError */
  open(): Promise<OpenedChat> {
    return this.#renew();
  }

  /** Sends a request to the chat's back end. @throws ChatError */
  async request<T>(method: "GET" | "POST" | "PUT", path = "", body?: unknown): Promise<T> {
    const send = async () =>
      this.#call(`/v1/chat/${encodeURIComponent(this.#assistant)}${path}`, method, body, await this.#current());
    let response = await send();
    if (response.status === 401) {
      // The pass was revoked, or our clock is wrong. The gate decides which.
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
    this.#renewal ??= this.#obtain().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #obtain(): Promise<PassAnswer> {
    const answer = await read<PassAnswer>(
      await this.#call("/v1/pass", "POST", { assistant: this.#assistant, ...this.#credential }),
    );
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
      // The session cookie is sent only if it is the credential.
      credentials: "member" in this.#credential ? "same-origin" : "omit",
      referrerPolicy: "no-referrer",
    }).catch(() => {
      throw new ChatError("unavailable");
    });
  }
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new ChatError(failureOf(response.status));
  return response.json().catch(() => {
    throw new ChatError("unavailable");
  });
}

function failureOf(status: number): Failure {
  if (status === 401 || status === 403 || status === 404) return "refused";
  if (status === 429) return "limited";
  return status < 500 ? "rejected" : "unavailable";
}
