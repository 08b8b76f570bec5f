// Sends something by hand and says what the receiver answered.
import type { Delivery } from "@wicketgate/edge/wire";
import { useRef, useState } from "react";
import { type Failure, failureOf } from "../../data/api";
import { useStatus } from "../../lib/status";
import { outcomeSentence } from "./words";

/** @param sent called when the receiver has answered or has not */
export function useByHand(sent: () => void): {
  send: (work: () => Promise<Delivery>) => Promise<void>;
  failure: Failure | undefined;
} {
  const say = useStatus();
  const underWay = useRef(false);
  const [failure, setFailure] = useState<Failure>();

  async function send(work: () => Promise<Delivery>): Promise<void> {
    if (underWay.current) return;
    underWay.current = true;
    setFailure(undefined);
    say("Sending…");
    try {
      say(outcomeSentence(await work()));
      sent();
    } catch (error) {
      say("");
      setFailure(failureOf(error));
    } finally {
      underWay.current = false;
    }
  }

  return { send, failure };
}
