// Sends one command at a time and says what became of it.
import { useRef, useState } from "react";
import type { Command } from "wicketgate/authority";
import { type Accepted, execute, type Failure, failureOf } from "./api";

export interface Sender {
  /** Answers whether it was accepted. While one is under way, another is not sent. */
  send: (command: Command, done: (accepted: Accepted) => string) => Promise<boolean>;
  /** Forgets what became of the last. */
  clear: () => void;
  busy: boolean;
  said: string;
  failure: Failure | undefined;
}

const NOTHING = { busy: false, said: "", failure: undefined };

export function useCommand(): Sender {
  const underWay = useRef(false);
  const [state, setState] = useState<Omit<Sender, "send" | "clear">>(NOTHING);

  async function send(command: Command, done: (accepted: Accepted) => string): Promise<boolean> {
    if (underWay.current) return false;
    underWay.current = true;
    setState({ ...NOTHING, busy: true });
    try {
      const accepted = await execute(command);
      setState({ ...NOTHING, said: done(accepted) });
      return true;
    } catch (error) {
      setState({ ...NOTHING, failure: failureOf(error) });
      return false;
    } finally {
      underWay.current = false;
    }
  }

  return { ...state, send, clear: () => setState(NOTHING) };
}
