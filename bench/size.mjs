// How much memory a large organization takes: founding, saving, starting, changing and reading it.
//
// `node size.mjs` measures the module for servers in Node: each step in a process of its own, because WebAssembly memory never shrinks and so shows the
// peak. `node size.mjs --object` measures the authority's object in workerd, with its storage on the disk: the resident memory of the process, which has
// the isolate's WebAssembly and JavaScript, SQLite's pages and workerd itself in it. `--small` takes a tenth of the size.

import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LARGE, large } from "./large.mjs";
import { watchMemory } from "../tests/lib/wasm-memory.mjs";

const NOW = 1_790_000_000;
const ADMIN = { user: "u_admin" };
const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);

/** What each step does with the directory that was restored, or without one. */
const STEPS = {
  found: {},
  restore: {},
  commands: {},
  view: {},
  member: {},
  overview: {},
  parts: {},
};

/** Runs one step in this process. */
async function step(name, folder) {
  const watch = watchMemory();
  const { Directory, generateKeyPair, init } = await import("wicketgate/authority");
  await init();
  const file = (part) => join(folder, part);
  let directory;
  const report = (what, start) => {
    const { rss, heapUsed } = process.memoryUsage();
    const time = `${Math.round(performance.now() - start)} ms`;
    console.log(`| ${what} | ${mib(watch.memory.buffer.byteLength)} | ${mib(heapUsed)} | ${mib(rss)} | ${time} |`);
  };
  if (name === "found") {
    const bytes = readFileSync(file("facts.json"));
    const start = performance.now();
    const founding = await Directory.foundInParts(bytes, { now: NOW });
    let events = 0;
    for (const event of founding.events()) events += Math.sign(event.version);
    directory = founding.directory();
    report(`founding, ${events} events`, start);
    writeFileSync(file("parts.ndjson"), [...withAccounts(directory.pieces.state())].map((part) => `${part}\n`).join(""));
    return;
  }
  const parts = function* () {
    // One line at a time, as the object reads rows.
    const bytes = readFileSync(file("parts.ndjson"));
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(10, at);
      yield bytes.toString("utf8", at, end);
      at = end + 1;
    }
  };
  let start = performance.now();
  directory = await Directory.restoreParts(parts());
  if (name === "restore") report("starting from the saved state", start);
  start = performance.now();
  const key = (await generateKeyPair()).privateKey;
  const options = (scope) => ({ key, issuer: "https://a.example", audience: "c", issuedAt: NOW, expiresIn: 600, scope });
  if (name === "commands") {
    const assistants = directory.publicAssistants();
    for (let n = 0; n < 20_000; n += 1) {
      const command = { type: "edit_assistant", assistant: assistants[n % assistants.length], name: `Umbenannt – ${n}` };
      directory.execute(ADMIN, command, { now: NOW + n });
    }
    report("20,000 commands", start);
  } else if (name === "view") {
    const view = directory.pieces.view(ADMIN, NOW);
    report(`the administrator's directory, ${mib(length(view))} MiB`, start);
  } else if (name === "member" || name === "overview") {
    const scope = name === "member" ? { member: ADMIN.user } : "overview";
    const { payload } = directory.pieces.snapshot(options(scope));
    report(`${name === "member" ? "the administrator's snapshot" : "the overview"}, ${mib(length(payload))} MiB`, start);
  } else if (name === "parts") {
    let count = 0;
    for (const part of directory.pieces.state()) count += Math.sign(part.length);
    report(`saving the state, ${count} parts`, start);
  }
}

const length = (pieces) => pieces.reduce((sum, piece) => sum + piece.byteLength, 0);

/** The parts of a state in which every person has signed in. */
function* withAccounts(parts) {
  const users = [];
  let count = 0;
  for (const part of parts) {
    const { facts, end } = JSON.parse(part);
    users.push(...(facts?.users ?? []));
    if (end === undefined) yield part;
    count += 1;
  }
  for (let at = 0; at < users.length; at += 1000) {
    const accounts = users.slice(at, at + 1000).map(({ id }, n) => ({
      user: id,
      issuer: "https://login.acme.example/oauth2/default",
      subject: `00u${((at + n) * 7919).toString(36)}abcdefgh`,
    }));
    yield JSON.stringify({ people: { accounts } });
    count += 1;
  }
  yield JSON.stringify({ end: count - 1 });
}

