/** Options and answers of the gate, and the verification of passes. */
import type { CapabilityOf, ErrorCode, JwkSet } from "wicketgate";
import {
  type Admission,
  type Admitted,
  authoritySource,
  Gate,
  type GateOptions,
  keyValueSource,
  MemorySource,
  type Pass,
  type Refused,
  remoteKeys,
  type SnapshotSource,
  type Token,
  type Visitor,
} from "wicketgate/gate";
import { framing, requirePass } from "wicketgate/hono";
import { type Obtained, type PassExpectations, PASS_TYPE, verifyPass } from "wicketgate/pass";
import { expect, type Same } from "./expect.js";

declare const keys: JwkSet;
declare const token: Token;
declare const request: Request;
declare const unset: string | undefined;

const passes = { keys, issuer: "https://gate.acme.example", audience: "chat" };
const options = {
  source: new MemorySource(),
  keys: () => keys,
  issuer: "https://authority.acme.example",
  organization: "acme",
  passes,
} satisfies GateOptions;
const gate = new Gate(options);
new Gate({
  ...options,
  keys: remoteKeys(async () => keys),
  members: { audience: "console" },
  revalidateAfter: 10,
  grace: 300,
  timeout: 2000,
  maxCopies: 10,
  now: () => 1,
});
new Gate({
  ...options,
  source: keyValueSource(
    { get: async () => null },
    { prefix: "gate:acme:", authority: authoritySource({ url: "https://a.example", token: "x", fetch }).authority },
  ),
});
// @ts-expect-error misspelt
new Gate({ ...options, revalidateafter: 10 });
// @ts-expect-error an unset variable must not switch a check off
new Gate({ ...options, audience: unset });
// @ts-expect-error an organization is required
new Gate({ source: options.source, keys: options.keys, issuer: "", passes });
// @ts-expect-error passes have an audience
new Gate({ ...options, passes: { keys, issuer: "" } });
// @ts-expect-error keys are a function, because they may change
new Gate({ ...options, keys });

expect<Same<Promise<Admission>, ReturnType<typeof gate.admit>>>();
await gate.admit("site", { link: "wk_" });
await gate.admit("site", { origin: "https://docs.acme.example" });
await gate.admit("site", { member: token });
await gate.admit("site", {});
// @ts-expect-error a visitor cannot claim to be a user
await gate.admit("site", { user: "vic" });
// @ts-expect-error the key of the link is required
await gate.admit("site", { link: unset });
// @ts-expect-error the credential of the visitor is named
await gate.admit("site");
({ link: "wk_" }) satisfies Visitor;

const admission = await gate.admit("site", {});
// @ts-expect-error it may be refused
admission.capabilities;
if (admission.admitted) {
  expect<Same<Admitted, typeof admission>>();
  expect<Same<readonly CapabilityOf<"assistant">[], typeof admission.capabilities>>();
  expect<Same<Promise<{ pass: string; expiresIn: number }>, ReturnType<typeof gate.issuePass>>>();
  await gate.issuePass(admission);
} else {
  expect<Same<Refused, typeof admission>>();
  // @ts-expect-error a refusal gets no pass
  await gate.issuePass(admission);
}
expect<Same<JwkSet, ReturnType<typeof gate.passKeys>>>();
expect<Same<Promise<string>, ReturnType<typeof gate.frameAncestors>>>();
expect<Same<Promise<Response>, ReturnType<typeof gate.passResponse>>>();
await gate.passResponse(request, { limit: async () => true, member: async () => undefined, origin: "https://gate.acme.example" });

const answer = await gate.authorize(request, {
  assistant: "site",
  capability: "assistant.chat",
  consult: "head",
  member: async () => token,
});
if (!(answer instanceof Response)) expect<Same<{ pass: Pass; admission: Admitted }, typeof answer>>();
// @ts-expect-error misspelt
await gate.authorize(request, { assistant: "site", capability: "assistant.chatt" });
// @ts-expect-error a capability of another kind
await gate.authorize(request, { assistant: "site", capability: "team.edit" });

const expected = {
  keys,
  issuer: "",
  audience: "",
  organization: "",
  assistant: "site",
  capability: "assistant.chat",
} satisfies PassExpectations;
const pass = await verifyPass("token", expected);
expect<Same<Pass, typeof pass>>();
expect<Same<"wicketgate-pass+jwt", typeof PASS_TYPE>>();
await verifyPass("token", { ...expected, now: 1, clockTolerance: 5 });
// @ts-expect-error all expectations are required
await verifyPass("token", { keys, issuer: "", audience: "", organization: "", assistant: "site" });
// @ts-expect-error no expectation may be undefined
await verifyPass("token", { ...expected, issuer: unset });
// @ts-expect-error misspelt
await verifyPass("token", { ...expected, capability: "assistant.fly" });
await gate.recheck(pass, "assistant.edit", { member: token, consult: "head" });
if (pass.obtained.by === "embed") expect<Same<string, typeof pass.obtained.origin>>();
({ by: "member", user: "vic" }) satisfies Obtained;
"wrong_assistant" satisfies ErrorCode, "not_granted" satisfies ErrorCode, "unavailable" satisfies ErrorCode;

requirePass({
  keys,
  issuer: "",
  audience: "",
  organization: "",
  capability: "assistant.chat",
  assistant: (context) => context.req.param("assistant") ?? "",
});
// @ts-expect-error all expectations are required
requirePass({ keys, issuer: "", organization: "", capability: "assistant.chat", assistant: () => "site" });
framing(gate, (context) => context.req.param("assistant") ?? "");

const source: SnapshotSource = { read: async () => undefined };
new Gate({ ...options, source });
// @ts-expect-error the answer must be used
({ read: async () => {} }) satisfies SnapshotSource;
