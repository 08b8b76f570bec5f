/** Options and answers of the client for servers. */
import {
  Admin,
  AdminError,
  type AdminOptions,
  type BatchItemAnswer,
  type CommandAnswer,
  type DirectoryAnswer,
  Operator,
  type OrganizationEntry,
  type Preview,
  type ReconcileAnswer,
} from "wicketgate/admin";
import type { Command } from "wicketgate/authority";
import type { ProblemDocument } from "wicketgate/contract";
import { expect, type Same } from "./expect.js";

declare const unset: string | undefined;
declare const signal: AbortSignal;
declare const command: Command;

const admin = new Admin({ url: new URL("https://acme.example"), key: "wgk_", actAs: "ana", fetch, retries: 2, timeout: 10 });
new Admin({ url: "https://acme.example", key: "wgk_" } satisfies AdminOptions);
// @ts-expect-error a variable of the environment that may be unset
new Admin({ url: "https://acme.example", key: unset });
// @ts-expect-error misspelt
new Admin({ url: "https://acme.example", key: "wgk_", actsAs: "ana" });

expect<Same<Admin, ReturnType<typeof admin.as>>>();
expect<Same<Promise<CommandAnswer>, ReturnType<typeof admin.command>>>();
expect<Same<Promise<Preview>, ReturnType<typeof admin.preview>>>();
expect<Same<Promise<ReconcileAnswer>, ReturnType<typeof admin.reconcile>>>();
expect<Same<Promise<DirectoryAnswer>, ReturnType<typeof admin.directory>>>();

const { answers } = await admin.batch([{ command, idempotencyKey: "row", actAs: "ana" }], { atomic: true });
expect<Same<BatchItemAnswer[], typeof answers>>();
// @ts-expect-error all or none, or each for itself: a choice of the caller
await admin.batch([{ command }], {});
for await (const { version, text } of admin.events({ after: 7 })) expect<Same<[number, string], [typeof version, typeof text]>>();
for await (const { version } of admin.follow({ signal })) expect<Same<number, typeof version>>();

await admin.command(command, { idempotencyKey: "row", ifVersion: 7, signal });
// @ts-expect-error no such command
await admin.command({ type: "create_everything" });
// @ts-expect-error a field is missing
await admin.preview({ type: "create_team" });

const { result, mail } = await admin.command({ type: "create_team", name: "Support" });
expect<Same<string | undefined, typeof result.team>>();
expect<Same<"sent" | "failed" | undefined, typeof mail>>();
// @ts-expect-error tokens are in the mail alone
result.token;

declare const error: AdminError;
expect<Same<ProblemDocument | undefined, typeof error.problem>>();
if (error.code === "already_exists" || error.code === "unreachable") expect<Same<number | undefined, typeof error.status>>();

const operator = new Operator({ url: "https://platform.example", token: "token", retries: 2 });
// @ts-expect-error an API key is no operator's token
new Operator({ url: "https://platform.example", key: "wgk_" });
expect<Same<Promise<OrganizationEntry>, ReturnType<typeof operator.create>>>();
const entry = await operator.create({ id: "acme", hosts: ["acme.example"], plan: { withholds: [] } });
expect<Same<"active" | "suspended" | "deleted", typeof entry.state>>();
// @ts-expect-error without hosts
await operator.create({ id: "acme" });
await operator.change("acme", { founder: null, limits: null }, { signal });
// @ts-expect-error a name cannot be taken away
await operator.change("acme", { name: null });
await operator.found("acme", { id: "acme", users: [{ id: "ana", role: "global_admin" }] });
for await (const { id } of operator.list({ after: "acme" })) expect<Same<string, typeof id>>();
for await (const line of operator.export("acme")) expect<Same<string, typeof line>>();
await operator.import("acme", operator.export("acme"));
const { keys } = await operator.rotateKeys("acme", { atOnce: true });
expect<Same<"next" | "current" | "retired" | undefined, (typeof keys)[number]["state"] | undefined>>();
// @ts-expect-error misspelt
await operator.restored("acme", { when: 1 });
