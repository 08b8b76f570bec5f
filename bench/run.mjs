// The runner: prepares the worlds and the peers, alternates rounds between processes, and prints Markdown on stdout (progress on stderr). A
// wrong answer of a peer ends the run with an error.

import { fork, spawn } from "node:child_process";
import { join } from "node:path";
import { serialize } from "node:v8";
import { authorityReport, measureAuthority } from "./authority.mjs";
import { OUT, bundle, pageBytes, put, weigh, wicketgateBuild } from "./build.mjs";
import { findChromium, runInChromium } from "./chromium.mjs";
import { missing, writeDocuments } from "./documents.mjs";
import { gateReport, measureGate } from "./gate.mjs";
import { directory, holdings } from "./naive.mjs";
import { firstQuestion, memberQuestions, nameless, onlyAbout, workspaceQuestions } from "./questions.mjs";
import { report } from "./report.mjs";
import { slice } from "./slice.mjs";
import { measureVisits, visitReport } from "./visit.mjs";
import { SIZES, random, world } from "./world.mjs";

const CHILD = new URL("child.mjs", import.meta.url).pathname;
const NODE_FLAGS = ["--expose-gc", "--no-warnings"];
const EARLY = 1_000;
const TIMEOUT = 180_000;
// Milliseconds. A peer that needs longer for the smallest round is measured less often.
const SLOW = 1_000;
const SLOW_ROUNDS = 3;

/** The measures of each peer. `cold` includes the verification, if there is one. */
const PEERS = [
  { id: "wicketgate", title: "Wicketgate", measures: ["bytes", "wire", "cold", "can", "list", "memory"] },
  { id: "casl-conditions-jose", title: "CASL conditions + jose", measures: ["bytes", "wire", "cold", "can", "list", "memory"] },
  { id: "casl-ids-jose", title: "CASL per-id + jose", measures: ["bytes", "wire", "cold", "can", "list", "memory"] },
  { id: "casl-rules-jose", title: "CASL conditions + jose, only the rules signed ¹", measures: ["bytes", "wire", "cold"] },
  { id: "casl-conditions", title: "CASL conditions, unsigned", measures: ["bytes", "wire", "cold"] },
  { id: "casl-ids", title: "CASL per-id, unsigned", measures: ["bytes", "wire", "cold"] },
  { id: "cedar", title: "Cedar (stateful) + jose", measures: ["bytes", "wire", "cold", "can", "list", "memory"] },
  { id: "biscuit", title: "Biscuit", measures: ["bytes", "wire", "cold", "can", "list", "memory"] },
  { id: "map", title: "floor: JS Map and bit test", measures: ["can", "list", "memory"] },
  { id: "map-bits", title: "floor: the same, names of capabilities in a Map", measures: ["can"] },
  { id: "map-constant", title: "floor: JS Map, constant bit ²", measures: ["can"] },
  { id: "wasm-call", title: "floor: empty wasm call with two strings", measures: ["can"] },
];
const IN_CHROMIUM = ["wicketgate", "casl-conditions-jose", "casl-ids-jose", "casl-rules-jose"];
const WORKSPACE = ["wicketgate-workspace", "parse"];
const ONLY = { "map-constant": "assistant.view" };
const QUESTIONS = { S: 1_500, M: 6_000, L: 18_000 };

const options = parse(process.argv.slice(2));
const peers = PEERS.filter(({ id }) => options.only === undefined || options.only.includes(id));
const draw = random(3);
const now = Math.floor(Date.now() / 1000);
// A library that prints on loading must not get into the report.
console.log = console.error;
const note = (text) => process.stderr.write(`${text}\n`);

function parse(args) {
  const quick = args.includes("--quick");
  const value = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1];
  return {
    quick,
    only: value("only")?.split(","),
    sizes: value("sizes")?.split(",") ?? (quick ? ["S", "M"] : ["S", "M", "L"]),
    workspace: value("workspace") ?? (quick ? "M" : "L"),
    rounds: quick ? 5 : 21,
    coldRounds: quick ? 5 : 21,
    workspaceRounds: quick ? 3 : 7,
    chromiumRounds: quick ? 3 : 11,
    budget: quick ? 30 : 60,
  };
}

