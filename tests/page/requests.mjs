// Requests to the authority without the page, in the name of the person who is signed in in a browser context.
import assert from "node:assert/strict";

/**
 * Each request has its own connection, because a server may close a kept one just as it is used again, which this client does not notice.
 * On a busy machine a connection may be reset all the same: then the request is sent again, as browsers do.
 */
const ALONE = { Connection: "close" };
const maxRetries = 2;

/** The authority's answer at a path. */
export async function read(context, url, path) {
  const response = await context.request.get(url + path, { headers: ALONE, maxRetries });
  assert.equal(response.status(), 200, await response.text());
  return response.json();
}

const send = (context, url, command) =>
  context.request.post(`${url}/v1/commands`, {
    headers: { ...ALONE, Origin: url, "Idempotency-Key": crypto.randomUUID() },
    data: command,
    maxRetries,
  });

/** Sends a command, which must be accepted. @returns its result */
export async function command(context, url, what) {
  const response = await send(context, url, what);
  assert.equal(response.status(), 200, await response.text());
  return (await response.json()).result;
}

export async function assertRefused(context, url, what, code) {
  const response = await send(context, url, what);
  assert.deepEqual([response.status() >= 400, (await response.json()).code], [true, code]);
}
