// Compares requests and answers with the OpenAPI documents of the built Worker.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { DOCUMENT_FILES } from "../../edge/build.mjs";

const METHODS = ["get", "put", "post", "delete", "patch"];

/** One document. */
class Contract {
  /** `{ method, path, matches, operation }` for each operation of the document. */
  operations;
  #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document) {
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => Object.hasOwn(item, method)).map((method) => ({
        method: method.toUpperCase(),
        path,
        matches: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
        operation: item[method],
      })),
    );
    this.#ajv.addSchema(closed(document), "contract");
  }

  validate(pointer, value, what) {
    const check = this.#ajv.getSchema(`contract#/${pointer.map(escaped).join("/")}`);
    if (!check(value)) throw new Error(`${what}: ${this.#ajv.errorsText(check.errors)}: ${JSON.stringify(value).slice(0, 500)}`);
  }
}

const contracts = Object.fromEntries(
  Object.entries(DOCUMENT_FILES).map(([name, file]) => [
    name,
    new Contract(JSON.parse(readFileSync(new URL(`../../edge/dist/authority/${file}`, import.meta.url), "utf8"))),
  ]),
);

/**
 * The operations of the authority or the gate at the hosts of organizations, or of the authority at the apex.
 * @param {"authority" | "gate" | "apex"} of
 */
export function operationsOf(of) {
  if (of === "apex") return contracts.apex.operations;
  return contracts.organizations.operations.filter(({ operation }) => operation.tags.includes("visitors") === (of === "gate"));
}

/** `GET /v1/delta 409 delta_unavailable` for every answer that the document has of these operations; without a code where the answer is no problem. */
export function documented(of) {
  return operationsOf(of).flatMap(({ method, path, operation }) =>
    Object.entries(operation.responses).flatMap(([status, { content }]) => {
      const codes = content?.["application/problem+json"]?.schema.allOf[1].properties.code.enum ?? [undefined];
      return codes.map((code) => said(method, path, status, code));
    }),
  );
}

/** The operations that may answer with this problem. */
export function answering(of, status, code) {
  return operationsOf(of).filter(({ operation }) =>
    operation.responses[status]?.content?.["application/problem+json"]?.schema.allOf[1].properties.code.enum.includes(code),
  );
}

/** Whether an operation is for this kind of caller. */
export function mayBe(operation, caller) {
  return operation.security.some((scheme) => Object.hasOwn(scheme, caller));
}

/** The address of an operation, with the example of each parameter that it must have. @param given other values, by the names of parameters */
export function addressOf({ path, operation }, given = {}) {
  const { parameters = [] } = operation;
  const exampleOf = (name) => given[name] ?? parameters.find((parameter) => parameter.name === name).example;
  const query = parameters.filter(({ in: where, required }) => where === "query" && required);
  const search = new URLSearchParams(query.map(({ name, example }) => [name, example]));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(exampleOf(name)));
  return query.length > 0 ? `${filled}?${search}` : filled;
}

function said(method, path, status, code) {
  return [method, path, status, code].filter(Boolean).join(" ");
}

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

function escaped(token) {
  return encodeURIComponent(token.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/**
 * Throws if an answer is not one of the document's.
 * @param {{ method: string, url: string, body?: string, response: Response, text: string }} exchange
 * @param {"organizations" | "apex"} name the document
 * @returns what was answered, as in {@link documented}
 */
export function checkAnswer({ method, url, body, response, text }, name = "organizations") {
  const contract = contracts[name];
  const { pathname } = new URL(url);
  const { status, headers } = response;
  const type = (headers.get("Content-Type") ?? "").split(";")[0];
  const at = contract.operations.filter(({ matches }) => matches.test(pathname));
  const asked = method === "HEAD" ? "GET" : method;
  const found = at.find((operation) => operation.method === asked);
  const what = `${method} ${pathname} ${status}`;
  if (!found) return checkUnknown(contract, { what, at, status, headers, text });
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
  contract.validate(pointer, value, what);
  const sent = ["paths", path, asked.toLowerCase(), "requestBody", "content", "application/json", "schema"];
  if (response.ok && body !== undefined && operation.requestBody?.content["application/json"])
    contract.validate(sent, JSON.parse(body), what);
  return said(asked, path, status, type === "application/problem+json" ? value.code : undefined);
}

/** An address or a method that the document does not know: 404, or 405 with the methods that it knows. */
function checkUnknown(contract, { what, at, status, headers, text }) {
  const problem = JSON.parse(text);
  contract.validate(["components", "schemas", "Problem"], problem, what);
  const known = at.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])).sort();
  const [expected, code] = known.length > 0 ? [405, "method_not_allowed"] : [404, "not_found"];
  if (status !== expected || problem.code !== code) throw new Error(`${what}: not in the document: ${text.slice(0, 300)}`);
  if (known.length > 0 && headers.get("Allow") !== known.join(", ")) throw new Error(`${what}: Allow: ${headers.get("Allow")}`);
  return `${expected} ${code}`;
}