const results = {
  options,
  peers,
  environment: { node: process.version },
  sizes: {},
  bytes: {},
  wire: {},
  cold: {},
  can: {},
  list: {},
  memory: {},
  failures: {},
};

note("bundling");
for (const { id } of peers) results.bytes[id] = await bundle(id);
const measuresWicketgate = peers.some(({ id }) => id === "wicketgate");
if (measuresWicketgate) {
  for (const id of WORKSPACE) await bundle(id);
  results.environment.build = await wicketgateBuild();
  results.page = await pageBytes();
}

const worlds = {};
for (const size of new Set([...options.sizes, options.workspace])) {
  note(`making the organization ${size}`);
  const { facts, subject } = world(SIZES[size]);
  const org = directory(facts);
  const held = holdings(org, subject, now);
  worlds[size] = { facts, subject, org, held, now };
  results.sizes[size] = { ...SIZES[size], visible: held.size, facts: Buffer.byteLength(JSON.stringify(facts)) };
}

for (const size of options.sizes) await measureSize(size, worlds[size]);
if (measuresWicketgate) {
  results.named = await namedWire();
  results.workspace = await measureWorkspace(options.workspace, worlds[options.workspace]);
  results.environment.rebuilt = (await wicketgateBuild()) !== results.environment.build;
}
process.stdout.write(report(results));
if (measuresWicketgate) {
  if (findChromium()) {
    results.visits = await measureVisits({ quick: options.quick, note });
    process.stdout.write(`\n${visitReport(results.visits)}`);
  }
  results.authority = await measureAuthority({ quick: options.quick, note });
  process.stdout.write(`\n${authorityReport(results.authority)}`);
  results.gate = await measureGate({ quick: options.quick, note });
  process.stdout.write(`\n${gateReport(results.gate)}`);
  results.environment.rebuilt ||= (await wicketgateBuild()) !== results.environment.build;
}
if (process.env.BENCH_JSON) await put("results.json", JSON.stringify(results));
const lacks = missing(results);
if (lacks.length) note(`README.md and docs/measured.md stay as they are: this run lacks ${lacks.join(", ")}`);
else writeDocuments(results);

async function measureSize(size, context) {
  note(`${size}: preparing`);
  const { held, subject } = context;
  const facts = nameless(context.facts);
  const questions = memberQuestions({ ...context, count: QUESTIONS[size] });
  const questionsFile = await put(`${size}/questions.json`, JSON.stringify(questions));
  const first = firstQuestion(questions);
  const { capabilities, ids, answers } = questions;
  const early = {
    capabilities: capabilities.slice(0, EARLY),
    ids: ids.slice(0, EARLY),
    answers: answers.slice(0, EARLY),
  };
  const cut = slice(facts, held, subject, now);
  const ready = [];
  for (const peer of peers) {
    const server = await import(join(OUT, "server", `${peer.id}.mjs`));
    const { material, wire } = await server.prepare({ facts, held, subject, slice: cut, first });
    const materialFile = await put(
      `${size}/${peer.id}.bin`,
      serialize({ ...material, first, ...(peer.measures.includes("can") && { early }) }),
    );
    let asked = questionsFile;
    if (ONLY[peer.id] || server.unchecked) {
      const own = server.unchecked ? { ...questions, unchecked: true, lists: {} } : onlyAbout(ONLY[peer.id], context, questions);
      asked = await put(`${size}/${peer.id}.json`, JSON.stringify(own));
    }
    if (peer.measures.includes("wire")) set("wire", size, peer.id, weigh(wire));
    const bundled = join(OUT, "node", `${peer.id}.mjs`);
    ready.push({ ...peer, material: { ...material, first }, bundle: bundled, materialFile, questionsFile: asked });
  }
  const cold = ready.filter(({ measures }) => measures.includes("cold"));
  await coldRounds(size, cold);
  if (size === "M" && findChromium()) await coldInChromium(size, cold);
  await warmRounds(
    size,
    ready.filter(({ measures }) => measures.includes("can")),
  );
}

