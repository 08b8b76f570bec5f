// Sends one command at a time. What became of it goes to the status line; a refusal stays with whoever sent it, to be shown beside it.
import type { CommandAnswer } from "@wicketgate/edge/wire";
import { useRef, useState } from "react";
import type { Command } from "wicketgate/authority";
import { useStatus } from "../lib/status";
import { execute, type Failure, failureOf } from "./api";
import { useConsole } from "./console-context";

export interface Sender {
  /** Answers what was accepted, or nothing. While one is under way, another is not sent. `done` is what the status line says, once it is shown. */
  send: (command: Command, done?: (accepted: CommandAnswer) => string) => Promise<CommandAnswer | undefined>;
  /** Forgets what became of the last. */
  clear: () => void;
  busy: boolean;
  failure: Failure | undefined;
}

/** The invitations that a command ended besides. */
function ended({ result: { ended = [] } }: CommandAnswer): string {
  return ended.length === 0
    ? ""
    : ` ${ended.length === 1 ? "A pending invitation" : `${ended.length} pending invitations`} ended too.`;
}

const NOTHING = { busy: false, failure: undefined };

/** What says in the status line what was done, once the page shows it. */
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
