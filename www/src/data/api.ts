// The part of the authority's HTTP interface that the console uses. The authority decides: nothing is checked here.
import { type DetachedSnapshot, type ErrorCode, type JwkSet, WicketgateError } from "wicketgate";
import type {
  ApiKeysAnswer,
  CommandAnswer,
  DeliveriesAnswer,
  Delivery,
  DeliveryAnswer,
  DirectoryAnswer,
  OrganizationAnswer,
  OrganizationLink,
  OrganizationsAnswer,
  Review,
  WebhooksAnswer,
} from "@wicketgate/edge/wire";
import type { Command, ReadAddress } from "wicketgate/authority";
import { type AuthorityProblemCode, authorityProblems, headerNames, type ProblemDocument } from "wicketgate/contract";

export type { Review };

/** A refusal of the authority (RFC 9457). */
export type Problem = ProblemDocument<AuthorityProblemCode>;

export type Failure =
  | { kind: "network" }
  /** `words`: said instead of those of the code. */
  | { kind: "refused"; problem: Problem; words?: string }
  /** An answer that is not this authority's, such as a proxy's. */
  | { kind: "unexpected"; code: string; title: string }
  | { kind: "expired" }
  | { kind: "unloaded"; code: ErrorCode }
  | { kind: "unverified"; code: ErrorCode };

export class ApiError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) return error.failure;
  if (error instanceof WicketgateError) return unverified(error.code);
  throw error;
}

/** The failure for an error code of the package. An expired token is not a forgery, and neither is one that could not be verified at all. */
export function unverified(code: ErrorCode): Failure {
  if (code === "load_failed" || code === "unsupported_engine") return { kind: "unloaded", code };
  return code === "expired" || code === "not_yet_valid" ? { kind: "expired" } : { kind: "unverified", code };
}

export function execute(command: Command): Promise<CommandAnswer> {
  return post("/v1/commands", command, { [headerNames.idempotencyKey]: crypto.randomUUID() });
}

/** How the authority reads each text as an e-mail address, in the same order. */
export async function readAddresses(addresses: readonly string[]): Promise<ReadAddress[]> {
  return (await post<{ addresses: ReadAddress[] }>("/v1/addresses", { addresses })).addresses;
}

export type Directory = DirectoryAnswer;

export function fetchDirectory(signal: AbortSignal): Promise<Directory> {
  return getJson("/v1/directory", signal);
}

/** A signed snapshot of the whole organization; `undefined` if the one with this entity tag is still current. */
export async function fetchWorkspace(
  path: string,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<{ token: DetachedSnapshot; etag: string | undefined } | undefined> {
  const response = await request(path, { signal, cache: "no-store", ...(etag && { headers: { "If-None-Match": etag } }) });
  if (response.status === 304) return undefined;
  const payload = await response.text().catch(unreachable);
  return {
    token: { payload, signature: response.headers.get(headerNames.signature) ?? "" },
    etag: response.headers.get("ETag") ?? undefined,
  };
}

export async function fetchReviews(signal: AbortSignal): Promise<Review[]> {
  return (await getJson<{ reviews: Review[] }>("/v1/reviews", signal)).reviews;
}

export function fetchWebhooks(signal: AbortSignal): Promise<WebhooksAnswer> {
  return getJson("/v1/webhooks", signal);
}

export async function fetchDeliveries(webhook: string, signal: AbortSignal): Promise<Delivery[]> {
  return (await getJson<DeliveriesAnswer>(`/v1/webhooks/${encodeURIComponent(webhook)}/deliveries`, signal)).deliveries;
}

export function fetchApiKeys(signal: AbortSignal): Promise<ApiKeysAnswer> {
  return getJson("/v1/api-keys", signal);
}

/** Sends a test event and waits for the receiver's answer. */
export async function sendTestEvent(webhook: string): Promise<Delivery> {
  return (await post<DeliveryAnswer>(`/v1/webhooks/${encodeURIComponent(webhook)}/test`, {})).delivery;
}

/** Sends the event of a delivery again, and waits for the receiver's answer. */
export async function sendAgain(webhook: string, delivery: number): Promise<Delivery> {
  return (await post<DeliveryAnswer>(`/v1/webhooks/${encodeURIComponent(webhook)}/deliveries/${delivery}/resend`, {})).delivery;
}

export function fetchKeys(signal: AbortSignal): Promise<JwkSet> {
  return getJson("/.well-known/jwks.json", signal);
}

export function fetchOrganization(): Promise<OrganizationAnswer> {
  return getJson("/v1/organization");
}

/** The organizations that the account of this session is in. */
export async function fetchOwnOrganizations(signal: AbortSignal): Promise<OrganizationLink[]> {
  return (await getJson<OrganizationsAnswer>("/v1/session/organizations", signal)).organizations;
}

/** The person who is signed in, or the code that says why nobody is; `undefined` if the authority does not answer. */
export async function fetchSession(): Promise<{ user: string } | { code: AuthorityProblemCode } | undefined> {
  try {
    return await getJson("/v1/session");
  } catch (error) {
    const failure = failureOf(error);
    return failure.kind === "refused" ? { code: failure.problem.code } : undefined;
  }
}

/** Ends the session of this browser, or with `everywhere` the sessions of all browsers. */
export async function signOut({ everywhere }: { everywhere: boolean }): Promise<void> {
  await post("/v1/session/end", { everywhere });
}

/** Starts the sign-in that accepts the invitation. @returns the address at which it continues */
export async function startInvitation(token: string): Promise<string> {
  const answer = await post<{ location: string }>("/v1/invitation", { token });
  return answer.location;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return read(await request(path, signal ? { signal } : {}));
}

export async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const response = await request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? (undefined as T) : read(response);
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch(unreachable);
  if (response.ok || response.status === 304) return response;
  throw new ApiError(await failureIn(response));
}

async function failureIn(response: Response): Promise<Failure> {
  const answer: unknown = await response.json().catch(() => undefined);
  const { code = String(response.status), title = "The authority gave an unexpected answer" }: { code?: unknown; title?: unknown } =
    typeof answer === "object" && answer !== null ? answer : {};
  if (typeof title === "string" && isProblemCode(code)) return { kind: "refused", problem: answer as Problem };
  return { kind: "unexpected", code: String(code), title: String(title) };
}

export function isProblemCode(code: unknown): code is AuthorityProblemCode {
  return typeof code === "string" && Object.hasOwn(authorityProblems, code);
}

/** The body of a response. The connection may break while it arrives. */
function read<T>(response: Response): Promise<T> {
  return response.json().catch(unreachable);
}

function unreachable(): never {
  throw new ApiError({ kind: "network" });
}
