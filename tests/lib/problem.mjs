// Assertions about refusals over HTTP.
import assert from "node:assert/strict";
import { assertDecent } from "./fails.mjs";

/** Asserts that a response is a problem document (RFC 9457) with this code, and returns the document. */
export async function assertProblem(response, status, code) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(response.headers.get("Content-Type"), /^application\/problem\+json/);
  assert.equal(response.headers.get("Cache-Control"), "private, no-store");
  const problem = JSON.parse(text);
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `urn:wicketgate:problem:${code}`);
  assertDecent({ message: problem.title, path: problem.path });
  return problem;
}
