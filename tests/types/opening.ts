/** Tokens, options and results of opening. */
import {
  open,
  openSync,
  type Decision,
  type DetachedSnapshot,
  type ErrorCode,
  type JwkSet,
  type Organization,
  type Principal,
  type Snapshot,
  type UserId,
  WicketgateError,
} from "wicketgate";
import { init, initSync } from "wicketgate/manual";
import { expect, type Same } from "./expect.js";

declare const keys: JwkSet;
declare const user: UserId;

expect<Same<Promise<Snapshot>, ReturnType<typeof open>>>();
expect<Same<Snapshot, ReturnType<typeof openSync>>>();
await open("token", { keys });
await open("token", { keys: { keys: [{ kty: "OKP", crv: "Ed25519", x: "", kid: "" }] } });
await open(
  { payload: "", signature: "" },
  { keys, now: 1, issuer: "", audience: "", organization: "", minEpoch: 1, minVersion: 1, clockTolerance: 5, maxBytes: 1 },
);
await open({ payload: new Uint8Array(), signature: "" } satisfies DetachedSnapshot, { keys, now: () => 1 });
// @ts-expect-error keys are required
await open("token", {});
// @ts-expect-error options are required
await open("token");
// @ts-expect-error misspelt
await open("token", { keys, isuer: "" });
// @ts-expect-error one audience
await open("token", { keys, audience: ["a", "b"] });
// @ts-expect-error not a Date
await open("token", { keys, now: new Date() });
// @ts-expect-error not an array of keys
await open("token", { keys: [] });
// @ts-expect-error no signature
await open({ payload: "" }, { keys });
// @ts-expect-error a compact token is a string
await open(new Uint8Array(), { keys });

const snapshot = openSync("token", { keys });
expect<Same<"workspace" | "member" | "gate", typeof snapshot.scope>>();
expect<Same<number, typeof snapshot.version | typeof snapshot.expiresAt>>();
expect<Same<string, typeof snapshot.organization>>();
expect<Same<UserId | undefined, typeof snapshot.subject>>();
expect<Same<Organization, ReturnType<typeof snapshot.facts>>>();
expect<Same<Principal, ReturnType<typeof snapshot.as>>>();
// @ts-expect-error read only
snapshot.version = 2;

snapshot.as();
snapshot.as({});
snapshot.as({ user, link: "wk_", origin: undefined });
// @ts-expect-error misspelt
snapshot.as({ usr: "ana" });
// @ts-expect-error an object is required
snapshot.as("ana");

const disposable: Disposable = snapshot;
const another: Disposable = snapshot.as();

await init();
await init(fetch(""));
await init(new Uint8Array());
await init(Promise.resolve(new WebAssembly.Module(new Uint8Array())));
initSync(new Uint8Array());
initSync(new WebAssembly.Module(new Uint8Array()));

const error = new WicketgateError("expired", "expired at 1, now is 2", { path: "exp" });
expect<Same<ErrorCode, typeof error.code>>();
expect<Same<string | undefined, typeof error.path>>();
if (error.code === "rolled_back" || error.code === "not_initialized" || error.code === "freed") throw error;
// @ts-expect-error no such code
if (error.code === "rolledback") throw error;

expect<Same<(Decision & { allowed: false }) | undefined, typeof error.decision>>();

// Every object with the methods is a principal: a fake, a proxy, a copy.
const fake: Principal = {
  can: () => true,
  check: () => ({ allowed: false, denied: "not_granted" }),
  assert() {},
  capabilities: () => [],
  list: () => [],
  canAssignRole: () => false,
  free() {},
  [Symbol.dispose]() {},
};
expect<Same<void, ReturnType<typeof fake.assert>>>();

export { another, disposable, fake };
