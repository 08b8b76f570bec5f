// The worker of an outbox, as a process that dies: `node outbox-worker.mjs <table> <address> <cookie> <steps until it dies>`. The code of `drain` is
// that of docs/guides/outbox.md. The table is a journal on disk: one line for each row that is done.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { guideCode } from "./guide-code.mjs";

/** The exit code of a worker that has to try again later. */
const LATER = 3;

const [, , table, address, cookie, dies] = process.argv;
const { drain } = await guideCode("docs/guides/outbox.md", "outbox.mjs");
let left = Number(dies);

/** A step of the worker. It may be the last one. */
function step() {
  left -= 1;
  if (left < 0) process.kill(process.pid, "SIGKILL");
}

const rows = JSON.parse(readFileSync(`${table}.rows`, "utf8"));
const journal = existsSync(`${table}.done`) ? readFileSync(`${table}.done`, "utf8") : "";
// The last line may be cut: it is of a row that is not done.
const done = new Set(
  journal
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line).id),
);

const outbox = {
  next() {
    step();
    return rows.find(({ id }) => !done.has(id));
  },
  finish(id, answer) {
    step();
    appendFileSync(`${table}.done`, `${JSON.stringify({ id, answer })}\n`);
    done.add(id);
    step();
  },
};

async function send(path, options) {
  step();
  const sending = fetch(address + path, { ...options, headers: { ...options.headers, Cookie: cookie, Origin: address } });
  // Now and then it dies while the request is under way.
  if (left === 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  step();
  const response = await sending;
  step();
  return response;
}

const { later } = await drain(outbox, send);
process.exitCode = later > 0 ? LATER : 0;
