// Answers that are signed: the payload is the body, its signature a header beside it.

/** A signed document: its payload as JSON, its signature beside it. */
export interface Detached {
  payload: string;
  signature: string;
}

/** One with an entity tag; without the document where the reader has it already. */
export interface Tagged {
  etag: string;
  token?: Detached;
}

/** With the time: by it a reader whose clock is wrong tells a fresh answer from an old one. Not everything that runs a Worker writes it. */
export function detached({ payload, signature }: Detached, headers: Record<string, string> = {}): Response {
  return new Response(payload, {
    headers: { ...headers, Date: new Date().toUTCString(), "Content-Type": "application/json", "Wicketgate-Signature": signature },
  });
}

export function tagged({ etag, token }: Tagged): Response {
  const headers = { ETag: etag, Vary: "Cookie" };
  return token ? detached(token, headers) : new Response(null, { status: 304, headers });
}
