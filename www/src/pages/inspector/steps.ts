// The steps of opening a token, in their order, and which one the package stopped at.
import type { ErrorCode, WicketgateError } from "wicketgate";
import type { Token, TokenKind } from "./token";

export interface Expectations {
  issuer: string;
  audience: string;
  organization: string;
}

export type StepState = "passed" | "failed" | "not_reached" | "not_compared" | "not_possible";

export interface Step {
  id: string;
  label: string;
  state: StepState;
  /** What is wrong, or why the step could not be made. */
  note?: string;
}

interface StepDefinition {
  id: string;
  code: ErrorCode;
  label: string;
  wrong: string;
  /** The kinds of token that have this step. Absent: all. */
  of?: TokenKind[];
  /** The reader's expectation that the step compares with. */
  expects?: keyof Expectations;
}

const STEPS: StepDefinition[] = [
  { id: "size", code: "too_large", label: "Size", wrong: "It is longer than the limit." },
  {
    id: "form",
    code: "malformed",
    label: "Form",
    wrong: "It is not made of a header, a payload and a signature in base64url, or a part of it is missing.",
  },
  { id: "type", code: "wrong_type", label: "Type", wrong: "It is not a snapshot, delta, head or pass of Wicketgate." },
  { id: "algorithm", code: "unsupported_algorithm", label: "Algorithm", wrong: "Its signature algorithm is not accepted." },
  {
    id: "key",
    code: "unknown_key",
    label: "Key",
    wrong: "None of the keys has its key id: somebody else signed it, or the key was retired.",
  },
  {
    id: "signature",
    code: "bad_signature",
    label: "Signature",
    wrong: "The signature does not match this text and this key: the text was changed, or another key was used.",
  },
  { id: "claims", code: "malformed", label: "Claims", wrong: "A claim is missing or does not have the required form." },
  {
    id: "issuer",
    code: "wrong_issuer",
    label: "Issuer",
    wrong: "Its issuer is not the expected one.",
    expects: "issuer",
  },
  {
    id: "audience",
    code: "wrong_audience",
    label: "Audience",
    wrong: "Its audience is not the expected one.",
    expects: "audience",
  },
  {
    id: "organization",
    code: "wrong_organization",
    label: "Organization",
    wrong: "Its organization is not the expected one.",
    expects: "organization",
  },
  { id: "begun", code: "not_yet_valid", label: "Not too early", wrong: "It is not valid yet." },
  { id: "expiry", code: "expired", label: "Not too late", wrong: "It has expired." },
  {
    id: "start",
    code: "wrong_state",
    label: "Start of the delta",
    wrong: "It applies to a different snapshot than the one given.",
    of: ["delta"],
  },
  {
    id: "version",
    code: "rolled_back",
    label: "Version",
    wrong: "It is older than the snapshot that it starts from.",
    of: ["delta"],
  },
  {
    id: "facts",
    code: "invalid_facts",
    label: "Facts",
    wrong: "A fact breaks a rule of the format.",
    of: ["snapshot", "delta"],
  },
  { id: "granted", code: "not_granted", label: "Capabilities", wrong: "It contains no capability.", of: ["pass"] },
];

/** @param error the package's refusal; `undefined` if the token was accepted */
export function stepsOf(token: Token, expected: Expectations, error: WicketgateError | undefined): Step[] {
  const definitions = STEPS.filter(({ of }) => of === undefined || of.includes(token.kind));
  const failed =
    error &&
    definitions.findIndex((step) => step.code === error.code && (step.code !== "malformed" || step.id === malformedStep(token)));
  return definitions.map(({ id, label, wrong, expects }, index): Step => {
    if (failed === undefined || index < failed) {
      return { id, label, state: expects === undefined || expected[expects] !== "" ? "passed" : "not_compared" };
    }
    if (index === failed) return { id, label, state: "failed", note: `${wrong} (${error!.message})` };
    return { id, label, state: "not_reached" };
  });
}

/** The steps up to the signature, for a delta without the snapshot that it starts from. */
export function stepsToSignature(token: Token, error: WicketgateError | undefined): Step[] {
  let after = false;
  return stepsOf(token, { issuer: "", audience: "", organization: "" }, error).map((step) => {
    const reached = !after;
    after ||= step.id === "signature";
    return reached || error
      ? step
      : { id: step.id, label: step.label, state: "not_possible", note: "Needs the snapshot that it starts from" };
  });
}

/** The code `malformed` belongs to two steps: the form, before the signature, and the claims, after it. */
function malformedStep({ header, signature }: Token): "form" | "claims" {
  return header === undefined || signature === "" || "crit" in header ? "form" : "claims";
}
