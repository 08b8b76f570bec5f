// Sends one command at a time. A success goes to the status line; a refusal stays with the component that sent the command, which shows it.
import type { CommandAnswer } from "@wicketgate/edge/wire";
import { useRef, useState } from "react";
import type { Command } from "wicketgate/authority";
import { useStatus } from "../lib/status";
import { execute, type Failure, failureOf } from "./api";
import { useConsole } from "./console-context";

export interface Sender {
  /**
   * Resolves to the authority's answer; to `undefined` after a refusal, or while another command is under way.
   * @param done the sentence for the status line, shown once the page shows the change
   */
  send: (command: Command, done?: (accepted: CommandAnswer) => string) => Promise<CommandAnswer | undefined>;
  /** Clears the last failure. */
  clear: () => void;
  busy: boolean;
  failure: Failure | undefined;
}

/** A sentence about the invitations that ended with the command. */
function ended({ result: { ended = [] } }: CommandAnswer): string {
  return ended.length === 0
    ? ""
    : ` ${ended.length === 1 ? "A pending invitation" : `${ended.length} pending invitations`} ended too.`;
}

const NOTHING = { busy: false, failure: undefined };

/** A function that puts a sentence into the status line once the page shows the version. */
export function useDone(): (version: number, text: string) => void {
  const { reached } = useConsole();
  const say = useStatus();
  return (version, text) => void reached(version).then(() => say(text));
}

export function useCommand(): Sender {
  const sayDone = useDone();
  const underWay = useRef(false);
  const [state, setState] = useState<Omit<Sender, "send" | "clear">>(NOTHING);

  async function send(command: Command, done?: (accepted: CommandAnswer) => string): Promise<CommandAnswer | undefined> {
    if (underWay.current) return undefined;
    underWay.current = true;
    setState({ ...NOTHING, busy: true });
    try {
      const accepted = await execute(command);
      setState(NOTHING);
      if (done) sayDone(accepted.version, `${done(accepted)}${ended(accepted)}`);
      return accepted;
    } catch (error) {
      setState({ ...NOTHING, failure: failureOf(error) });
      return undefined;
    } finally {
      underWay.current = false;
    }
  }

  return { ...state, send, clear: () => setState(NOTHING) };
}
