#!/usr/bin/env node
// Asks another implementation every opening fixture and every vector, and reports each difference. docs/conformance.md says how.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lineOf, Program, ProgramFailure } from "./program.mjs";
import { parts } from "./questions.mjs";

const USAGE = `usage: node tests/conformance/run.mjs [--only NAME]… [--vectors FOLDER] [--timeout SECONDS] -- PROGRAM [ARGUMENT]…
  --only NAME        a part alone: opening, opening/kid_absent, vectors, vectors/seed, vectors/seed/check/12; may be repeated
  --vectors FOLDER   asks the vector files of a folder instead of those in tests/vectors
  --timeout SECONDS  how long one answer may take, 10 if absent`;
/** Differences that are printed in full; all of them are counted. */
const PRINTED = 20;
/** The kit stops after so many failures of the program itself: every one may cost a whole timeout. */
const PROGRAM_FAILURES = 5;

process.exitCode = (await main()) ? 0 : 1;

async function main() {
  let settings;
  try {
    settings = settingsOf(process.argv.slice(2));
  } catch ({ message }) {
    console.error(`error: ${message}\n${USAGE}`);
    return false;
  }
  const program = new Program(settings.command, settings.timeout);
  const stop = () => (program.stop(), process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  const run = { program, settings, asked: new Set(), differences: 0, failures: 0, folder: undefined };
  try {
    for (const part of settings.parts) {
      if (run.failures === PROGRAM_FAILURES) break;
      const before = { asked: run.asked.size, differences: run.differences };
      await askPart(run, part);
      const differences = run.differences - before.differences;
      console.log(`${part.name.padEnd(20)} ${run.asked.size - before.asked} asked, ${differences || "none"} differ`);
    }
  } finally {
    program.stop();
  }
  return summarize(run, settings.parts);
}

function settingsOf(args) {
  const options = {
    only: { type: "string", multiple: true, default: [] },
    vectors: { type: "string" },
    timeout: { type: "string", default: "10" },
  };
  const { values, positionals: command } = parseArgs({ args, options, allowPositionals: true });
  if (command.length === 0) throw new Error("no program is given");
  const timeout = Number(values.timeout);
  if (!(timeout > 0)) throw new Error(`\`--timeout ${values.timeout}\` is no number of seconds`);
  const all = parts(values.vectors);
  const { only } = values;
  for (const name of only) if (selected(all, [name]).length === 0) throw new Error(`\`--only ${name}\` names no question`);
  return { command, timeout, vectors: values.vectors, parts: only.length === 0 ? all : selected(all, only) };
}

/** The parts with the questions that one of the names selects: its own name, or the beginning of it up to a `/`. */
function selected(all, only) {
  const matches = ({ name }) => only.some((chosen) => `${name}/`.startsWith(`${chosen}/`));
  return all
    .map((part) => ({ ...part, questions: part.questions.filter(matches) }))
    .filter(({ questions }) => questions.length > 0);
}

async function askPart(run, { opening, questions }) {
  let opened = opening === undefined || (await ask(run, opening));
  for (const question of questions) {
    // A program that was started again has no snapshot.
    if (opening !== undefined && !run.program.running && run.failures < PROGRAM_FAILURES) opened = await ask(run, opening);
    if (!opened || run.failures === PROGRAM_FAILURES) return;
    await ask(run, question, opening);
  }
}

/** @returns {Promise<boolean>} whether the answer is the expected one */
async function ask(run, question, opening) {
  run.asked.add(question.name);
  let answer;
  try {
    answer = await run.program.ask(question.command);
    if (question.holds(answer)) return true;
  } catch (failure) {
    if (!(failure instanceof ProgramFailure)) throw failure;
    run.failures++;
    answer = failure;
  }
  run.differences++;
  if (run.differences <= PRINTED || answer instanceof ProgramFailure) report(run, question, opening, answer);
  else if (run.differences === PRINTED + 1) console.log(`${PRINTED} differences are printed; the others are counted alone`);
  return false;
}

function report(run, { name, rule, command, expected }, opening, answer) {
  run.folder ??= mkdtempSync(join(tmpdir(), "wicketgate-conformance-"));
  const file = join(run.folder, `${name.replaceAll("/", "-")}.jsonl`);
  const commands = opening === undefined ? [command] : [opening.command, command];
  writeFileSync(file, commands.map((each, at) => lineOf({ id: at + 1, ...each })).join(""));
  const failed = answer instanceof ProgramFailure;
  const program = run.settings.command.map(quoted).join(" ");
  const { vectors } = run.settings;
  const kit = `${relative(process.cwd(), fileURLToPath(import.meta.url))}${vectors === undefined ? "" : ` --vectors ${quoted(vectors)}`}`;
  console.log(`${name}${rule === undefined ? "" : `: ${rule}`}
  asked     ${shortened(JSON.stringify(command))}
  expected  ${JSON.stringify(expected)}
  ${failed ? "failed  " : "answered"}  ${failed ? answer.message : shortened(JSON.stringify(answer))}
  again     node ${kit} --only ${name} -- ${program}
  by hand   ${program} < ${file}`);
}

/** An argument as a shell reads it. */
function quoted(argument) {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function shortened(text) {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}

function summarize({ asked, differences, failures }, chosen) {
  const total = chosen.reduce((sum, { opening, questions }) => sum + questions.length + (opening === undefined ? 0 : 1), 0);
  if (failures === PROGRAM_FAILURES) console.log(`stopped after ${failures} failures of the program itself`);
  const unasked = total - asked.size;
  if (unasked > 0) console.log(`${unasked} of ${total} questions were not asked`);
  const passed = differences === 0 && unasked === 0;
  console.log(
    passed ? `passed: all ${asked.size} answers are as expected` : `failed: ${differences} of ${asked.size} answers differ`,
  );
  return passed;
}
