/** Asks the core what a visitor may do, and says it in the words of the gate. Nothing is decided here. */
import type { Obtained, Pass } from "./pass-types.js";
import type { Principal } from "../snapshot/principal.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import type { AssistantId } from "../lib/types.js";
import { factsOf, nameOf, type Copy } from "./copy.js";
import { MAX_ORIGIN } from "./read-pass.js";
import type { Admission, Admitted, Refused } from "./types.js";
import { unavailable } from "./unavailable.js";

/** What a visitor without an account shows, or has shown to get a pass. */
export interface Shown {
  by: "link" | "origin" | "digest" | "nobody";
  what: string;
}

/** Of an assistant: the characters and the length of every id. */
export const ASSISTANT_ID = /^[A-Za-z0-9_.:@-]{1,128}$/;
/** Unknown and not public alike. */
export const ABSENT: Refused = { admitted: false, reason: "unknown_target" };

/** What a visitor may do by a copy. What was answered before is remembered with it: by the origin or by the key's digest, never by the key. */
export function admissionOf(copy: Copy | undefined, assistant: AssistantId, shown: Shown, now: number): Admission {
  if (copy === undefined) return ABSENT;
  const { snapshot } = copy;
  const { by, what } = shown;
  if (by === "origin") {
    // Longer than any origin: it would not fit into a pass.
    if (what.length > MAX_ORIGIN) return { admitted: false, reason: "origin_not_allowed" };
    return (
      copy.remembered("embed", what, now) ??
      asked(snapshot, snapshot.as({ origin: what }), assistant, copy.name, now, () => ({ by: "embed", origin: what }), copy)
    );
  }
  const digest = by === "digest" ? what : by === "link" ? snapshot.digest(what) : undefined;
  const known = digest === undefined ? undefined : copy.remembered("link", digest, now);
  if (known !== undefined) return known;
  const principal = by === "digest" ? snapshot.holder(what) : snapshot.as(by === "link" ? { link: what } : {});
  return asked(snapshot, principal, assistant, copy.name, now, () => linkOf(principal, assistant, digest!), copy);
}

function linkOf(principal: Principal, assistant: AssistantId, digest: string): Obtained {
  const [view, chat] = [principal.check("assistant.view", assistant), principal.check("assistant.chat", assistant)];
  const relations = view.allowed ? view.because : chat.allowed ? chat.because : [];
  // A key may be on two links: then it is held to what the stronger one is held to.
  const by =
    relations.some(({ relation }) => relation === "view_link") && !relations.some(({ relation }) => relation === "edit_link")
      ? "view_link"
      : "edit_link";
  return { by, digest };
}

/** What a signed-in person may do, by their own snapshot. */
export function memberAdmission(snapshot: OpenSnapshot, assistant: AssistantId, now: number): Admission {
  const name = nameOf(factsOf(snapshot, assistant));
  return asked(snapshot, snapshot.as(), assistant, name, now, () => ({ by: "member", user: snapshot.subject! }));
}

/** The part of an admission that a pass is for as well: it never grows under a pass. */
export function within(pass: Pass, admission: Admission): Admission {
  if (!admission.admitted) return admission;
  const capabilities = admission.capabilities.filter((name) => pass.capabilities.includes(name));
  return capabilities.length > 0 ? { ...admission, capabilities } : { admitted: false, reason: "not_granted" };
}

/** Asks, frees the principal, and has the copy remember whom it admits. */
function asked(
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
      // An old snapshot says nothing about now.
      if (reason === "expired") throw unavailable("expired");
      return { admitted: false, reason };
    }
    const by = Object.freeze(obtained());
    // Frozen: others get the same one.
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
