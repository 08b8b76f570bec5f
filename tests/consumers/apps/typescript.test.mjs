// A strict TypeScript project compiles against the tarball, with every module resolution and every declaration of the platform; its mistakes do not.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { app } from "../../lib/app.mjs";

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
/** Uses no platform types: there may be none. */
const PLAIN = `
import { open, type Capability, type Decision, type OpenOptions, type Organization, type Principal, type Snapshot, WicketgateError } from "wicketgate";
import { init, initSync } from "wicketgate/manual";
import { detach, Directory, generateKeyPair, issue } from "wicketgate/authority";
import { connect, type Live } from "wicketgate/client";
import { type Admission, Gate, type GateOptions } from "wicketgate/gate";
import { type Pass, verifyPass } from "wicketgate/pass";
import { type ErrorCode } from "wicketgate/error";
import { observe } from "wicketgate/observer";
import { limits, type ProblemDocument } from "wicketgate/contract";
import { reasons } from "wicketgate/reasons";
import { fakePrincipal } from "wicketgate/testing";

export const code: ErrorCode = "expired";
export const titleOf = (problem: ProblemDocument): string => problem.title.slice(0, limits.nameCharacters);
export const fake: Principal = fakePrincipal({ user: "vic", allow: [["assistant.edit", "helper"]] });
export const [observer, words] = [observe({ principal: fake }), reasons()];
export async function run(): Promise<Capability[]> {
  const { publicKey, privateKey } = await generateKeyPair();
  const facts: Organization = { id: "acme", users: [{ id: "vic", role: "user" }], assistants: [] };
  const options: OpenOptions = { keys: { keys: [publicKey] }, now: () => 1, organization: "acme" };
  const snapshot: Snapshot = await open(await detach(await issue(facts, { key: privateKey, version: 1, expiresIn: 60 })), options);
  const me: Principal = snapshot.as();
  const decision: Decision = me.check("team.create");
  const live: Live = await connect({ issuer: "a", audience: "b", organization: "acme" });
  live.on("change", () => {});
  initSync(new Uint8Array());
  await init(new ArrayBuffer(8));
  const gateOptions: GateOptions = { source: { read: async () => "" }, keys: () => ({ keys: [publicKey] }), issuer: "a", organization: "acme", passes: { keys: { keys: [privateKey] }, issuer: "g", audience: "chat" } };
  const admission: Admission = await new Gate(gateOptions).admit("helper", { link: "wk_x" });
  const pass: Pass = await verifyPass("", { keys: { keys: [] }, issuer: "g", audience: "chat", organization: "acme", assistant: "helper", capability: "assistant.chat" });
  const { directory } = await Directory.found(facts);
  if (!decision.allowed || !admission.admitted) throw new WicketgateError("expired", pass.obtained.by + directory.version);
  return me.capabilities("helper");
}
`;
/** Adapters need the types of their framework, which need the DOM. */
const REACT = `
import { usePermission, Wicketgate } from "wicketgate/react";
export const may: boolean = usePermission("assistant.edit", "helper");
export const provider: typeof Wicketgate = Wicketgate;
`;
const VUE = `
import { usePermission, wicketgate } from "wicketgate/vue";
export const may: boolean = usePermission("assistant.edit", () => "helper").value;
export const plugin: typeof wicketgate = wicketgate;
`;
const SVELTE = `
import { permissions } from "wicketgate/svelte";
export const may: boolean = permissions().can("assistant.edit", "helper");
`;
const ANGULAR = `
import { injectPermission, WicketgateCan } from "wicketgate/angular";
export const may: boolean = injectPermission("assistant.edit", () => "helper")();
export const directive: typeof WicketgateCan = WicketgateCan;
`;
const HONO = `
import { requirePass } from "wicketgate/hono";
export const guard = requirePass({ keys: { keys: [] }, issuer: "g", audience: "chat", organization: "acme", capability: "assistant.chat", assistant: (context) => context.req.param("id") ?? "" });
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
// @ts-expect-error the audience is required
await verifyPass("", { keys: { keys: [] }, issuer: "g", organization: "acme", assistant: "helper", capability: "assistant.chat" });
`;

