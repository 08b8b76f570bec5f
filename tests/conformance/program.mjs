// The program under test: a child process that is sent one line of JSON and answers with one line of JSON.
import { spawn } from "node:child_process";

/** The longest answer that is read, in characters: no list of a vector comes near it. */
const LONGEST_ANSWER = 1 << 24;
/** How much of the program's standard error is kept for a report, in characters. */
const KEPT_COMPLAINTS = 2000;

/** The program did not answer: it did not start, died, was silent for too long, or wrote something that is no answer. */
export class ProgramFailure extends Error {}

export class Program {
  #command;
  #milliseconds;
  #child;
  #unread = "";
  #complaints = "";
  /** The promise of the answer that is waited for, if one is. */
  #waiting;
  /** Why the program does not run any more, if that happened between two questions. */
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
      throw new ProgramFailure(failure.message + this.#lastWords());
    }
  }

  /** Kills the program, and whatever it started. */
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
    this.#complaints = "";
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
      if (current()) this.#complaints = (this.#complaints + text).slice(-KEPT_COMPLAINTS);
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

  #lastWords() {
    const lines = this.#complaints.trim().split("\n").slice(-10);
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
