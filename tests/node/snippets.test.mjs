// Runs the code in the documents exactly as printed, with stand-ins for its surroundings; TypeScript is compiled as well.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { detach, Directory, generateKeyPair, issue } from "wicketgate/authority";
import { authoritySource, Gate } from "wicketgate/gate";
import { root } from "../lib/consumer.mjs";
import { acme, digest, ORIGIN, VIEW } from "../lib/world.mjs";

const AUTHORITY = "https://authority.acme.example";
const GATE = "https://gate.acme.example";
const [authority, passes] = await Promise.all([generateKeyPair(), generateKeyPair()]);
const jwks = { keys: [authority.publicKey] };

/** The organization of the examples: `helper` is public. */
const facts = acme();
facts.assistants = [
  {
    id: "helper",
    project: "faq",
    owner: "vic",
    accessibility: "public",
    links: [{ id: "l", level: "view", digest: digest(VIEW) }],
    embed: { origins: [ORIGIN] },
  },
  { id: "draft", project: "faq", owner: "vic", accessibility: "only_me" },
];
const claims = { key: authority.privateKey, issuer: AUTHORITY, version: 1, expiresIn: 600 };
const member = () => issue(facts, { ...claims, audience: "wicketgate-console", scope: { member: "vic" } });
const gateSnapshot = () => issue(facts, { ...claims, audience: "wicketgate-gate", scope: { gate: ["helper"] } });

const { directory: founded } = await Directory.found(facts);
const { version: _, ...current } = claims;
const gateHead = () => founded.headToken({ ...current, audience: "wicketgate-gate", assistant: { id: "helper", version: 1 } });

/** Answers of all servers that the examples ask. */
/** The heading of an export, and its event. */
const EXPORT = ['{"version":1}', '{"version":1,"text":"{}"}'];

async function fetchOf(input) {
  const { pathname } = new URL(typeof input === "string" ? input : (input.url ?? input), AUTHORITY);
  if (pathname === "/.well-known/jwks.json") return Response.json(jwks);
  if (pathname === "/.well-known/pass-jwks.json") return Response.json({ keys: [passes.publicKey] });
  if (pathname === "/v1/commands") return Response.json({ version: 2, result: { team: "t_1" } });
  if (pathname === "/v1/workspace") return signed(await issue(facts, { ...claims, scope: "overview" }));
  if (pathname === "/v1/organizations/acme/export") return new Response(EXPORT.map((line) => `${line}\n`).join(""));
  if (pathname.startsWith("/v1/organizations"))
    return Response.json({ id: "acme", organizations: [{ id: "acme", state: "active" }] });
  const token = pathname.endsWith("/head") ? gateHead() : await (pathname.startsWith("/v1/gate/") ? gateSnapshot() : member());
  return signed(token);
}

async function signed(token) {
  const { payload, signature } = await detach(token);
  return new Response(payload, { headers: { "Wicketgate-Signature": signature } });
}

const store = { get: async (key) => (key === "gate:acme:helper" ? gateSnapshot() : null) };
const gateOf = (audience) =>
  new Gate({
    source: { read: gateSnapshot, authority: authoritySource({ url: AUTHORITY, token: "x", fetch: fetchOf }).authority },
    keys: async () => jwks,
    issuer: AUTHORITY,
    organization: "acme",
    passes: { keys: { keys: [passes.privateKey] }, issuer: GATE, audience },
  });
async function passOf(audience) {
  const gate = gateOf(audience);
  return (await gate.issuePass(await gate.admit("helper", { link: VIEW }))).pass;
}
const askForPass = (url = GATE) =>
  new Request(`${url}/v1/pass`, {
    method: "POST",
    headers: { Origin: new URL(url).origin, "Content-Type": "application/json" },
    body: JSON.stringify({ assistant: "helper", key: VIEW }),
  });

class Socket {
  close() {}
}

