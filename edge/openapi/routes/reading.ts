// The routes of reading.
import { limits } from "wicketgate/contract";
import { IF_NONE_MATCH, json, type Parameter, type Routes, signed, tagged } from "../route";

const FROM: Parameter = {
  name: "from",
  in: "query",
  description: "The version of the snapshot that the reader has.",
  required: true,
  schema: { type: "integer", minimum: 1 },
  example: 1,
};

const DIGESTS: Parameter = {
  name: "digests",
  in: "query",
  description: "With the digests of links. For API keys that have the scope `digests` too.",
  schema: { type: "string", enum: ["", "true", "false"] },
};

export const reading = {
  "GET /v1/snapshot": {
    id: "readSnapshot",
    tag: "reading",
    summary: "Read one's own snapshot",
    description: "The facts that the caller may know, signed for ten minutes.",
    may: ["session"],
    parameters: [
      IF_NONE_MATCH,
      {
        name: "assistant",
        in: "query",
        description: "The id of an assistant: the part of the snapshot that decides about it. It has no `state`, and no deltas.",
        schema: { type: "string" },
      },
    ],
    answers: tagged("Snapshot", "The snapshot."),
  },
  "GET /v1/delta": {
    id: "readDelta",
    tag: "reading",
    summary: "Read the change since a version",
    may: ["session"],
    parameters: [FROM],
    answers: { 200: signed("Delta", "The change from that snapshot to the present one.") },
    problems: ["bad_request", "delta_unavailable"],
  },
  "GET /v1/head": {
    id: "readHead",
    tag: "reading",
    summary: "Read the current version, signed",
    may: ["session", "key"],
    scopes: ["read"],
    answers: { 200: signed("Head", "The version.") },
  },
  "GET /v1/updates": {
    id: "openUpdates",
    tag: "reading",
    summary: "Open a WebSocket that announces versions",
    description:
      "Each message is JSON with the `version`, and the `epoch` unless it is 0. The only message to send is `ping`; its answer is `pong`. The request needs the `Origin` of the page.",
    may: ["session", "key"],
    scopes: ["read"],
    parameters: [
      { name: "Upgrade", in: "header", description: "`websocket`", required: true, schema: { type: "string", const: "websocket" } },
    ],
    answers: { 101: { description: "The WebSocket is open." } },
    problems: ["cross_origin", "upgrade_required", "rate_limited"],
  },
  "GET /v1/directory": {
    id: "readDirectory",
    tag: "reading",
    summary: "Read the directory",
    description: "The part that the caller may see, not signed.",
    may: ["session", "key"],
    scopes: ["read"],
    answers: { 200: json("DirectoryAnswer", "The directory.") },
  },
  "GET /v1/audit": {
    id: "readAuditLog",
    tag: "reading",
    summary: "Read a page of the audit log",
    description: "Events in the order of their versions. Each text has the hash of the one before.",
    may: ["session", "key"],
    scopes: ["events"],
    parameters: [
      {
        name: "after",
        in: "query",
        description: "The version after which the page begins.",
        schema: { type: "integer", minimum: 0, default: 0 },
      },
      {
        name: "limit",
        in: "query",
        description: "The number of events at most.",
        schema: { type: "integer", minimum: 1, maximum: limits.auditPage, default: 100 },
      },
    ],
    answers: { 200: json("AuditPage", "The page.") },
    problems: ["bad_request", "not_allowed"],
  },
  "GET /v1/workspace": {
    id: "readWorkspace",
    tag: "reading",
    summary: "Read the whole organization",
    description: "Everything but the digests of links, signed for ten minutes. For global admins, and API keys with their role.",
    may: ["session", "key"],
    scopes: ["read"],
    parameters: [IF_NONE_MATCH, DIGESTS],
    answers: tagged("Snapshot", "The snapshot."),
    problems: ["bad_request", "not_allowed"],
  },
  "GET /v1/workspace/delta": {
    id: "readWorkspaceDelta",
    tag: "reading",
    summary: "Read the change of the whole organization since a version",
    description: "For global admins, and API keys with their role.",
    may: ["session", "key"],
    scopes: ["read"],
    parameters: [FROM, DIGESTS],
    answers: { 200: signed("Delta", "The change from that snapshot to the present one.") },
    problems: ["bad_request", "not_allowed", "delta_unavailable"],
  },
  "GET /v1/api-keys": {
    id: "listApiKeys",
    tag: "reading",
    summary: "List the API keys",
    description: "When each was last used, and nothing of its secret. Commands create and change them.",
    may: ["session", "key"],
    scopes: ["read"],
    answers: { 200: json("ApiKeysAnswer", "The keys.") },
  },
  "GET /v1/reviews": {
    id: "listReviews",
    tag: "reading",
    summary: "List the access reviews",
    description: "The latest hundred, newest first. For global admins.",
    may: ["session", "key"],
    scopes: ["read"],
    answers: { 200: json("ReviewsAnswer", "The reviews.") },
    problems: ["not_allowed"],
  },
  "GET /v1/reviews/:version": {
    id: "readReview",
    tag: "reading",
    summary: "Read the organization as it was at a review",
    description: "Signed now, with its old version. Kept of the latest two reviews. For global admins.",
    may: ["session", "key"],
    scopes: ["read"],
    parameters: [
      {
        name: "version",
        in: "path",
        description: "The version of the review.",
        required: true,
        schema: { type: "integer", minimum: 1 },
        example: 2,
      },
    ],
    answers: { 200: signed("Snapshot", "The organization then.") },
    problems: ["bad_request", "not_allowed", "unknown_review"],
  },
} satisfies Routes;
