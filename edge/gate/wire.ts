// The JSON of the gate's answers to programs, as types alone.
import type { GateProblemCode, ProblemDocument } from "wicketgate/contract";

/** The body of every refusal of the gate. */
export type GateProblem = ProblemDocument<GateProblemCode>;

export type { PassAnswer } from "wicketgate/admin";

/** `POST /v1/chat/:assistant`, of the demonstration back end. */
export interface ReplyAnswer {
  reply: string;
}

/** The greeting of an assistant, of the demonstration back end; empty if it has none. */
export interface GreetingAnswer {
  greeting: string;
}