/** In the order of the document. `given`: names that an example takes from its surroundings; `then`: checks afterwards. */
const EXAMPLES = {
  "README.md": [
    { given: { Wicketgate: () => null, Can: () => null, Editor: () => null, ReadOnly: () => null } },
    {
      given: { draw() {} },
      page: true,
      names: ["live"],
      then: ({ live }) => {
        assert.equal(live.me.can("assistant.edit", "helper"), true);
        live.close();
      },
    },
    {
      given: { GATE_TOKEN: "x", PASS_KEYS: { keys: [passes.privateKey] }, env: { GATE: store }, request: askForPass() },
      names: ["gate"],
      declare:
        'declare const GATE_TOKEN: string, PASS_KEYS: import("wicketgate").JwkSet, env: { GATE: KVNamespace }, request: Request;',
      then: async ({ gate }) => assert.equal((await gate.passResponse(askForPass())).status, 200),
    },
    { given: { token: await issue(facts, { ...claims, audience: "acme-server" }), keys: jwks } },
  ],
  "docs/package.md": [
    {
      given: {},
      names: ["me"],
      then: ({ me }) =>
        assert.deepEqual([me.can("assistant.edit", "helper"), me.list("assistant.view")], [true, ["draft", "helper"]]),
    },
    {
      given: { draw() {}, showFreshness() {}, showSignIn() {} },
      page: true,
      names: ["live"],
      then: ({ live }) => {
        assert.equal(live.me.can("assistant.edit", "helper"), true);
        live.close();
      },
    },
    {
      given: { root: { render() {} }, App: () => null, AskAnAdmin: () => null, NewTeam: () => null },
      names: ["Toolbar", "Wicketgate"],
      async then({ Toolbar, Wicketgate }) {
        const { createElement } = await import("react");
        const { renderToString } = await import("react-dom/server");
        assert.match(
          renderToString(createElement(Wicketgate, {}, createElement(Toolbar, { assistant: "helper" }))),
          /<button disabled="">Edit/,
        );
      },
    },
    {
      names: ["fake", "me", "reasons"],
      then({ fake, me, reasons }) {
        assert.equal(fake.can("assistant.edit", "helper"), true);
        assert.equal(reasons().why(me.check("team.create")), "None of your roles grants it.");
      },
    },
    {
      given: { GATE_TOKEN: "x", PASS_KEYS: { keys: [passes.privateKey] }, env: { GATE: store }, request: askForPass() },
      names: ["gate"],
      declare:
        'declare const GATE_TOKEN: string, PASS_KEYS: import("wicketgate").JwkSet, env: { GATE: KVNamespace }, request: Request;',
      async then({ gate }) {
        assert.equal((await gate.passResponse(askForPass())).status, 200);
        assert.equal(await gate.frameAncestors("helper"), `frame-ancestors ${ORIGIN}`);
      },
    },
    { given: { token: await passOf("chat"), keys: { keys: [passes.publicKey] } } },
    {
      given: {},
      names: ["payload", "signature"],
      then: ({ payload, signature }) => assert.ok(payload.length > 0 && signature.includes("..")),
    },
    {
      given: { WICKETGATE_KEY: "wgk_key" },
      names: ["version", "result"],
      then: ({ version, result }) => assert.deepEqual([version, result], [2, { team: "t_1" }]),
    },
    {
      given: { WICKETGATE_KEY: "wgk_x", issuer: AUTHORITY, version: 1 },
      names: ["replica"],
      then: ({ replica }) => {
        assert.equal(replica.as({ user: "vic" }).can("assistant.edit", "helper"), true);
        replica.close();
      },
    },
    {
      given: {
        OPERATOR_TOKEN: "token",
        elsewhere: {
          async import(_id, lines) {
            this.lines = [];
            for await (const line of lines) this.lines.push(line);
          },
        },
      },
      then: (_, { elsewhere }) => assert.deepEqual(elsewhere.lines, EXPORT),
    },
  ],
  "docs/gate.md": [
    {
      given: { token: await passOf("wicketgate-chat") },
      names: ["pass"],
      then: ({ pass }) => assert.equal(pass.obtained.by, "view_link"),
    },
    {
      given: {
        gate: gateOf("wicketgate-chat"),
        request: new Request(`${GATE}/chat`, { headers: { Authorization: `Bearer ${await passOf("wicketgate-chat")}` } }),
      },
      handler: (answer) => assert.equal(answer, undefined, "the example goes on"),
    },
    {
      given: { PAGE: "<!doctype html>" },
      declare: "declare const PAGE: string;",
      async exported(worker) {
        const env = {
          GATE: store,
          AUTHORITY: { fetch: fetchOf },
          GATE_TOKEN: "x",
          PASS_KEYS: JSON.stringify({ keys: [passes.privateKey] }),
          PASSES: { limit: async () => ({ success: true }) },
        };
        const get = (path) => worker.fetch(new Request(GATE + path), env);
        assert.equal((await worker.fetch(askForPass(), env)).status, 200);
        assert.equal((await (await get("/.well-known/pass-jwks.json")).json()).keys.length, 1);
        assert.match((await get("/embed/helper")).headers.get("Content-Security-Policy"), new RegExp(`frame-ancestors ${ORIGIN}$`));
        assert.equal((await get("/else")).status, 404);
      },
    },
    {
      given: { gate: gateOf("chat"), key: VIEW, log: assert.fail },
      names: ["admission"],
      then: ({ admission }) => assert.deepEqual(admission.capabilities, ["assistant.view", "assistant.chat"]),
    },
    {
      given: { keys: { keys: [passes.publicKey] }, gate: gateOf("wicketgate-chat"), app: new (await import("hono")).Hono() },
      declare:
        'import { Hono } from "hono"; import type { Gate } from "wicketgate/gate"; declare const keys: import("wicketgate").JwkSet, gate: Gate; const app = new Hono();',
      async then(_, { app }) {
        app.get("/embed/:assistant", (c) => c.text("framed"));
        const answer = await app.request("/chat/helper", {
          method: "POST",
          headers: { Authorization: `Bearer ${await passOf("wicketgate-chat")}` },
        });
        assert.deepEqual(await answer.json(), { to: "helper" });
        assert.equal((await app.request("/chat/helper", { method: "POST" })).status, 401);
        assert.match((await app.request("/embed/helper")).headers.get("Content-Security-Policy"), /frame-ancestors/);
      },
    },
  ],
  "docs/authority.md": [
    {
      given: { write: async () => {}, respond: () => {} },
      names: ["directory"],
      then: ({ directory }) => assert.equal(directory.version, 2),
    },
    { given: { directory: await directoryOf() } },
    { given: { ...(await historyOf()) }, names: ["head"], then: ({ head }) => assert.equal(head.length, 43) },
    { given: await stateOf(), names: ["restored"], then: ({ restored }) => assert.equal(restored.version, 1) },
  ],
};

