// The routes of the operator.
import { json, wire, type Routes } from "../route";

export const operator = {
  "PUT /v1/organization": {
    id: "foundOrganization",
    tag: "operator",
    summary: "Found the organization",
    description: "With its facts, once.",
    may: ["operator"],
    body: {
      description: "The facts.",
      schema: wire("Organization"),
      example: { id: "acme", users: [{ id: "gina", role: "global_admin", email: "gina@acme.example" }] },
    },
    answers: { 201: json("VersionAnswer", "It is founded.") },
    problems: ["invalid_facts", "invalid_command", "already_exists", "already_founded"],
    reaches: "unfounded",
  },
  "GET /v1/organization/export": {
    id: "exportOrganization",
    tag: "operator",
    summary: "Export the organization",
    description:
      "Lines of JSON (NDJSON): a heading with the `format`, the organization, its epoch, version and head; then every event with its text and its sealed text.",
    may: ["operator"],
    answers: { 200: { description: "The lines.", type: "application/x-ndjson", schema: { type: "string" } } },
  },
  "POST /v1/organization/import": {
    id: "importOrganization",
    tag: "operator",
    summary: "Import an organization",
    description: "Into an empty organization, all of it or nothing. The chain of the events and the head are verified first.",
    may: ["operator"],
    body: {
      description: "The lines of an export.",
      type: "application/x-ndjson",
      schema: { type: "string" },
      example: "",
    },
    answers: { 201: json("VersionAnswer", "It is imported.") },
    problems: ["invalid_import", "unsupported_format", "already_founded"],
    reaches: "unfounded",
  },
  "POST /v1/restored": {
    id: "restoreOrganization",
    tag: "operator",
    summary: "Put the organization back, and begin a new epoch",
    description: "Without `at`: the storage was put back already.",
    may: ["operator"],
    body: {
      description: "The time to go back to.",
      schema: {
        type: "object",
        properties: { at: { type: "integer", minimum: 1, description: "Unix seconds, in the past." } },
        additionalProperties: false,
      },
      example: {},
    },
    answers: { 200: json("RestoredAnswer", "The new epoch.") },
  },
  "PUT /v1/plan": {
    id: "setPlan",
    tag: "operator",
    summary: "Set what the organization has bought",
    may: ["operator"],
    body: {
      description: "The plan.",
      schema: {
        type: "object",
        properties: { name: { type: "string" }, withholds: { type: "array", items: { type: "string" } } },
        required: ["withholds"],
        additionalProperties: false,
      },
      example: { name: "pro", withholds: ["actions.manage"] },
    },
    answers: { 200: json("VersionAnswer", "It is set.") },
    problems: ["invalid_command"],
  },
  "POST /v1/keys/rotate": {
    id: "rotateKeys",
    tag: "operator",
    summary: "Make a new signing key",
    description: "It signs after ten minutes; with `at_once` now, and the other keys are withdrawn.",
    may: ["operator"],
    body: {
      description: "Whether it signs now.",
      schema: { type: "object", properties: { at_once: { type: "boolean", default: false } }, additionalProperties: false },
      example: {},
    },
    answers: { 200: json("RotationAnswer", "All signing keys.") },
    problems: ["rotation_in_progress", "key_is_configured"],
    reaches: "unfounded",
  },
} satisfies Routes;
