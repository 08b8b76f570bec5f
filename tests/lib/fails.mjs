// What an error must be like.
import assert from "node:assert/strict";

/** A validator for `assert.throws` and `assert.rejects`: a WicketgateError of that code (and path), with a decent message. */
export const fails = (code, path) => (error) => {
  assert.equal(error.name, "WicketgateError", String(error.stack));
  assert.ok(error instanceof Error);
  assert.equal(error.code, code, error.message);
  if (path !== undefined) assert.equal(error.path, path, error.message);
  assertDecent(error);
  return true;
};

/** One lowercase line without a full stop, of a length to read. */
export function assertDecent({ message, path }) {
  assert.doesNotMatch(message, /[\n\r]/, "one line");
  assert.ok(message.length > 0 && message.length < 300, message);
  const own = path !== undefined && message.startsWith(path) ? message.slice(path.length).replace(/^: /, "") : message;
  // The name that the platform writes in capitals is the only one to begin with one.
  assert.match(own, /^([a-z0-9`]|JSON|JWS|JWK|UTF-8)/, message);
  assert.doesNotMatch(message, /\.$/, message);
}