async function directoryOf() {
  const { directory } = await Directory.found({
    id: "acme",
    users: [
      { id: "ana", role: "global_admin" },
      { id: "bob", role: "user" },
    ],
    teams: [{ id: "support", members: [{ user: "bob", role: "viewer" }] }],
  });
  return directory;
}

/** A directory, and the storage of its state. */
async function stateOf() {
  const { directory } = await Directory.found({ id: "acme", users: [{ id: "ana", role: "global_admin" }] });
  const partsInOrder = [];
  return { Directory, directory, partsInOrder, write: async (n, part) => (partsInOrder[n] = part) };
}

async function historyOf() {
  const directory = await directoryOf();
  const events = [(await Directory.found({ id: "acme", users: [{ id: "ana", role: "global_admin" }] })).event];
  const page = [
    directory.execute({ user: "ana" }, { type: "create_team", name: "Two" }).event,
    directory.execute({ user: "ana" }, { type: "create_team", name: "Three" }).event,
  ];
  return { events, page, hashOfTheEventBeforeThePage: JSON.parse(page[0].text).previous };
}

const blocks = (document) =>
  [...readFileSync(join(root, document), "utf8").matchAll(/^```(js|jsx|ts|tsx)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
    language,
    code,
  }));

let folder;
before(() => {
  mkdirSync(join(root, "target"), { recursive: true });
  folder = mkdtempSync(join(root, "target", "snippets-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const [document, examples] of Object.entries(EXAMPLES)) {
  describe(`the code of ${document}`, () => {
    test("is complete here", () => assert.equal(blocks(document).length, examples.length));

    for (const [index, { language, code }] of blocks(document).entries()) {
      const { given = {}, names = [], then, handler, exported, page } = examples[index] ?? {};
      test(`number ${index + 1} runs as printed: ${code.split("\n").find((line) => line && !line.startsWith("import"))}`, async (t) => {
        const { fetch, WebSocket, location } = globalThis;
        Object.assign(globalThis, {
          fetch: fetchOf,
          WebSocket: Socket,
          given,
          ...(page && { location: new URL("https://acme.example/") }),
        });
        t.after(() => Object.assign(globalThis, { fetch, WebSocket, location }));
        const around = Object.keys(given).length > 0 ? `const { ${Object.keys(given).join(", ")} } = globalThis.given;\n` : "";
        // Code of a handler contains `return`.
        const body = handler
          ? `export const answer = await (async () => {\n${code}\n})();`
          : `${code}\nexport { ${names.join(", ")} };`;
        const { code: javascript } = await transform(around + body, {
          loader: language === "ts" ? "ts" : "jsx",
          jsx: "automatic",
          target: "es2022",
        });
        const file = join(folder, `${document.replaceAll("/", "-")}-${index}.mjs`);
        writeFileSync(file, javascript);
        const made = await import(pathToFileURL(file).href);
        await then?.(made, given);
        await handler?.(made.answer);
        await exported?.(made.default);
      });
    }
  });
}

test("the TypeScript compiles as printed", async () => {
  const types = join(folder, "types");
  mkdirSync(types);
  for (const [document, examples] of Object.entries(EXAMPLES)) {
    for (const [index, { language, code }] of blocks(document).entries()) {
      if (language === "ts")
        writeFileSync(
          join(types, `${document.replaceAll("/", "-")}-${index}.ts`),
          `${examples[index].declare ?? ""}\n${code}\nexport {};\n`,
        );
    }
  }
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "edge/tsconfig.json"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
  writeFileSync(
    join(types, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, include: ["*.ts"] }),
  );
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", types], { cwd: root }).catch(
    ({ stdout }) => assert.fail(stdout),
  );
});
