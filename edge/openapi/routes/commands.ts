// The routes of changes.
import { headerNames, type AuthorityProblemCode } from "wicketgate/contract";
import { json, wire, type Body, type Routes } from "../route";

/**
 * The refusals of commands by people. Those of invitations answer a sign-in. For a team or project that there is not, people are told that they may
 * not: only the authority itself gets `unknown_team` and `unknown_project`.
 */
const REFUSALS: AuthorityProblemCode[] = [
  "invalid_command",
  "not_allowed",
  "beyond_own_role",
  "own_role",
  "last_global_admin",
  "unknown_user",
  "unknown_assistant",
  "unknown_role",
  "unknown_link",
  "unknown_invitation",
  "already_exists",
  "in_use",
  "not_empty",
  "owns_assistants",
  "only_me",
  "only_team",
  "inactive_user",
];

const COMMAND: Body = {
  description: "The command.",
  schema: wire("Command"),
  example: { type: "create_team", name: "Support" },
};

export const commands = {
  "POST /v1/commands": {
    id: "executeCommand",
    tag: "commands",
    summary: "Do a command",
    description: "The change is durable before its answer.",
    may: ["session"],
    parameters: [
      {
        name: headerNames.idempotencyKey,
        in: "header",
        description: "A request with the same key and the same body, within 24 hours, is done once and answered again.",
        schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[ -~]*$" },
      },
      {
        name: headerNames.ifVersion,
        in: "header",
        description: "The version of the organization that the command was made for: it is refused at another one.",
        schema: { type: "integer", minimum: 1 },
      },
    ],
    body: COMMAND,
    answers: { 200: json("CommandAnswer", "It is done.") },
    problems: [...REFUSALS, "version_conflict", "idempotency_conflict", "rate_limited"],
  },
  "POST /v1/preview": {
    id: "previewCommand",
    tag: "commands",
    summary: "See what a command would change",
    description: "Nothing is changed. The refusals are those of the command.",
    may: ["session"],
    body: COMMAND,
    answers: { 200: json("Preview", "Who would gain and lose what.") },
    problems: REFUSALS,
  },
  "POST /v1/addresses": {
    id: "readAddresses",
    tag: "commands",
    summary: "Read texts as e-mail addresses",
    description: "By the rules of the directory. It does not say who has an address.",
    may: ["session"],
    body: {
      description: "The texts.",
      schema: {
        type: "object",
        properties: { addresses: { type: "array", items: { type: "string" } } },
        required: ["addresses"],
        additionalProperties: false,
      },
      example: { addresses: ["Ana@Acme.example"] },
    },
    answers: { 200: json("AddressesAnswer", "Each text, in the order of the request.") },
  },
} satisfies Routes;
