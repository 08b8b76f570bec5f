/** Asks the core what a visitor may do, and returns the answer as an admission. All decisions are the core's. */
import type { Obtained, Pass } from "./pass-types.js";
import type { Principal } from "../snapshot/principal.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import type { AssistantId } from "../lib/types.js";
import { factsOf, nameOf, type Copy } from "./copy.js";
import { MAX_ORIGIN } from "./read-pass.js";
import type { Admission, Admitted, Refused } from "./types.js";
import { unavailable } from "./unavailable.js";

/** What a visitor without an account presents: a link key, an origin, or the digest of a key that was presented for a pass. */
export interface Credential {
  by: "link" | "origin" | "digest" | "nobody";
  value: string;
}

/** Form of an assistant's id: the characters and the length of every id. */
export const ASSISTANT_ID = /^[A-Za-z0-9_.:@-]{1,128}$/;
/** The refusal for assistants that do not exist or are not public: visitors cannot tell them apart. */
export const ABSENT: Refused = { admitted: false, reason: "unknown_target" };

/** Decides for a visitor by a copy. Admissions are remembered with the copy, under the origin or the key's digest, never under the key. */
export function admissionOf(copy: Copy | undefined, assistant: AssistantId, credential: Credential, now: number): Admission {
  if (copy === undefined) return ABSENT;
  const { snapshot } = copy;
  const { by, value } = credential;
  if (by === "origin") {
    // Longer than any origin: it would not fit into a pass.
    if (value.length > MAX_ORIGIN) return { admitted: false, reason: "origin_not_allowed" };
    return (
      copy.remembered("embed", value, now) ??
      ask(snapshot, snapshot.as({ origin: value }), assistant, copy.name, now, () => ({ by: "embed", origin: value }), copy)
    );
  }
  const digest = by === "digest" ? value : by === "link" ? snapshot.digest(value) : undefined;
  const known = digest === undefined ? undefined : copy.remembered("link", digest, now);
  if (known !== undefined) return known;
  const principal = by === "digest" ? snapshot.holder(value) : snapshot.as(by === "link" ? { link: value } : {});
  return ask(snapshot, principal, assistant, copy.name, now, () => linkOf(principal, assistant, digest!), copy);
}

function linkOf(principal: Principal, assistant: AssistantId, digest: string): Obtained {
  const [view, chat] = [principal.check("assistant.view", assistant), principal.check("assistant.chat", assistant)];
  const relations = view.allowed ? view.because : chat.allowed ? chat.because : [];
  // One key may be on two links. Then the stricter treatment of edit links applies.
  const by =
    relations.some(({ relation }) => relation === "view_link") && !relations.some(({ relation }) => relation === "edit_link")
      ? "view_link"
      : "edit_link";
  return { by, digest };
}

/** Decides for a signed-in person by their own snapshot. */
export function memberAdmission(snapshot: OpenSnapshot, assistant: AssistantId, now: number): Admission {
  const name = nameOf(factsOf(snapshot, assistant));
  return ask(snapshot, snapshot.as(), assistant, name, now, () => ({ by: "member", user: snapshot.subject! }));
}

/** The capabilities that both the admission and the pass hold: a pass never gains any. */
export function within(pass: Pass, admission: Admission): Admission {
  if (!admission.admitted) return admission;
  const capabilities = admission.capabilities.filter((name) => pass.capabilities.includes(name));
  return capabilities.length > 0 ? { ...admission, capabilities } : { admitted: false, reason: "not_granted" };
}

/** Asks the core, frees the principal, and remembers an admission with the copy. */
function ask(
  snapshot: OpenSnapshot,
  principal: Principal,
  assistant: AssistantId,
  name: string | undefined,
  now: number,
  obtained: () => Obtained,
  copy?: Copy,
): Admission {
  try {
    const capabilities = principal.capabilities(assistant);
    if (capabilities.length === 0) {
      const decision = principal.check("assistant.chat", assistant);
      const reason = decision.allowed ? "not_granted" : decision.denied;
      // An expired snapshot decides nothing: this is no refusal.
      if (reason === "expired") throw unavailable("expired");
      return { admitted: false, reason };
    }
    const by = Object.freeze(obtained());
    // Frozen, because later visitors get the same object.
    const admission: Admitted = Object.freeze({
      admitted: true,
      assistant,
      name,
      capabilities: Object.freeze(capabilities),
      obtained: by,
      version: snapshot.version,
      until: snapshot.validity(now).until,
    });
    copy?.remember(admission);
    return admission;
  } finally {
    principal.free();
  }
}
