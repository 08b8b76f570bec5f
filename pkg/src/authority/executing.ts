/** Executing commands: one, or many in one call of the core. */
import { call, WicketgateError } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import { CommandRefused } from "./command-refused.js";
import type { Decided, DecideOptions, ExecuteAllOptions } from "./decided.js";
import { actorJson, commandJson, decisionOf, timeOf } from "./decision.js";
import type { Actor, Command, ExecutedOutcome, RawDirectory, Refusal } from "../wasm/authority.js";

/** Bytes of entropy for one command. */
const ENTROPY = 32;
/** The most commands in one call: platforms give 65,536 bytes of entropy at once. */
const MOST_COMMANDS = 65_536 / ENTROPY;

/** @throws {CommandRefused} */
export function executed(raw: RawDirectory, actor: Actor, command: Command, options: DecideOptions): Decided {
  const given = decisionOf(actor, command, options);
  const [json = "", text = "", sealed = ""] = call(() => raw.execute(...given));
  const outcome = decided(JSON.parse(json) as ExecutedOutcome, text, sealed);
  if (outcome instanceof CommandRefused) throw outcome;
  return outcome;
}

/** What became of each command, up to the one that ended it. */
export function executedAll(
  raw: RawDirectory,
  actor: Actor,
  commands: readonly Command[],
  options: ExecuteAllOptions,
): (Decided | CommandRefused)[] {
  if (!Array.isArray(commands)) throw new WicketgateError("invalid_options", "commands: expected an array", { path: "commands" });
  const { now, untilRefused } = readOptions(options, ["now", "untilRefused"]);
  const until = untilRefused === true;
  const [actorText, time] = [actorJson(actor), timeOf(now)];
  const given: Command[] = [...commands];
  const outcomes: (Decided | CommandRefused)[] = [];
  while (outcomes.length < given.length) {
    // The core does not always execute all of them in one call.
    const rest = given.slice(outcomes.length, outcomes.length + MOST_COMMANDS);
    const json = commandsJson(rest);
    const entropy = crypto.getRandomValues(new Uint8Array(ENTROPY * rest.length));
    const lines = call(() => raw.execute_all(actorText, json, time, entropy, until)).split("\n");
    let line = 1;
    for (const outcome of JSON.parse(lines[0] ?? "") as ExecutedOutcome[]) {
      const [text = "", sealed = ""] = isRefused(outcome) ? [] : lines.slice(line, (line += 2));
      outcomes.push(decided(outcome, text, sealed));
    }
    if (until && outcomes.at(-1) instanceof CommandRefused) break;
  }
  return outcomes;
}

function decided(outcome: ExecutedOutcome, text: string, sealed: string): Decided | CommandRefused {
  if (isRefused(outcome)) return new CommandRefused(outcome.refused);
  const { version, result, gates, gone, revoked } = outcome;
  return { event: { version, text, sealed }, result, gates, gone, revoked };
}

function isRefused(outcome: ExecutedOutcome): outcome is { refused: Refusal } {
  return Object.hasOwn(outcome, "refused");
}

/** Commands as a JSON array. Each that cannot be written is `null`. */
function commandsJson(commands: readonly Command[]): string {
  try {
    // Several times as fast. But it would call a `toJSON` that somebody put on a prototype.
    if (!("toJSON" in Array.prototype)) return JSON.stringify(commands);
  } catch {
    // One of them cannot be written.
  }
  return `[${commands.map(commandJson).join(",")}]`;
}
