// Compares requests and answers with the OpenAPI document of the built Worker.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const document = JSON.parse(readFileSync(new URL("../../edge/dist/authority/openapi.json", import.meta.url), "utf8"));
const METHODS = ["get", "put", "post", "delete", "patch"];

/** The operations of the document: `{ method, path, matches, operation }`. */
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => Object.hasOwn(item, method)).map((method) => ({
    method: method.toUpperCase(),
    path,
    matches: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    operation: item[method],
  })),
);

/**
 * The operations that one Worker answers.
 * @param {"authority" | "gate"} worker
 */
export function operationsOf(worker) {
  return operations.filter(({ operation }) => operation.tags.includes("visitors") === (worker === "gate"));
}

/** `GET /v1/delta 409 delta_unavailable` for every answer that the document has of one Worker; without a code where the answer is no problem. */
export function documented(worker) {
  return operationsOf(worker).flatMap(({ method, path, operation }) =>
    Object.entries(operation.responses).flatMap(([status, { content }]) => {
      const codes = content?.["application/problem+json"]?.schema.allOf[1].properties.code.enum ?? [undefined];
      return codes.map((code) => said(method, path, status, code));
    }),
  );
}

function said(method, path, status, code) {
  return [method, path, status, code].filter(Boolean).join(" ");
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(closed(document), "contract");

/**
 * A copy in which objects have no other fields than those of their schema. The document itself leaves them open, because clients have to pass over
 * fields that they do not know; the Worker must not send any.
 */
function closed(value, isPart = false) {
  if (Array.isArray(value)) return value.map((item) => closed(item));
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, key === "allOf" ? field.map((item) => closed(item, true)) : closed(field)]),
  );
  const isOpen = value.type === "object" && value.properties && !Object.hasOwn(value, "additionalProperties") && !isPart;
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}

function validate(pointer, value, what) {
  const check = ajv.getSchema(`contract#/${pointer.map(escaped).join("/")}`);
  if (!check(value)) throw new Error(`${what}: ${ajv.errorsText(check.errors)}: ${JSON.stringify(value).slice(0, 500)}`);
}

function escaped(token) {
  return encodeURIComponent(token.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/**
 * Throws if an answer is not one of the document's.
 * @param {{ method: string, url: string, body?: string, response: Response, text: string }} exchange
 * @returns what was answered, as in {@link documented}
 */
export function checkAnswer({ method, url, body, response, text }) {
  const { pathname } = new URL(url);
  const { status, headers } = response;
  const type = (headers.get("Content-Type") ?? "").split(";")[0];
  const at = operations.filter(({ matches }) => matches.test(pathname));
  const asked = method === "HEAD" ? "GET" : method;
  const found = at.find((operation) => operation.method === asked);
  const what = `${method} ${pathname} ${status}`;
  if (!found) return checkUnknown({ what, at, status, headers, text });
  const { path, operation } = found;
  const answer = operation.responses[status];
  if (!answer) throw new Error(`${what}: the document has no such answer: ${text.slice(0, 300)}`);
  const pointer = ["paths", path, asked.toLowerCase(), "responses", String(status), "content", type, "schema"];
  for (const name of Object.keys(answer.headers ?? {}))
    if (!headers.has(name)) throw new Error(`${what}: the header ${name} is missing`);
  if (method === "HEAD") return said(asked, path, status);
  if (!answer.content) {
    if (text !== "") throw new Error(`${what}: the document has no body for it: ${text.slice(0, 300)}`);
    return said(asked, path, status);
  }
  if (!Object.hasOwn(answer.content, type)) throw new Error(`${what}: the document has no answer of type ${type}`);
  if (!/(^application\/|\+)json$/.test(type)) return said(asked, path, status);
  const value = JSON.parse(text);
  validate(pointer, value, what);
  if (response.ok && body !== undefined && operation.requestBody?.content["application/json"])
    validate(["paths", path, asked.toLowerCase(), "requestBody", "content", "application/json", "schema"], JSON.parse(body), what);
  return said(asked, path, status, type === "application/problem+json" ? value.code : undefined);
}

/** An address or a method that the document does not know: 404, or 405 with the methods that it knows. */
function checkUnknown({ what, at, status, headers, text }) {
  const problem = JSON.parse(text);
  validate(["components", "schemas", "Problem"], problem, what);
  const known = at.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])).sort();
  const [expected, code] = known.length > 0 ? [405, "method_not_allowed"] : [404, "not_found"];
  if (status !== expected || problem.code !== code) throw new Error(`${what}: not in the document: ${text.slice(0, 300)}`);
  if (known.length > 0 && headers.get("Allow") !== known.join(", ")) throw new Error(`${what}: Allow: ${headers.get("Allow")}`);
  return `${expected} ${code}`;
}
