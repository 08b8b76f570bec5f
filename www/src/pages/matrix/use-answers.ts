import { useEffect, useMemo, useState } from "react";
import { authorityTime } from "../../lib/clock";
import type { Overview } from "../../data/overview";
import { Answers, nextExpiry } from "./answers";

/** Milliseconds: no timer waits longer. */
const LONGEST = 2 ** 31 - 1;

/** The answers of the overview; other ones once something in it has expired. */
export function useAnswers({ snapshot, facts }: Overview): Answers {
  const [expired, setExpired] = useState(0);
  useEffect(() => {
    const now = authorityTime();
    const wait = Math.ceil((nextExpiry(facts, now) - now) * 1000);
    const timer = wait < LONGEST ? setTimeout(() => setExpired((count) => count + 1), wait) : undefined;
    return () => clearTimeout(timer);
  }, [facts, expired]);
  return useMemo(() => new Answers(snapshot), [snapshot, expired]);
}
