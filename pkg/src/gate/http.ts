/** The gate over HTTP: from a request to an answer. */
import { WicketgateError } from "../lib/error.js";
import { ownProperty, readOptions } from "../lib/options.js";
import type { Pass } from "./pass-types.js";
import type { HttpRequest, HttpResponse } from "../lib/platform.js";
import type { AssistantId, CapabilityOf } from "../lib/types.js";
import { ASSISTANT_ID } from "./admission.js";
import { NO_STORE, bearer, problem, type ProblemCode } from "./problems.js";
import type { SignedPass } from "./sign-pass.js";
import type { Admission, Admitted, Token, Visitor } from "./types.js";

/** Options of {@link Gate.passResponse}. */
export interface PassRequestOptions {
  /**
   * Rate limit: returns true if this visitor may ask once more for the assistant; `""` stands for every text that is no id. Called before anything is
   * fetched.
   */
  limit?: (assistant: string) => Promise<boolean>;
  /**
   * Returns the authority's member snapshot for the session of this request; undefined if nobody is signed in. The part about this assistant is enough
   * (`GET /v1/snapshot?assistant=`).
   */
  member?: (request: HttpRequest, assistant: AssistantId) => Promise<Token | undefined>;
  /** The gate's own origin. Default: the origin of the request's URL. */
  origin?: string;
}

/** Options of {@link Gate.authorize}: the assistant and the capability that the request needs. */
export interface PassQuestion {
  /** The assistant that the request is about. */
  assistant: AssistantId;
  /** The capability that the request needs. */
  capability: CapabilityOf<"assistant">;
  /** Like {@link PassRequestOptions.member}; called for passes of members. */
  member?: (request: HttpRequest, assistant: AssistantId) => Promise<Token | undefined>;
  /** `head`: asks the authority each time instead of using a copy that is a few seconds old. */
  consult?: "head";
}

/** Shortest time of a refusal, in milliseconds, so that the time does not show which checks were made. */
export const REFUSAL_FLOOR = 25;
/** Longest body of a request, in bytes: an id, and a key or an origin. */
const MAX_BODY = 4096;
/**
 * The headers of a successful answer, created once. Each header costs half as much as the decision. Headers for documents and embedded content are
 * left out: only a `fetch` of the same origin gets this answer, because nothing else sends JSON.
 */
const PASS_HEADERS = new Headers({ "Content-Type": "application/json", ...NO_STORE });
const utf8 = new TextDecoder();
/** The character that stands for bytes that are no UTF-8. */
const REPLACEMENT = "\uFFFD";

/** The part of the gate that a request for a pass needs. */
export interface PassIssuer {
  admit(assistant: string, visitor: Visitor): Promise<Admission>;
  issuePass(admission: Admitted): Promise<SignedPass>;
}

/** Answers `POST /v1/pass`. */
export async function passResponse(issuer: PassIssuer, request: HttpRequest, options: PassRequestOptions): Promise<HttpResponse> {
  const began = performance.now();
  try {
    const { limit, member, origin } = readOptions(options, ["limit", "member", "origin"]);
    const fault = faultOf(request, origin);
    if (fault !== undefined) return problem(fault);
    const body = await bodyOf(request);
    if (body === undefined || body.length > MAX_BODY) return problem("too_large");
    const passRequest = parsed(body);
    if (passRequest === undefined) return problem("bad_request");
    const { assistant, visitor } = passRequest;
    // Before the decision, so that refused requests cost neither the store nor the authority anything.
    if (limit !== undefined && (await limit(ASSISTANT_ID.test(assistant) ? assistant : "")) !== true)
      return problem("rate_limited");
    const admitted = await (visitor === "member"
      ? admitMember(issuer, assistant, request, member)
      : issuer.admit(assistant, visitor));
    if (!admitted.admitted) {
      await untilFloor(began);
      return problem("refused");
    }
    return new Response(answerOf(admitted, await issuer.issuePass(admitted)), { headers: PASS_HEADERS });
  } catch (error) {
    return unavailable(error);
  }
}

/** The body of a request for a pass. */
type PassRequest = { assistant: string; visitor: Visitor | "member" };

async function admitMember(
  issuer: PassIssuer,
  assistant: string,
  request: Request,
  member: PassRequestOptions["member"],
): Promise<Admission> {
  const token = await member?.(request, assistant);
  return token === undefined ? { admitted: false, reason: "inactive" } : issuer.admit(assistant, { member: token });
}

/** Bodies of answers by pass: several visitors get the same pass. */
const answers = new WeakMap<SignedPass, string>();