/** The resident memory of the workerd processes, in bytes: now, and at its highest. Known on Linux alone. */
async function resident() {
  let [now, most] = [0, 0];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
    if (!/^Name:\s*workerd$/m.test(status) || !new RegExp(`^PPid:\\s*${process.pid}$`, "m").test(status)) continue;
    const kilobytes = (field) => Number(new RegExp(`^${field}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
    now += kilobytes("VmRSS") * 1024;
    most = Math.max(most, kilobytes("VmHWM") * 1024);
  }
  return { now, most };
}

/** Measures the object in workerd, over HTTP: each step in a new process on the same disk. */
async function object(size) {
  const { OPERATOR, ORIGIN, startObjects } = await import("./object.mjs");
  const objects = await startObjects("http");
  const facts = Buffer.from(JSON.stringify(large(size)));
  const token = randomBytes(32).toString("base64url");
  const ask = async (path, { body, ...more } = {}) => {
    // A request with a bearer token reads no cookie.
    const asOperator = path.startsWith("/v1/organization");
    const headers = {
      ...(asOperator && { Authorization: `Bearer ${OPERATOR}` }),
      "Content-Type": "application/json",
      Cookie: `__Host-wicketgate-session=${token}`,
      Origin: ORIGIN,
    };
    const response = await fetch(new URL(path, objects.urls().direct), { headers, body, ...more });
    let length = 0;
    for await (const piece of response.body) length += piece.byteLength;
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return length;
  };
  const row = async (what, work) => {
    await objects.stop();
    await objects.start();
    await fetch(new URL("/healthz", objects.urls().direct));
    const before = await resident();
    const start = performance.now();
    const length = await work();
    const time = Math.round(performance.now() - start);
    const { most } = await resident();
    const answered = length > 2 ** 20 ? `, ${mib(length)} MiB` : "";
    console.log(`| ${what}${answered} | ${mib(before.now)} | ${mib(most)} | ${mib(most - before.now)} | ${time} ms |`);
  };
  try {
    await row("founding", () => ask("/v1/organization", { method: "PUT", body: facts }));
    const identity = { issuer: ORIGIN, subject: "admin", email: "admin@acme.example" };
    const digest = createHash("sha256").update(token).digest("base64url");
    await row("starting, and signing in", () => objects.call("acme", "signIn", identity, digest));
    await row("starting, and 200 commands", async () => {
      for (let n = 0; n < 200; n += 1) {
        await ask("/v1/commands", { method: "POST", body: JSON.stringify({ type: "create_team", name: `Gruppe ${n}` }) });
      }
    });
    await row("starting, and the administrator's directory", () => ask("/v1/directory"));
    await row("starting, and the administrator's snapshot", () => ask("/v1/snapshot"));
    await row("starting, and the overview", () => ask("/v1/workspace"));
    await row("starting, and an export", () => ask("/v1/organization/export"));
  } finally {
    await objects.end();
  }
}

const [first, folder] = process.argv.slice(2);
const size = process.argv.includes("--small")
  ? Object.fromEntries(Object.entries(LARGE).map(([name, count]) => [name, count / 10]))
  : LARGE;
if (Object.hasOwn(STEPS, first ?? "")) {
  await step(first, folder);
} else if (process.argv.includes("--object")) {
  console.log("| | before, MiB | at most, MiB | more, MiB | time |\n| --- | --- | --- | --- | --- |");
  await object(size);
} else {
  const made = mkdtempSync(join(tmpdir(), "wicketgate-size-"));
  try {
    const facts = JSON.stringify(large(size));
    writeFileSync(join(made, "facts.json"), facts);
    console.log(`${size.assistants} assistants, ${size.users} people, ${mib(Buffer.byteLength(facts))} MiB of JSON\n`);
    console.log("| | WebAssembly, MiB | JavaScript heap, MiB | process, MiB | time |\n| --- | --- | --- | --- | --- |");
    for (const name of Object.keys(STEPS)) {
      process.stdout.write(execFileSync(process.execPath, [fileURLToPath(import.meta.url), name, made]));
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
