// The program under test: a child process that is sent one line of JSON and answers with one line of JSON.
import { spawn } from "node:child_process";

/** The longest line that is read, in characters. The longest answer to a vector has a few hundred. */
const LONGEST_ANSWER = 1 << 24;
/** The part of the program's standard error that is kept for a report, in characters from its end. */
const KEPT_ERRORS = 2000;

/** The program gave no answer: it did not start, ended, was silent for too long, or wrote a line that is no answer. */
export class ProgramFailure extends Error {}

export class Program {
  #command;
  #milliseconds;
  #child;
  #unread = "";
  #errors = "";
  /** Resolves or rejects the pending answer; `undefined` if none is pending. */
  #waiting;
  /** The reason why the program ended between two questions, if it did. */
  #ended;
  #id = 0;

  /**
   * @param {string[]} command the executable and its arguments
   * @param {number} seconds how long one answer may take
   */
  constructor(command, seconds) {
    this.#command = command;
    this.#milliseconds = seconds * 1000;
  }

  get running() {
    return this.#child !== undefined;
  }

  /**
   * Sends a command and waits for its answer. Starts the program if it is not running.
   * @returns {Promise<object>} the answer, without its `id`
   * @throws {ProgramFailure} the program is stopped then
   */
  async ask(command) {
    if (!this.running) this.#start();
    const id = ++this.#id;
    try {
      const line = await this.#send(lineOf({ id, ...command }));
      return answerOf(line, id);
    } catch (failure) {
      this.stop();
      throw new ProgramFailure(failure.message + this.#lastErrors());
    }
  }

  /** Kills the program and its child processes. */
  stop() {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL"); // its group has gone
    }
  }

  #start() {
    const [executable, ...args] = this.#command;
    this.#unread = "";
    this.#errors = "";
    this.#ended = undefined;
    // In a process group of its own, so that a shell's or a package manager's children are stopped too.
    const child = spawn(executable, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#child = child;
    const current = () => this.#child === child;
    child.on("error", ({ message }) => current() && this.#fail(`the program could not be started: ${message}`));
    child.on("close", (code, signal) => current() && this.#fail(`the program ended (${signal ?? `exit status ${code}`})`));
    child.stdin.on("error", () => {}); // it has ended, and `close` says so
    child.stdout.setEncoding("utf8").on("data", (text) => current() && this.#read(text));
    child.stderr.setEncoding("utf8").on("data", (text) => {
      if (current()) this.#errors = (this.#errors + text).slice(-KEPT_ERRORS);
    });
  }

  #send(line) {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(new Error(`${this.#ended}, after its last answer`));
      const seconds = this.#milliseconds / 1000;
      const timer = setTimeout(() => this.#fail(`the program did not answer within ${seconds} s`), this.#milliseconds);
      this.#waiting = {
        resolve: (answer) => (clearTimeout(timer), resolve(answer)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
      this.#child.stdin.write(line);
      this.#takeLine();
    });
  }

  #read(text) {
    this.#unread += text;
    if (this.#unread.length > LONGEST_ANSWER && !this.#unread.includes("\n"))
      this.#fail(`the program wrote ${LONGEST_ANSWER} characters without a line break`);
    else this.#takeLine();
  }

  #takeLine() {
    const end = this.#unread.indexOf("\n");
    if (end < 0 || this.#waiting === undefined) return;
    const line = this.#unread.slice(0, end);
    this.#unread = this.#unread.slice(end + 1);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(line);
  }

  #fail(reason) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#ended ??= reason;
    else waiting.reject(new Error(reason));
  }

  #lastErrors() {
    const lines = this.#errors.trim().split("\n").slice(-10);
    return lines[0] === "" ? "" : `; its standard error ends with:\n${lines.map((line) => `    ${line}`).join("\n")}`;
  }
}

/** A line of ASCII: an adapter need not know which encoding its standard input has, nor which characters end a line. */
export function lineOf(command) {
  const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(command).replace(/[\u007f-\uffff]/g, escaped)}\n`;
}

function answerOf(line, id) {
  let answer;
  try {
    answer = JSON.parse(line);
  } catch {
    throw new Error(`the program wrote a line that is not JSON: \`${line.slice(0, 200)}\``);
  }
  if (typeof answer !== "object" || answer === null || Array.isArray(answer))
    throw new Error(`the program wrote a line that is no JSON object: \`${line.slice(0, 200)}\``);
  const { id: answered, ...rest } = answer;
  if (answered !== id) throw new Error(`the program answered the id ${JSON.stringify(answered)}, expected ${id}`);
  return rest;
}