function answerOf({ name, capabilities }: Admitted, given: SignedPass): string {
  let answer = answers.get(given);
  if (answer === undefined) {
    answer = JSON.stringify({ pass: given.pass, expires_in: given.expiresIn, name, capabilities });
    answers.set(given, answer);
  }
  return answer;
}

/** The fault of a request, as far as its method and headers show one. It does not depend on any facts. */
function faultOf(request: Request, origin: string | undefined): ProblemCode | undefined {
  if (request.method !== "POST") return "method_not_allowed";
  const { headers } = request;
  const from = headers.get("Origin");
  const own = from === null ? headers.get("Sec-Fetch-Site") === "same-origin" : from === (origin ?? originOf(request.url));
  if (!own) return "cross_origin";
  return /^application\/json *(;|$)/i.test(headers.get("Content-Type") ?? "") ? undefined : "unsupported_media_type";
}

/** The origin of a normalized URL: the part before the path. */
function originOf(url: string): string {
  return url.slice(0, url.indexOf("/", "https://".length));
}

/** Parses the body; undefined if it has another form. */
function parsed(text: string): PassRequest | undefined {
  if (text.includes(REPLACEMENT)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [assistant, key, embedder, member] = ["assistant", "key", "embedder", "member"].map((name) => ownProperty(value, name));
  // Exactly one member beside `assistant`: `key`, `embedder` or `member`.
  if (typeof assistant !== "string" || Object.keys(value).length !== 2) return undefined;
  if (typeof key === "string") return { assistant, visitor: { link: key } };
  if (typeof embedder === "string") return { assistant, visitor: { origin: embedder } };
  return member === true ? { assistant, visitor: "member" } : undefined;
}

/** The body; undefined if it is too long. */
function bodyOf(request: Request): Promise<string | undefined> {
  const { headers } = request;
  // In one piece if its length is known: even the access to the stream costs more than the rest of the request. A chunked body has no known
  // length.
  const known = Number(headers.get("Content-Length") ?? Infinity) <= MAX_BODY && !headers.has("Transfer-Encoding");
  return known ? request.text() : streamed(request.body);
}

/** Reads a body of unknown length. Up to twice the limit is read, because an answer is lost while the client still writes. */
async function streamed(body: ReadableStream<Uint8Array> | null): Promise<string | undefined> {
  const bytes = new Uint8Array(MAX_BODY);
  let length = 0;
  const reader = body?.getReader();
  while (reader !== undefined && length <= 2 * MAX_BODY) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length <= MAX_BODY) bytes.set(value, length);
    length += value.length;
  }
  if (length <= MAX_BODY) return utf8.decode(bytes.subarray(0, length));
  await reader?.cancel();
  return undefined;
}

/** Waits for the shortest time of a refusal. Timers may be early by a part of a millisecond, hence the loop. */
async function untilFloor(began: number): Promise<void> {
  for (let left; (left = REFUSAL_FLOOR - (performance.now() - began)) > 0; )
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
}

/** The part of the gate that a request with a pass needs. */
export interface PassCheck {
  read(token: string, assistant: string): Promise<Pass>;
  accessNow(
    pass: Pass,
    capability: CapabilityOf<"assistant">,
    member: Token | undefined,
    consult: "head" | undefined,
  ): Promise<Admission>;
}

/** Checks the pass in `Authorization` and its access as of now. Returns both, or the answer to send. */
export async function authorize(
  check: PassCheck,
  request: HttpRequest,
  question: PassQuestion,
): Promise<{ pass: Pass; admission: Admitted } | HttpResponse> {
  const { assistant, capability, member, consult } = readOptions(
    question,
    ["assistant", "capability", "member", "consult"],
    "question",
  );
  const token = bearer(request);
  if (token === undefined) return problem("invalid_pass");
  let pass;
  try {
    pass = await check.read(token, assistant);
  } catch (error) {
    return error instanceof WicketgateError && error.code !== "invalid_options" ? problem("invalid_pass") : unavailable(error);
  }
  try {
    const token = pass.obtained.by === "member" ? await member?.(request, assistant) : undefined;
    const admission = await check.accessNow(pass, capability, token, consult);
    if (!admission.admitted) return problem("invalid_pass");
    return admission.capabilities.includes(capability) ? { pass, admission } : problem("insufficient_pass");
  } catch (error) {
    return unavailable(error);
  }
}

/** Logs the reason by its code: foreign messages may quote secrets. */
function unavailable(error: unknown): Response {
  const code = error instanceof WicketgateError ? error.code : undefined;
  console.error("gate:", code === "unavailable" ? (error as WicketgateError).message : (code ?? "an option of the gate failed"));
  return problem("unavailable");
}
