// One fresh process for one peer at one size. `cold` times everything up to the first decision, then ends. `serve` stays and answers the
// runner's requests, so that each peer keeps its own heap and compiled code while rounds alternate between processes.

import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { deserialize } from "node:v8";
import { watchMemories } from "./watch.mjs";

const [mode, bundle, materialFile, questionsFile] = process.argv.slice(2);
const memories = watchMemories();

const material = () => deserialize(readFileSync(materialFile));

if (mode === "cold") await cold(material());
else await serve();

async function cold({ first, early, ...given }) {
  const start = performance.now();
  const { open } = await import(bundle);
  const loaded = performance.now();
  const peer = await open(given);
  const opened = performance.now();
  const allowed = peer.can(first.capability, first.id);
  const end = performance.now();
  const peak = process.resourceUsage().maxRSS * 1024;
  const times = { load: loaded - start, open: opened - loaded, total: end - start };
  const report = { allowed, ...times, wasm: wasmBytes(), peak };
  if (early) report.early = timeEarly(peer, early);
  if (questionsFile) report.wrong = wrongAnswers(peer);
  process.stdout.write(JSON.stringify(report));
}

// The first questions of a process, before anything is compiled or cached; nanoseconds each.
function timeEarly(peer, { capabilities, ids, answers }) {
  let hits = 0;
  const start = performance.now();
  for (let i = 0; i < ids.length; i++) if (peer.can(capabilities[i], ids[i])) hits++;
  const spent = performance.now() - start;
  const expected = answers.reduce((sum, answer) => sum + answer, 0);
  if (hits !== expected) throw new Error(`${hits} allowed, ${expected} expected`);
  return (spent * 1e6) / ids.length;
}

// Questions that name their user, for snapshots that can answer for every user.
function wrongAnswers(peer) {
  const askers = new Map();
  return JSON.parse(readFileSync(questionsFile, "utf8")).filter(({ user, capability, id, allowed }) => {
    if (!askers.has(user)) askers.set(user, peer.as(user));
    return askers.get(user).can(capability, id) !== allowed;
  }).length;
}

async function serve() {
  const questions = JSON.parse(readFileSync(questionsFile, "utf8"));
  const before = await memoryNow();
  const { open } = await import(bundle);
  const peer = await openOnce(open);
  const loops = { can: canLoop(peer, questions), list: listLoop(peer, questions) };
  process.on("message", async ({ task, budget }) => {
    try {
      process.send({ value: task === "check" ? await check(peer, questions, before) : loops[task](budget) });
    } catch (error) {
      process.send({ error: error.stack ?? String(error) });
    }
  });
  process.on("disconnect", () => process.exit());
  process.send({ value: "ready" });
}

// In its own function, so that data read from disk can be collected: only the peer's own memory must count.
async function openOnce(open) {
  const { first, early, ...given } = material();
  const peer = await open(given);
  peer.can(first.capability, first.id);
  return peer;
}

// Times whole or partial passes over the questions until the budget (ms) is spent. The sum of the answers is compared with the expected sum,
// so that no call can be optimised away.
function canLoop(peer, { capabilities, ids, answers, unchecked }) {
  const sums = [0];
  for (const answer of answers) sums.push(sums.at(-1) + answer);
  let count = 16;
  const run = (n) => {
    let hits = 0;
    const start = performance.now();
    for (let left = n; left > 0; left -= ids.length) {
      const end = Math.min(left, ids.length);
      for (let i = 0; i < end; i++) if (peer.can(capabilities[i], ids[i])) hits++;
    }
    const spent = performance.now() - start;
    const expected = Math.floor(n / ids.length) * sums.at(-1) + sums[n % ids.length];
    if (!unchecked && hits !== expected) throw new Error(`${hits} allowed, ${expected} expected`);
    return spent;
  };
  return (budget) => {
    let spent = run(count);
    while (spent < budget / 2) {
      count = Math.ceil(count * Math.min(8, Math.max(2, budget / Math.max(spent, 0.01))));
      spent = run(count);
    }
    return (spent * 1e6) / count;
  };
}

// Times lists of several capabilities in turn; microseconds per list.
function listLoop(peer, { lists, timedLists = [] }) {
  const wanted = timedLists.map((capability) => [capability, lists[capability]]);
  let count = 1;
  const run = (n) => {
    let length = 0;
    let expected = 0;
    const start = performance.now();
    for (let i = 0; i < n; i++) {
      for (const [capability, ids] of wanted) {
        length += peer.list(capability).length;
        expected += ids.length;
      }
    }
    const spent = performance.now() - start;
    if (length !== expected) throw new Error(`${length} listed, ${expected} expected`);
    return spent;
  };
  return (budget) => {
    let spent = run(count);
    while (spent < budget / 2) {
      count = Math.ceil(count * Math.min(8, Math.max(2, budget / Math.max(spent, 0.01))));
      spent = run(count);
    }
    return (spent * 1e3) / (count * wanted.length);
  };
}

// Compares every timed question and every list with the naive evaluator's answers.
async function check(peer, { capabilities, ids, answers, lists, unchecked }, before) {
  const wrong = [];
  if (!unchecked)
    ids.forEach((id, i) => {
      if (peer.can(capabilities[i], id) !== Boolean(answers[i])) wrong.push(`${capabilities[i]} ${id}`);
    });
  for (const [capability, expected] of Object.entries(lists ?? {})) {
    const listed = [...peer.list(capability)].sort();
    if (listed.join() !== expected.join()) wrong.push(`list ${capability}`);
  }
  const after = await memoryNow();
  const wasm = wasmBytes();
  // `external` includes WebAssembly memory, in the versions of Node that count it.
  const memory = after.heapUsed - before.heapUsed + Math.max(after.external - before.external, wasm);
  return { wrong, memory, wasm };
}

// Heap and external memory, after a garbage collection.
async function memoryNow() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heapUsed, external };
}

function wasmBytes() {
  return memories().reduce((sum, bytes) => sum + bytes, 0);
}