async function coldRounds(size, ready) {
  let able = ready;
  for (let round = 0; round < options.coldRounds; round++) {
    note(`${size}: cold start, round ${round + 1} of ${options.coldRounds}`);
    for (const peer of draw.shuffle([...able])) {
      try {
        const result = await coldStart(peer.bundle, peer.materialFile);
        if (!result.allowed) throw new Error(`${peer.id} denied the first question, which is allowed`);
        push("cold", size, peer.id, result);
      } catch (error) {
        if (!error.timeout) throw error;
        able = able.filter((other) => other !== peer);
        fail("cold", size, peer.id, error.message);
      }
    }
  }
}

// The two peers of the threshold, and the nearest others, in browsers.
async function coldInChromium(size, ready) {
  note(`${size}: cold start in Chromium`);
  const chosen = ready.filter(({ id }) => IN_CHROMIUM.includes(id));
  const jobs = await Promise.all(chosen.map(({ id, material }) => chromiumJob(id, material, size)));
  results.chromiumCold = await runInChromium({ folder: join(OUT, "browser"), jobs, rounds: options.chromiumRounds });
}

async function chromiumJob(bundle, { snapshot, ...given }, folder) {
  if (!snapshot) return { bundle, given: await put(`${folder}/${bundle}.given.json`, JSON.stringify(given)) };
  const { payload, ...detached } = snapshot;
  return {
    bundle,
    given: await put(`${folder}/${bundle}.given.json`, JSON.stringify({ ...given, snapshot: detached })),
    payload: await put(`${folder}/${bundle}.payload`, payload),
  };
}

async function warmRounds(size, ready) {
  const children = [];
  try {
    for (const peer of ready) {
      note(`${size}: ${peer.id}: opening and checking every question`);
      const child = startChild(peer);
      children.push(child);
      try {
        await child.reply;
        const { wrong, memory, wasm } = await child.ask({ task: "check" });
        if (wrong.length) throw new Error(`${peer.id} answers ${wrong.length} questions wrongly: ${wrong.slice(0, 5)}`);
        if (peer.measures.includes("memory")) set("memory", size, peer.id, { total: memory, wasm });
      } catch (error) {
        if (!error.timeout) throw error;
        child.stop();
        for (const task of peer.measures.filter((name) => ["can", "list", "memory"].includes(name))) {
          fail(task, size, peer.id, error.message);
        }
      }
    }
    for (const task of ["can", "list"]) {
      for (const child of children) child.slow = false;
      const able = children.filter(({ peer, stopped }) => !stopped() && peer.measures.includes(task));
      // The first rounds find the count and warm up the compiler; their results are dropped.
      for (let round = -2; round < options.rounds; round++) {
        note(`${size}: ${task}, round ${round + 1} of ${options.rounds}`);
        for (const child of draw.shuffle([...able])) {
          if (child.slow && round >= SLOW_ROUNDS) continue;
          const start = performance.now();
          const value = await child.ask({ task, budget: options.budget });
          child.slow ||= performance.now() - start > SLOW;
          if (round >= 0) push(task, size, child.peer.id, value);
        }
      }
    }
  } finally {
    for (const child of children) child.stop();
  }
}

