/** Commands, their results, and refusals. */
import {
  CommandRefused,
  Directory,
  verifyChain,
  type Actor,
  type Capability,
  type Command,
  type CommandResult,
  type Denied,
  type DirectoryEvent,
  type DirectoryView,
  type ErrorCode,
  type Jwk,
  type Organization,
  type Preview,
  type RefusalCode,
} from "wicketgate/authority";
import { expect, type Same } from "./expect.js";

declare const facts: Organization;
declare const key: Jwk;

expect<Same<Actor, { user: string; via?: string } | { key: string } | "system">>();
const { directory, event } = await Directory.found(facts, { now: 1 });
expect<Same<DirectoryEvent, typeof event>>();
expect<Same<Promise<Directory>, ReturnType<typeof Directory.restore>>>();

const decided = directory.decide({ user: "ana" }, { type: "create_team", name: "Support" });
expect<Same<CommandResult, typeof decided.result>>();
expect<Same<string | undefined, typeof decided.result.key>>();
directory.apply(decided.event);
directory.execute(
  "system",
  { type: "accept_invitation", token: "", issuer: "", subject: "", email: "" },
  { now: 1, entropy: new Uint8Array(32) },
);
directory.execute("system", { type: "set_embed", assistant: "a", origins: null });
directory.execute("system", { type: "remove_user", user: "a", successors: { helper: "b" } });
// @ts-expect-error no such command
directory.execute("system", { type: "create_teem", name: "" });
// @ts-expect-error a team has a name
directory.execute("system", { type: "create_team" });
// @ts-expect-error misspelt
directory.execute("system", { type: "create_team", name: "", expire: 7 });
// @ts-expect-error no such accessibility
directory.execute("system", { type: "set_accessibility", assistant: "a", accessibility: "everybody" });
// @ts-expect-error the value to set is required
directory.execute("system", { type: "set_embed", assistant: "a" });
// @ts-expect-error an actor is a user or the system
directory.execute("ana", { type: "create_team", name: "" });
// @ts-expect-error the events are applied as they were written
directory.apply({ text: "" });

expect<Same<string, ReturnType<typeof directory.snapshot>>>();
directory.snapshot({ key, expiresIn: 60, scope: { member: "ana" } });
directory.delta(1, { key, expiresIn: 60 });
directory.headToken({ key, expiresIn: 60 });
// @ts-expect-error the directory sets the version
directory.snapshot({ key, expiresIn: 60, version: 1 });
// @ts-expect-error a head has no scope
directory.headToken({ key, expiresIn: 60, scope: "workspace" });
expect<Same<string, ReturnType<typeof directory.facts>>>();
directory.holdsEverything({ user: "ana" });
directory.execute({ user: "ana" }, { type: "complete_review" });
directory.execute("system", { type: "begin_epoch", epoch: 1 });
expect<Same<number, typeof directory.epoch>>();
expect<Same<DirectoryView, ReturnType<typeof directory.view>>>();
directory.execute("system", { type: "grant", assistant: "a", user: "b", role: "editor", expires: null });
// @ts-expect-error an expiry is a time or undefined
directory.execute("system", { type: "grant", assistant: "a", user: "b", role: "editor", expires: "never" });
const gone: string[] = decided.gone;
const {
  changes,
  others,
  holdings = [],
  visitors,
  ended,
}: Preview = directory.preview({ user: "ana" }, { type: "suspend_user", user: "bob" }, { now: 1 });
expect<Same<number, typeof others>>();
expect<Same<"team" | "assistant" | undefined, (typeof holdings)[0]["kind"] | undefined>>();
expect<Same<number | undefined, (typeof holdings)[0]["after"][0]["expires"]>>();
expect<Same<Capability[], typeof visitors.gained>>();
expect<Same<string[] | undefined, typeof ended>>();
expect<Same<Capability[] | undefined, (typeof changes)[0]["lost"] | undefined>>();
// @ts-expect-error nothing is made that would need it
directory.preview("system", { type: "create_team", name: "" }, { entropy: new Uint8Array(32) });
expect<Same<Promise<string>, ReturnType<typeof verifyChain>>>();

declare const refused: CommandRefused;
expect<Same<RefusalCode, typeof refused.code>>();
expect<Same<Capability | undefined, typeof refused.capability>>();
expect<Same<Denied | undefined, typeof refused.denied>>();
expect<Same<number | undefined, typeof refused.until>>();
const code: ErrorCode = refused.code;
export const types: [Command["type"], ErrorCode, string[]] = ["grant", code, gone];