const base = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: "ES2022",
  types: [],
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  isolatedModules: true,
};
const esm = { ...base, verbatimModuleSyntax: true };
/** Ways to resolve modules and to declare the platform: options and files. */
const KINDS = {
  NodeNext: [{ ...esm, module: "NodeNext", lib: ["ES2022", "DOM"] }, "source.ts", "mistakes.ts"],
  "NodeNext, with disposables": [{ ...esm, module: "NodeNext", lib: ["ESNext", "DOM"] }, "source.ts", "mistakes.ts"],
  "NodeNext, Node's types and no DOM": [
    { ...esm, module: "NodeNext", lib: ["ES2022"], types: ["node"] },
    "source.ts",
    "mistakes.ts",
    "plain.ts",
  ],
  "NodeNext, no types of any platform": [{ ...esm, module: "NodeNext", lib: ["ES2022"] }, "plain.ts"],
  "Node16 from CommonJS": [{ ...base, module: "Node16", moduleResolution: "Node16", lib: ["ES2022", "DOM"] }, "required.cts"],
  "Node16 from CommonJS, Node's types and no DOM": [
    { ...base, module: "Node16", moduleResolution: "Node16", lib: ["ES2022"], types: ["node"] },
    "required.cts",
  ],
  "Node16 from CommonJS, no types of any platform": [
    { ...base, module: "Node16", moduleResolution: "Node16", lib: ["ES2022"] },
    "required.cts",
  ],
  Bundler: [{ ...esm, module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022", "DOM"] }, "source.ts", "mistakes.ts"],
  "a web worker": [
    { ...esm, module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022", "WebWorker"] },
    "source.ts",
    "mistakes.ts",
  ],
  "an edge Worker": [
    { ...esm, module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022"], types: ["@cloudflare/workers-types"] },
    "source.ts",
    "mistakes.ts",
  ],
  "wicketgate/react": [{ ...esm, module: "NodeNext", lib: ["ES2022", "DOM"] }, "react.ts"],
  "wicketgate/react from CommonJS": [
    { ...base, module: "Node16", moduleResolution: "Node16", lib: ["ES2022", "DOM"] },
    "react-required.cts",
  ],
  "wicketgate/vue": [{ ...esm, module: "NodeNext", lib: ["ES2022", "DOM"] }, "vue.ts"],
  "wicketgate/vue from CommonJS": [
    { ...base, module: "Node16", moduleResolution: "Node16", lib: ["ES2022", "DOM"] },
    "vue-required.cts",
  ],
  "wicketgate/svelte": [
    { ...esm, module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022", "DOM", "DOM.Iterable"] },
    "svelte.ts",
  ],
  "wicketgate/angular": [{ ...esm, module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022", "DOM"] }, "angular.ts"],
  "wicketgate/hono": [{ ...esm, module: "NodeNext", lib: ["ES2022", "DOM", "DOM.Iterable"] }, "hono.ts"],
  "wicketgate/hono from CommonJS": [
    { ...base, module: "Node16", moduleResolution: "Node16", lib: ["ES2022", "DOM", "DOM.Iterable"] },
    "hono-required.cts",
  ],
};

let project;
before(async () => {
  project = await app("typescript");
  for (const [name, text] of Object.entries({
    "source.ts": SOURCE,
    "mistakes.ts": MISTAKES,
    "plain.ts": PLAIN,
    "required.cts": PLAIN,
    "react.ts": REACT,
    "react-required.cts": REACT,
    "vue.ts": VUE,
    "vue-required.cts": VUE,
    "svelte.ts": SVELTE,
    "angular.ts": ANGULAR,
    "hono.ts": HONO,
    "hono-required.cts": HONO,
  }))
    await project.write(name, text);
});
after(() => project?.remove());

// The oldest supported version, and the newest of each later major version.
for (const version of ["5.2", "5.9", "6", "7"]) {
  describe(`TypeScript ${version}`, { concurrency: 2 }, () => {
    for (const [name, [compilerOptions, ...files]] of Object.entries(KINDS)) {
      // The frameworks' own declarations need newer versions.
      if (version === "5.2" && /^wicketgate\/(?!react)/.test(name)) continue;
      test(name, async () => {
        const config = `tsconfig.${version}.${Object.keys(KINDS).indexOf(name)}.json`;
        await project.write(config, JSON.stringify({ compilerOptions, files }));
        assert.equal(
          await project.run("node", `node_modules/typescript-${version}/bin/tsc`, "-p", config, "--pretty", "false"),
          "",
        );
      });
    }
  });
}
