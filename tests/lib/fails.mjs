// Assertions about errors of the package.
import assert from "node:assert/strict";

/** A validator for `assert.throws` and `assert.rejects`: a WicketgateError with this code (and path) and a well-formed message. */
export const fails = (code, path) => (error) => {
  assert.equal(error.name, "WicketgateError", String(error.stack));
  assert.ok(error instanceof Error);
  assert.equal(error.code, code, error.message);
  if (path !== undefined) assert.equal(error.path, path, error.message);
  assertDecent(error);
  return true;
};

/** Asserts that a message is one lowercase line without a full stop, under 300 characters. */
export function assertDecent({ message, path }) {
  assert.doesNotMatch(message, /[\n\r]/, "one line");
  assert.ok(message.length > 0 && message.length < 300, message);
  const own = path !== undefined && message.startsWith(path) ? message.slice(path.length).replace(/^: /, "") : message;
  // Only names that are always written in capitals may begin a message with a capital.
  assert.match(own, /^([a-z0-9`]|JSON|JWS|JWK|UTF-8)/, message);
  assert.doesNotMatch(message, /\.$/, message);
}
