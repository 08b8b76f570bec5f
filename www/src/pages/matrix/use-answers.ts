import { useEffect, useMemo, useState } from "react";
import { authorityTime } from "../../lib/clock";
import type { Overview } from "../../data/overview";
import { Answers, nextExpiry } from "./answers";

/** Milliseconds: the longest delay of a timer. */
const MAX_DELAY = 2 ** 31 - 1;

/** The answers of the overview. A new object when something in it has expired. */
export function useAnswers({ snapshot, facts }: Overview): Answers {
  const [expired, setExpired] = useState(0);
  useEffect(() => {
    const now = authorityTime();
    const wait = Math.ceil((nextExpiry(facts, now) - now) * 1000);
    const timer = wait < MAX_DELAY ? setTimeout(() => setExpired((count) => count + 1), wait) : undefined;
    return () => clearTimeout(timer);
  }, [facts, expired]);
  return useMemo(() => new Answers(snapshot), [snapshot, expired]);
}
