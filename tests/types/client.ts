/** Options, events and methods of the live client. */
import { type ErrorCode, type Principal, type Snapshot, WicketgateError } from "wicketgate";
import { type ConnectOptions, connect, type Freshness, type Live, type LiveStorage, localStorageOf } from "wicketgate/client";
import { expect, type Same } from "./expect.js";

declare const storage: LiveStorage;
declare const signal: AbortSignal;

expect<Same<Promise<Live>, ReturnType<typeof connect>>>();
await connect();
await connect({});
await connect({
  url: "",
  issuer: "",
  audience: "",
  organization: "",
  keys: { keys: [] },
  storage,
  fetch,
  WebSocket,
  now: () => 1,
  crossTab: false,
  signal,
});
await connect({ url: new URL("https://authority.acme.example"), storage: localStorageOf() });
await connect({ storage: localStorage } satisfies ConnectOptions);
// @ts-expect-error misspelt
await connect({ isuer: "" });
// @ts-expect-error an unset variable must not switch a check off
await connect({ issuer: undefined });
// @ts-expect-error the clock must be a function
await connect({ now: 1 });

const live = await connect();
expect<Same<Snapshot, typeof live.snapshot>>();
expect<Same<Principal, typeof live.me>>();
expect<Same<number, typeof live.version>>();
expect<Same<"fresh" | "stale" | "expired", typeof live.freshness>>();
expect<Same<Freshness, typeof live.freshness>>();
expect<Same<Promise<void>, ReturnType<typeof live.refresh>>>();
expect<Same<void, ReturnType<typeof live.close>>>();
// @ts-expect-error read only
live.snapshot = live.snapshot;

const off = live.on("change", () => {});
expect<Same<() => void, typeof off>>();
live.on("freshness", (freshness) => expect<Same<Freshness, typeof freshness>>());
live.on("error", (error) => expect<Same<WicketgateError, typeof error>>());
live.on("signedOut", ({ code }) => expect<Same<ErrorCode, typeof code>>());
// @ts-expect-error misspelt
live.on("changed", () => {});
// @ts-expect-error the event has no argument
live.on("change", (what: string) => what);

// @ts-expect-error only connect makes one
new Live({}).idle;
live satisfies Disposable;
