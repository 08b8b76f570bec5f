// A strict TypeScript consumer compiles against the tarball, whatever way modules are resolved, and its mistakes do not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bin, consumer, root, run } from "../lib/consumer.mjs";

const SOURCE = `
import { open, openSync, type Capability, type Decision, type OpenOptions, type Organization, type Principal, type Snapshot, WicketgateError } from "wicketgate";
import { init, initSync } from "wicketgate/manual";
import { detach, generateKeyPair, issue, type KeyPair } from "wicketgate/authority";
import { initSync as initAuthority } from "wicketgate/authority/manual";
import { type Admission, authoritySource, Gate, type GateOptions } from "wicketgate/gate";
import { type Pass, verifyPass } from "wicketgate/pass";

const facts: Organization = { id: "acme", users: [{ id: "vic", role: "user" }], assistants: [] };
const { publicKey, privateKey }: KeyPair = await generateKeyPair();
const token: string = await issue(facts, { key: privateKey, version: 1, expiresIn: 60, scope: { member: "vic" } });
const options: OpenOptions = { keys: { keys: [publicKey] }, now: () => 1, organization: "acme" };
const snapshot: Snapshot = await open(token, { keys: { keys: [publicKey] } });
const other: Snapshot = openSync(await detach(token), options);
const me: Principal = snapshot.as();
const may: boolean = me.can("assistant.edit", "helper");
const decision: Decision = me.check("team.create");
const reason: string = decision.allowed ? decision.because.map(({ relation }) => relation).join() : decision.denied;
const held: Capability[] = me.capabilities("helper");
const ids: string[] = [...me.list("assistant.view"), ...snapshot.whoCan("assistant.edit", "helper")];
const changes = snapshot.diff(other).map(({ user, gained, lost }) => [user, ...gained, ...lost]);
try { initSync(new Uint8Array()); initAuthority(new Uint8Array()); await init(fetch("https://cdn.example/wicketgate.wasm")); } catch (error) {
  if (error instanceof WicketgateError && error.code === "load_failed") console.log(error.path?.length);
}
snapshot.free();
const gateOptions: GateOptions = {
  source: authoritySource({ url: "https://authority.example", token: "x", fetch }), keys: () => ({ keys: [publicKey] }), issuer: "a", organization: "acme",
  passes: { keys: { keys: [privateKey] }, issuer: "g", audience: "chat" },
};
const gate = new Gate(gateOptions);
const admission: Admission = await gate.admit("helper", { link: "wk_x" });
const response: Response = await gate.passResponse(new Request("https://gate.example/v1/pass"));
const pass: Pass = await verifyPass("", { keys: gate.passKeys(), issuer: "g", audience: "chat", organization: "acme", assistant: "helper", capability: "assistant.chat" });
console.log(may, reason, held, ids, changes, admission.admitted, response.status, pass.obtained.by);
`;
const MISTAKES = `
import { open } from "wicketgate";
import { verifyPass } from "wicketgate/pass";
const me = (await open("", { keys: { keys: [] } })).as();
// @ts-expect-error misspelt
me.can("asistant.edit", "helper");
// @ts-expect-error no target
me.can("team.edit");
// @ts-expect-error one too many
me.can("team.create", "support");
// @ts-expect-error no such option
await open("", { keys: { keys: [] }, isuer: "x" });
// @ts-expect-error keys are required
await open("", {});
// @ts-expect-error whom it is for may not be forgotten
await verifyPass("", { keys: { keys: [] }, issuer: "g", organization: "acme", assistant: "helper", capability: "assistant.chat" });
`;

const base = {
  strict: true, noEmit: true, skipLibCheck: false, target: "ES2022", types: [], exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true, verbatimModuleSyntax: true, isolatedModules: true,
};
const KINDS = {
  "NodeNext": { module: "NodeNext", lib: ["ES2022", "DOM"] },
  "NodeNext, with disposables": { module: "NodeNext", lib: ["ESNext", "DOM"] },
  "Bundler": { module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022", "DOM"] },
  "Bundler, TypeScript's defaults": { module: "Preserve" },
  "a web worker": { module: "Preserve", lib: ["ES2022", "WebWorker"] },
  "an edge Worker": { module: "Preserve", lib: ["ES2022"], typeRoots: [`${root}node_modules`], types: ["@cloudflare/workers-types"] },
  // Node's own types name neither WebAssembly nor BufferSource, and the declarations of the bindings need them.
  "Node without the DOM": { module: "NodeNext", lib: ["ES2022"], typeRoots: [`${root}node_modules/@types`], types: ["node"], skipLibCheck: true },
};

let project;
before(async () => { project = await consumer(); });
after(() => project?.remove());

for (const [name, options] of Object.entries(KINDS)) {
  test(name, async () => {
    const config = `tsconfig.${Object.keys(KINDS).indexOf(name)}.json`;
    await project.write({
      "source.ts": SOURCE,
      "mistakes.ts": MISTAKES,
      [config]: JSON.stringify({ compilerOptions: { ...base, ...options }, files: ["source.ts", "mistakes.ts"] }),
    });
    assert.equal(await run(bin("tsc"), ["-p", config, "--pretty", "false"], { cwd: project.folder }), "");
  });
}
