// The routes of changes.
import { type AuthorityProblemCode, headerNames, refusalCodes } from "wicketgate/contract";
import { json, wire, type Body, type Parameter, type Routes } from "../route";

/**
 * Refusals of the authority's own commands: of invitations, when somebody signs in; and for a team or project that there is not, where people are told
 * that they may not.
 */
const OF_SYSTEM: AuthorityProblemCode[] = [
  "invitation_invalid",
  "invitation_expired",
  "wrong_address",
  "unknown_team",
  "unknown_project",
];

/** The refusals of commands by people. */
const REFUSALS = (Object.keys(refusalCodes) as (keyof typeof refusalCodes)[]).filter((code) => !OF_SYSTEM.includes(code));

const VERSION: Parameter = {
  name: headerNames.ifVersion,
  in: "header",
  description: "The version of the organization that the command was made for: it is refused at another one.",
  schema: { type: "integer", minimum: 1 },
};

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
    may: ["session", "key"],
    scopes: ["commands"],
    parameters: [
      {
        name: headerNames.idempotencyKey,
        in: "header",
        description: "A request with the same key and the same body, within 24 hours, is done once and answered again.",
        schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[ -~]*$" },
      },
      VERSION,
    ],
    body: COMMAND,
    answers: { 200: json("CommandAnswer", "It is done.") },
    problems: [...REFUSALS, "version_conflict", "idempotency_conflict", "rate_limited"],
  },
  "POST /v1/commands/batch": {
    id: "executeBatch",
    tag: "commands",
    summary: "Do several commands",
    description: "In one transaction: all or none, or each for itself. Everything is durable before the answer.",
    may: ["session", "key"],
    scopes: ["commands"],
    parameters: [VERSION],
    body: {
      description: "The commands.",
      schema: wire("BatchRequest"),
      example: { atomic: true, commands: [{ command: { type: "create_team", name: "Support" }, idempotency_key: "row-71332" }] },
    },
    answers: { 200: json("BatchAnswer", "The answer to each command.") },
    problems: [...REFUSALS, "version_conflict", "idempotency_conflict", "rate_limited"],
  },
  "POST /v1/reconcile": {
    id: "reconcile",
    tag: "commands",
    summary: "Lead the organization to desired facts",
    description: "All or nothing. The answer is lines too: progress while the facts arrive, and last the result or a problem.",
    may: ["session", "key"],
    scopes: ["commands"],
    parameters: [
      VERSION,
      {
        name: "kinds",
        in: "query",
        description: "Of these kinds, things that no line names are removed: some of roles, users, teams, projects, assistants.",
        schema: { type: "string" },
      },
      {
        name: "successor",
        in: "query",
        description: "The id of the user who takes over the assistants of removed people.",
        schema: { type: "string" },
      },
      {
        name: "dry_run",
        in: "query",
        description: "Nothing is changed. The result lists the commands.",
        schema: { type: "string", enum: ["", "true", "false"] },
      },
    ],
    body: {
      description: "One thing a line, with its `kind`: role, user, team, project or assistant.",
      type: "application/x-ndjson",
      schema: { type: "string" },
      example: '{"kind":"team","id":"support","name":"Support"}\n',
    },
    answers: {
      200: { description: "Lines: `ReconcileLine`.", type: "application/x-ndjson", schema: wire("ReconcileLine") },
    },
    problems: ["not_allowed", "version_conflict"],
  },
  "POST /v1/preview": {
    id: "previewCommand",
    tag: "commands",
    summary: "See what a command would change",
    description: "Nothing is changed. The refusals are those of the command.",
    may: ["session", "key"],
    scopes: ["commands"],
    body: COMMAND,
    answers: { 200: json("Preview", "Who would gain and lose what.") },
    problems: REFUSALS,
  },
  "POST /v1/addresses": {
    id: "readAddresses",
    tag: "commands",
    summary: "Read texts as e-mail addresses",
    description: "By the rules of the directory. It does not say who has an address.",
    may: ["session", "key"],
    scopes: ["commands"],
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
  "POST /v1/passes": {
    id: "createPassForPerson",
    tag: "commands",
    summary: "Make a pass for a person",
    description:
      "For a person whom the platform itself has signed in. It says what they may do with the assistant now, and the gate's keys sign it.",
    may: ["key"],
    scopes: ["passes"],
    body: {
      description: "Who, and for what.",
      schema: {
        type: "object",
        properties: { user: { type: "string" }, assistant: { type: "string" } },
        required: ["user", "assistant"],
        additionalProperties: false,
      },
      example: { user: "uma", assistant: "site" },
    },
    answers: { 200: json("PassAnswer", "The pass.") },
    problems: ["not_configured"],
  },
} satisfies Routes;
