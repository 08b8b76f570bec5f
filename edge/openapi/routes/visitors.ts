// The routes of the gate for programs: passes, and the demonstration back end behind them. Its pages are not part of the interface.
import type { GateProblemCode } from "wicketgate/contract";
import { MAX_TEXT } from "../../gate/max-text";
import { json, type Parameter, type Routes } from "../route";

const ASSISTANT: Parameter = {
  name: "assistant",
  in: "path",
  description: "The id of the assistant.",
  required: true,
  schema: { type: "string" },
  example: "site",
};

/** What a body of JSON can meet. */
const BODY: GateProblemCode[] = ["bad_request", "too_large", "unsupported_media_type"];
/** What a pass can meet. */
const PASS: GateProblemCode[] = ["invalid_pass", "insufficient_pass", "unavailable"];

function text(name: string, minLength: number) {
  return {
    type: "object",
    properties: { [name]: { type: "string", minLength, maxLength: MAX_TEXT } },
    required: [name],
    additionalProperties: false,
  };
}

export const visitors = {
  "POST /v1/pass": {
    id: "createPass",
    tag: "visitors",
    summary: "Get a pass for an assistant",
    description:
      "For the visitor of a share link, of a site that may embed the assistant, or for the person who is signed in. The request needs the `Origin` of the gate's own pages.",
    body: {
      description: "The assistant, and why the visitor may use it.",
      schema: {
        type: "object",
        properties: {
          assistant: { type: "string" },
          key: { type: "string", description: "The key of a share link." },
          embedder: { type: "string", description: "The origin of the page around the frame." },
          member: { const: true, description: "The session of the request." },
        },
        required: ["assistant"],
        oneOf: [{ required: ["key"] }, { required: ["embedder"] }, { required: ["member"] }],
      },
      example: { assistant: "site", key: `wk_${"A".repeat(43)}` },
    },
    answers: { 200: json("PassAnswer", "The pass.") },
    gateProblems: [...BODY, "cross_origin", "refused", "rate_limited", "unavailable"],
  },
  "GET /.well-known/pass-jwks.json": {
    id: "readPassKeys",
    tag: "visitors",
    summary: "Read the public keys of passes",
    description: "Readers may keep it for five minutes.",
    answers: { 200: { ...json("JwkSet", "The keys."), type: "application/jwk-set+json" } },
    gateProblems: ["unavailable"],
  },
  "POST /v1/chat/:assistant": {
    id: "chat",
    tag: "visitors",
    summary: "Talk to the demonstration back end",
    description: "Needs `assistant.chat` in the pass.",
    may: ["pass"],
    parameters: [ASSISTANT],
    body: { description: "The message.", schema: text("message", 1), example: { message: "Hello" } },
    answers: { 200: json("ReplyAnswer", "The reply.") },
    gateProblems: [...BODY, ...PASS],
  },
  "GET /v1/chat/:assistant/greeting": {
    id: "readGreeting",
    tag: "visitors",
    summary: "Read the greeting",
    description: "Needs `assistant.chat` in the pass.",
    may: ["pass"],
    parameters: [ASSISTANT],
    answers: { 200: json("GreetingAnswer", "The greeting.") },
    gateProblems: PASS,
  },
  "PUT /v1/chat/:assistant/greeting": {
    id: "setGreeting",
    tag: "visitors",
    summary: "Set the greeting",
    description: "Needs `assistant.edit` in the pass.",
    may: ["pass"],
    parameters: [ASSISTANT],
    body: { description: "The greeting.", schema: text("greeting", 0), example: { greeting: "Good morning" } },
    answers: { 200: json("GreetingAnswer", "The greeting.") },
    gateProblems: [...BODY, ...PASS],
  },
} satisfies Routes;
