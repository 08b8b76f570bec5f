// A project that installs the packed package in a folder of its own, and programs that use the package.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const execute = promisify(execFile);

/** Runs a program to its end. If it fails, its output is the error's message. */
export async function run(command, args, options = {}) {
  try {
    const { stdout } = await execute(command, args, { timeout: 120_000, maxBuffer: 1 << 26, ...options });
    return stdout;
  } catch (error) {
    throw new Error(`${[command, ...args].join(" ")}\n${error.stdout}${error.stderr}${error.killed ? "(took too long)" : ""}`);
  }
}

/** The path of a program in node_modules/.bin. */
export const bin = (name) => join(root, "node_modules/.bin", name);

/** Packs the package, or another folder that has a package. @returns the tarball's path and the paths of its files */
export async function pack(folder, name = "pkg") {
  const [{ filename, files }] = JSON.parse(
    await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: join(root, name) }),
  );
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

/** Writes files into a folder, by their paths there. */
export async function writeInto(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** A folder in which the tarball is installed. `write` writes files into it, `remove` removes it. */
export async function consumer() {
  const folder = await mkdtemp(join(tmpdir(), "wicketgate-consumer-"));
  const packed = await pack(folder);
  // Its dependency is packed too, because there may be no registry.
  const jose = await pack(folder, "node_modules/jose");
  const write = (files) => writeInto(folder, files);
  await write({
    "package.json": JSON.stringify({
      name: "consumer",
      private: true,
      type: "module",
      dependencies: { wicketgate: `file:${packed.tarball}`, jose: `file:${jose.tarball}` },
    }),
  });
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  await write({ "program.js": PROGRAM });
  return { folder, ...packed, write, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A program that signs and checks with both WebAssembly modules. It is the same in every runtime. */
export const PROGRAM = `
import { open, WicketgateError } from "wicketgate";
import { generateKeyPair, issue } from "wicketgate/authority";
${program("")}`;

/** The same program for the manual entries: the code of `load` loads the modules. */
export const manualProgram = (imports, load) => `
import { init, open, WicketgateError } from "wicketgate/manual";
import { init as initAuthority, generateKeyPair, issue } from "wicketgate/authority/manual";
${imports}
${program(load)}`;

function program(load) {
  return `
const facts = {
  id: "acme",
  users: [{ id: "vic", role: "user" }],
  teams: [{ id: "support" }],
  projects: [{ id: "faq", team: "support" }],
  assistants: [{ id: "helper", project: "faq", owner: "vic", name: "Pomocník", accessibility: "only_me" }],
};

export async function run() {
  ${load}
  const { publicKey, privateKey } = await generateKeyPair();
  const token = await issue(facts, { key: privateKey, version: 1, expiresIn: 60 });
  const keys = { keys: [publicKey] };
  const snapshot = await open(token, { keys });
  const me = snapshot.as({ user: "vic" });
  const refused = await open(token, { keys, organization: "other" }).catch((error) => error);
  const answer = {
    can: me.can("assistant.edit", "helper"),
    cannot: me.can("team.edit", "support"),
    because: me.check("assistant.edit", "helper").because[0].relation,
    list: me.list("assistant.view"),
    name: snapshot.facts().assistants[0].name,
    code: refused instanceof WicketgateError && refused.code,
  };
  snapshot.free();
  return answer;
}
`;
}

/** The answer of {@link PROGRAM}. */
export const ANSWER = {
  can: true,
  cannot: false,
  because: "assistant_owner",
  list: ["helper"],
  name: "Pomocník",
  code: "wrong_organization",
};

/** A program that admits a visitor with a share link, issues a pass and verifies it. */
export const GATE_PROGRAM = `
import { generateKeyPair, issue } from "wicketgate/authority";
import { Gate, MemorySource } from "wicketgate/gate";
import { verifyPass } from "wicketgate/pass";

const key = "wk_" + "v".repeat(43);

export async function run() {
  const [authority, own] = [await generateKeyPair(), await generateKeyPair()];
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
  const digest = btoa(String.fromCharCode(...hash)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const facts = {
    id: "acme",
    users: [{ id: "vic", role: "user" }],
    teams: [{ id: "support" }],
    projects: [{ id: "faq", team: "support" }],
    assistants: [{
      id: "helper", project: "faq", owner: "vic", name: "Pomocník", accessibility: "public",
      links: [{ id: "l1", level: "view", digest }], embed: { origins: ["https://docs.acme.example"] },
    }],
  };
  const source = new MemorySource();
  source.put("helper", await issue(facts, { key: authority.privateKey, version: 1, expiresIn: 60, issuer: "authority", audience: "wicketgate-gate", scope: { gate: ["helper"] } }));
  const gate = new Gate({
    source, keys: () => ({ keys: [authority.publicKey] }), issuer: "authority", organization: "acme",
    passes: { keys: { keys: [own.privateKey] }, issuer: "gate", audience: "chat" },
  });
  const answer = await gate.passResponse(new Request("https://gate.example/v1/pass", {
    method: "POST", headers: { "Content-Type": "application/json", "Origin": "https://gate.example" }, body: JSON.stringify({ assistant: "helper", key }),
  }), { origin: "https://gate.example" });
  const { pass, name } = await answer.json();
  const expected = { keys: gate.passKeys(), issuer: "gate", audience: "chat", organization: "acme", assistant: "helper" };
  const { obtained } = await verifyPass(pass, { ...expected, capability: "assistant.chat" });
  const edit = await verifyPass(pass, { ...expected, capability: "assistant.edit" }).catch(({ code }) => code);
  return { name, by: obtained.by, edit, refused: (await gate.admit("helper", { link: "wk_x" })).reason, framing: await gate.frameAncestors("helper") };
}
`;

/** The answer of {@link GATE_PROGRAM}. */
export const GATE_ANSWER = {
  name: "Pomocník",
  by: "view_link",
  edit: "not_granted",
  refused: "link_invalid",
  framing: "frame-ancestors https://docs.acme.example",
};

/** A program that sends a command with an API key: the first attempt gets no answer, and the second command is refused. Then it lists organizations. */
export const ADMIN_PROGRAM = `
import { Admin, AdminError, Operator } from "wicketgate/admin";

export async function run() {
  const keys = [];
  const answers = [
    () => { throw new TypeError("fetch failed"); },
    () => Response.json({ version: 7, result: { team: "t_1" } }),
    () => Response.json({ type: "urn:wicketgate:problem:not_allowed", title: "no", status: 403, code: "not_allowed" }, { status: 403 }),
  ];
  const admin = new Admin({
    url: "https://acme.example",
    key: "wgk_key",
    async fetch(url, init) {
      const request = new Request(url, init);
      keys.push(request.headers.get("Idempotency-Key"));
      return answers.shift()();
    },
  });
  const { result } = await admin.command({ type: "create_team", name: "Pomocníci" });
  const refused = await admin.as("ana").directory().catch((error) => error);
  const operator = new Operator({
    url: "https://platform.example",
    token: "token",
    fetch: async () => Response.json({ organizations: [{ id: "acme" }] }),
  });
  const organizations = [];
  for await (const { id } of operator.list()) organizations.push(id);
  return { team: result.team, same: keys[0] === keys[1], code: refused instanceof AdminError && refused.code, organizations };
}
`;

/** The answer of {@link ADMIN_PROGRAM}. */
export const ADMIN_ANSWER = { team: "t_1", same: true, code: "not_allowed", organizations: ["acme"] };

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** Serves a folder on localhost as a plain web server does. A missing file is answered with 404, or with the `fallback` as servers of single-page apps do. */
export async function serve(folder, types = {}, fallback = undefined) {
  const typeOf = { ...TYPES, ...types };
  const missing = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
      const body = await readFile(file);
      response.writeHead(200, { "content-type": typeOf[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      if (path !== "/favicon.ico") missing.push(path);
      if (fallback === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "content-type": "text/html" }).end(await readFile(join(folder, fallback)));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { url: `http://localhost:${server.address().port}/`, missing, close };
}
