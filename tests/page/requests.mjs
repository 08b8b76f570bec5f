// What is asked of the authority past the page, in the name of whoever is signed in in a browser's context.
import assert from "node:assert/strict";

/** On connections of their own: that a server closes one just as it is used again, a browser hears, and this client does not. On a busy machine one is reset all the same: then it asks again, as browsers do. */
const ALONE = { Connection: "close" };
const maxRetries = 2;

/** What the authority answers at a path. */
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

/** The result of a command that is accepted. */
export async function command(context, url, what) {
  const response = await send(context, url, what);
  assert.equal(response.status(), 200, await response.text());
  return (await response.json()).result;
}

export async function assertRefused(context, url, what, code) {
  const response = await send(context, url, what);
  assert.deepEqual([response.status() >= 400, (await response.json()).code], [true, code]);
}
