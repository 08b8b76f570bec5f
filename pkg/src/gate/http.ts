/** The gate over HTTP: a request in, an answer out. */
import { WicketgateError } from "../lib/error.js";
import { ownProperty, readOptions } from "../lib/options.js";
import type { Pass } from "./pass-types.js";
import type { HttpRequest, HttpResponse } from "../lib/platform.js";
import type { AssistantId, CapabilityOf } from "../lib/types.js";
import { ASSISTANT_ID } from "./admission.js";
import { KEPT_NOWHERE, bearer, problem, type ProblemCode } from "./problems.js";
import type { Given } from "./sign-pass.js";
import type { Admission, Admitted, Token, Visitor } from "./types.js";

/** What the answer to a request for a pass depends on besides. */
export interface PassRequestOptions {
  /** Whether whoever asks may ask once more for this assistant, `""` for all that is no id: true within the limits. Asked before anything is read or fetched. */
  limit?: (assistant: string) => Promise<boolean>;
  /** The member snapshot that the authority has for the session of this request; nothing if nobody is signed in. */
  member?: (request: HttpRequest) => Promise<Token | undefined>;
  /** The gate's own origin; that of the request's address by default. */
  origin?: string;
}

/** What somebody with a pass is about to do. */
export interface PassQuestion {
  assistant: AssistantId;
  capability: CapabilityOf<"assistant">;
  /** As of a request for a pass; asked where the pass was a member's. */
  member?: (request: HttpRequest) => Promise<Token | undefined>;
  /** Asks the authority each time, and not the copy that is a few seconds old. */
  consult?: "head";
}

/** Milliseconds before which nobody is refused, so that what was looked at cannot be told from the time that it took. */
export const REFUSAL_FLOOR = 25;
/** Longest body, in bytes: an id, and a key or an origin. */
const MAX_BODY = 4096;
/**
 * The headers of a good answer, made once. Each costs half of what the decision does, so those are left out that say something to documents
 * and to whatever is embedded: this goes to a `fetch` from the same origin alone, since nothing else sends JSON.
 */
const GIVEN = new Headers({ "Content-Type": "application/json", ...KEPT_NOWHERE });
const utf8 = new TextDecoder();
/** What stands for what is no UTF-8. */
const NO_UTF8 = "\uFFFD";

/** What of the gate a request for a pass needs. */
export interface PassOffice {
  admit(assistant: string, visitor: Visitor): Promise<Admission>;
  issuePass(admission: Admitted): Promise<Given>;
}

/** Answers `POST /v1/pass`. */
export async function passResponse(office: PassOffice, request: HttpRequest, options: PassRequestOptions): Promise<HttpResponse> {
  const began = performance.now();
  try {
    const { limit, member, origin } = readOptions(options, ["limit", "member", "origin"]);
    const fault = faultOf(request, origin);
    if (fault !== undefined) return problem(fault);
    const body = await bodyOf(request);
    if (body === undefined || body.length > MAX_BODY) return problem("too_large");
    const asked = parsed(body);
    if (asked === undefined) return problem("bad_request");
    const { assistant, visitor } = asked;
    // First, so that what is refused costs neither the store nor the authority anything.
    if (limit !== undefined && (await limit(ASSISTANT_ID.test(assistant) ? assistant : "")) !== true)
      return problem("rate_limited");
    const admitted = await (visitor === "member"
      ? admitMember(office, assistant, request, member)
      : office.admit(assistant, visitor));
    if (!admitted.admitted) {
      await floor(began);
      return problem("refused");
    }
    return new Response(answerOf(admitted, await office.issuePass(admitted)), { headers: GIVEN });
  } catch (error) {
    return unavailable(error);
  }
}

type Asked = { assistant: string; visitor: Visitor | "member" };

async function admitMember(
  office: PassOffice,
  assistant: string,
  request: Request,
  member: PassRequestOptions["member"],
): Promise<Admission> {
  const token = await member?.(request);
  return token === undefined ? { admitted: false, reason: "inactive" } : office.admit(assistant, { member: token });
}

/** Written once for each pass, which others get too. */
const answers = new WeakMap<Given, string>();

function answerOf({ name, capabilities }: Admitted, given: Given): string {
  let answer = answers.get(given);
  if (answer === undefined) {
    answer = JSON.stringify({ pass: given.pass, expires_in: given.expiresIn, name, capabilities });
    answers.set(given, answer);
  }
  return answer;
}

/** What is wrong with a request, before its body is read. None of that depends on what there is. */
function faultOf(request: Request, origin: string | undefined): ProblemCode | undefined {
  if (request.method !== "POST") return "method_not_allowed";
  const { headers } = request;
  const from = headers.get("Origin");
  const own = from === null ? headers.get("Sec-Fetch-Site") === "same-origin" : from === (origin ?? originOf(request.url));
  if (!own) return "cross_origin";
  return /^application\/json *(;|$)/i.test(headers.get("Content-Type") ?? "") ? undefined : "unsupported_media_type";
}

/** The origin of a request's address, which is in its normal form: all before the path. */
function originOf(url: string): string {
  return url.slice(0, url.indexOf("/", "https://".length));
}

/** What is asked for. */
function parsed(text: string): Asked | undefined {
  if (text.includes(NO_UTF8)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [assistant, key, embedder, member] = ["assistant", "key", "embedder", "member"].map((name) => ownProperty(value, name));
  // One thing beside the assistant, and it is one of these.
  if (typeof assistant !== "string" || Object.keys(value).length !== 2) return undefined;
  if (typeof key === "string") return { assistant, visitor: { link: key } };
  if (typeof embedder === "string") return { assistant, visitor: { origin: embedder } };
  return member === true ? { assistant, visitor: "member" } : undefined;
}

/** The body, or nothing where it is known to be too long. */
function bodyOf(request: Request): Promise<string | undefined> {
  const { headers } = request;
  // In one piece where its length is known: a stream, even one that is only looked at, costs more than all the rest. What comes in chunks
  // is as long as they are.
  const known = Number(headers.get("Content-Length") ?? Infinity) <= MAX_BODY && !headers.has("Transfer-Encoding");
  return known ? request.text() : streamed(request.body);
}

/** As much again is read of what is too long: an answer that comes while the client still writes is lost. */
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

/** Timers may be early by a part of a millisecond, so one is not enough. */
async function floor(began: number): Promise<void> {
  for (let left; (left = REFUSAL_FLOOR - (performance.now() - began)) > 0; )
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
}

/** What of the gate a request with a pass needs. */
export interface PassCheck {
  read(token: string, assistant: string): Promise<Pass>;
  standing(
    pass: Pass,
    capability: CapabilityOf<"assistant">,
    member: Token | undefined,
    consult: "head" | undefined,
  ): Promise<Admission>;
}

/** What the pass in `Authorization` still gives, or the answer to send. */
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
    const shown = pass.obtained.by === "member" ? await member?.(request) : undefined;
    const admission = await check.standing(pass, capability, shown, consult);
    if (!admission.admitted) return problem("invalid_pass");
    return admission.capabilities.includes(capability) ? { pass, admission } : problem("insufficient_pass");
  } catch (error) {
    return unavailable(error);
  }
}

/** The reason goes to the log in our own words: other messages may quote what was read. */
function unavailable(error: unknown): Response {
  const code = error instanceof WicketgateError ? error.code : undefined;
  console.error("gate:", code === "unavailable" ? (error as WicketgateError).message : (code ?? "what the gate was given failed"));
  return problem("unavailable");
}
