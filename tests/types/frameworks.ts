/** The observer, reasons in words, and fakes for tests. */
import type { Asked, Decision, Principal } from "wicketgate";
import { WicketgateError, type ErrorCode, type Live } from "wicketgate/error";
import { observe, type WicketgateState } from "wicketgate/observer";
import { reasons, sentences, type Sentences } from "wicketgate/reasons";
import { fakeLive, fakePrincipal, signedSnapshot } from "wicketgate/testing";
import { expect, type Same } from "./expect.js";

declare const asked: Asked;

const principal: Principal = fakePrincipal({ user: "vic", allow: [["assistant.edit", "helper"], ["team.create"]] });
const live: Live = fakeLive({ me: principal, freshness: "stale" });
// @ts-expect-error misspelt
fakePrincipal({ allow: [["asistant.edit", "helper"]] });
// @ts-expect-error no target
fakePrincipal({ allow: [["assistant.edit"]] });
// @ts-expect-error no such event
fakeLive().emit("changed");
// @ts-expect-error not a freshness
fakeLive().emit("freshness", "loading");
const opened: Principal = (await (await signedSnapshot({ id: "acme" }, { as: "vic" })).open({ organization: "acme" })).as();

const observer = observe({ live, principal, connect: { url: "https://authority.acme.example" } });
expect<Same<boolean, ReturnType<typeof observer.can>>>();
expect<Same<Decision, ReturnType<typeof observer.check>>>();
expect<Same<WicketgateState, typeof observer.state>>();
observer.can("assistant.edit", undefined);
observer.can(...asked);
observe({ connect: async (signal) => (signal.aborted, live) });
// @ts-expect-error misspelt
observer.can("asistant.edit", "helper");
// @ts-expect-error the observer sets the signal
observe({ connect: { signal: new AbortController().signal } });

const { not_granted, ...rest } = sentences.denied;
// @ts-expect-error a sentence is missing
export const incomplete: Sentences = { ...sentences, denied: rest };
export const text: string = reasons({ ...sentences, denied: { ...rest, not_granted: ({ plan }) => plan ?? "" } }).why(
  principal.check("team.create"),
  { teams: [] },
);

expect<Same<ErrorCode, WicketgateError["code"]>>();
export { not_granted, opened };
