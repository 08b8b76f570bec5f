// One code of the authority means something else with each command: under a name of its own, it gets words of its own.
import type { Failure } from "../../data/api";
import { ownProperty } from "../../lib/own-property";

export function asMeant(failure: Failure | undefined, names: Record<string, string>): Failure | undefined {
  if (failure?.kind !== "refused") return failure;
  const { problem } = failure;
  return { kind: "refused", problem: { ...problem, code: ownProperty(names, problem.code) ?? problem.code } };
}
