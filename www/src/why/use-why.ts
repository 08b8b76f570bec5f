// A denial in words, with the people who can change it.
import type { Question } from "wicketgate";
import { useDecision } from "wicketgate/react";
import { useConsole } from "../data/console-context";
import { useNames } from "../data/names";
import { explain } from "./explain";

/** @returns why it is denied; `undefined` if it is allowed */
export function useWhyNot(...question: Question): string | undefined {
  const decision = useDecision(...question);
  const context = useConsole();
  const names = useNames();
  return decision.allowed ? undefined : explain(decision, question, context, names);
}
