// The JSON of the gate's answers to programs, as types alone.
import type { CapabilityOf } from "wicketgate";
import type { GateProblemCode, ProblemDocument } from "wicketgate/contract";

/** The body of every refusal of the gate. */
export type GateProblem = ProblemDocument<GateProblemCode>;

/** `POST /v1/pass`. */
export interface PassAnswer {
  /** The pass, a JWS. */
  pass: string;
  /** Seconds. */
  expires_in: number;
  /** The name of the assistant; absent if it has none. */
  name?: string;
  capabilities: CapabilityOf<"assistant">[];
}

/** `POST /v1/chat/:assistant`, of the demonstration back end. */
export interface ReplyAnswer {
  reply: string;
}

/** The greeting of an assistant, of the demonstration back end; empty if it has none. */
export interface GreetingAnswer {
  greeting: string;
}