async function measureWorkspace(size, { facts, subject, org, held }) {
  const questions = memberQuestions({ org, held, subject, now, count: 30 });
  const first = firstQuestion(questions);
  const asked = workspaceQuestions({ org, now, count: 3_000 });
  const questionsFile = await put("workspace/questions.json", JSON.stringify(asked));
  const runs = {};
  const files = {};
  const measured = { size, runs, asked: asked.length };
  let job;
  for (const id of WORKSPACE) {
    note(`workspace ${size}: ${id}: preparing`);
    const server = await import(join(OUT, "server", `${id}.mjs`));
    const { material, wire } = await server.prepare({ facts, subject });
    files[id] = await put(`workspace/${id}.bin`, serialize({ ...material, first }));
    runs[id] = [];
    if (id !== WORKSPACE[0]) continue;
    measured.payload = Buffer.byteLength(wire.body);
    job = { ...(await chromiumJob(id, { ...material, first }, "workspace")), questions: questionsFile };
  }
  for (let round = 0; round < options.workspaceRounds; round++) {
    note(`workspace ${size}: Node, round ${round + 1} of ${options.workspaceRounds}`);
    for (const id of draw.shuffle([...WORKSPACE])) {
      const checked = round === 0 && id === WORKSPACE[0] ? questionsFile : undefined;
      const result = await coldStart(join(OUT, "node", `${id}.mjs`), files[id], checked);
      if (checked) expectRight(result, asked.length);
      runs[id].push(result);
    }
  }
  if (findChromium()) {
    note(`workspace ${size}: Chromium`);
    const { version, reports } = await runInChromium({
      folder: join(OUT, "browser"),
      jobs: [job],
      rounds: options.workspaceRounds,
    });
    measured.chromium = { version, reports: reports[WORKSPACE[0]] };
    expectRight(measured.chromium.reports.at(-1), asked.length);
  }
  return measured;
}

async function namedWire() {
  const { prepare } = await import(join(OUT, "server", "wicketgate.mjs"));
  const made = {};
  for (const size of options.sizes) made[size] = weigh((await prepare(worlds[size])).wire);
  return made;
}

function expectRight({ wrong }, count) {
  if (wrong !== 0) throw new Error(`wicketgate answers ${wrong} of ${count} workspace questions wrongly`);
}

function coldStart(bundlePath, materialFile, questionsFile) {
  return new Promise((resolve, reject) => {
    const args = [...NODE_FLAGS, CHILD, "cold", bundlePath, materialFile, ...(questionsFile ? [questionsFile] : [])];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    const timer = setTimeout(() => {
      child.kill();
      reject(timedOut());
    }, TIMEOUT);
    child.stdout.on("data", (chunk) => (text += chunk));
    child.on("close", (code) => {
      clearTimeout(timer);
      // The report is the last line; output of a library comes before it.
      if (code === 0) resolve(JSON.parse(text.trim().split("\n").at(-1)));
      else reject(new Error(`${bundlePath} ended with ${code}`));
    });
  });
}

function startChild(peer) {
  const args = ["serve", peer.bundle, peer.materialFile, peer.questionsFile];
  const child = fork(CHILD, args, { execArgv: NODE_FLAGS, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let done = false;
  child.on("exit", () => (done = true));
  const next = () =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(reject, timedOut()), TIMEOUT);
      const settle = (how, value) => {
        clearTimeout(timer);
        child.off("message", onMessage);
        child.off("exit", onExit);
        how(value);
      };
      const onMessage = ({ value, error }) => (error ? settle(reject, new Error(`${peer.id}: ${error}`)) : settle(resolve, value));
      const onExit = (code) => settle(reject, new Error(`${peer.id} ended with ${code}`));
      child.on("message", onMessage);
      child.on("exit", onExit);
    });
  return {
    peer,
    reply: next(),
    stopped: () => done,
    stop() {
      done = true;
      child.kill();
    },
    ask(request) {
      const answer = next();
      child.send(request);
      return answer;
    },
  };
}

function timedOut() {
  return Object.assign(new Error(`> ${TIMEOUT / 1000} s, stopped`), { timeout: true });
}

function set(measure, size, id, value) {
  (results[measure][size] ??= {})[id] = value;
}

function push(measure, size, id, value) {
  ((results[measure][size] ??= {})[id] ??= []).push(value);
}

function fail(measure, size, id, reason) {
  ((results.failures[measure] ??= {})[size] ??= {})[id] = reason;
}
