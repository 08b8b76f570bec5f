// The routes of the history for other services, and of webhooks.
import { limits, type AuthorityProblemCode } from "wicketgate/contract";
import { json, type Parameter, type Routes } from "../route";

const LIMIT: Parameter = {
  name: "limit",
  in: "query",
  description: "The number of entries at most.",
  schema: { type: "integer", minimum: 1, maximum: limits.auditPage, default: 100 },
};

const WEBHOOK: Parameter = {
  name: "webhook",
  in: "path",
  description: "The id of the webhook.",
  required: true,
  schema: { type: "string" },
  example: "w_AAAAAAAAAAAAAAAA",
};

function after(what: string): Parameter {
  return { name: "after", in: "query", description: what, schema: { type: "integer", minimum: 0 } };
}

/** What sending by hand can meet. */
const BY_HAND: AuthorityProblemCode[] = ["not_allowed", "cross_origin", "unknown_webhook", "webhook_paused", "rate_limited"];

export const events = {
  "GET /v1/events": {
    id: "listEvents",
    tag: "events",
    summary: "Read a page of the history",
    description: "Events in the order of their versions, exactly as they are stored. Each text has the hash of the one before.",
    may: ["session", "key"],
    scopes: ["events"],
    parameters: [after("The version of the last event that the reader has."), LIMIT],
    answers: { 200: json("EventPage", "The page.") },
    problems: ["bad_request", "not_allowed", "unknown_version"],
  },
  "GET /v1/events/stream": {
    id: "streamEvents",
    tag: "events",
    summary: "Read the history as it grows",
    description:
      "Server-sent events: `id` is the version, `data` the text of the event. Without `after` and `Last-Event-ID` it begins at the present version. It ends after fifteen minutes; clients connect again.",
    may: ["session", "key"],
    scopes: ["events"],
    parameters: [
      after("The version of the last event that the reader has."),
      {
        name: "Last-Event-ID",
        in: "header",
        description: "What a client sends that connects again; it wins over `after`.",
        schema: { type: "integer", minimum: 0 },
      },
    ],
    answers: { 200: { description: "The stream.", type: "text/event-stream", schema: { type: "string" } } },
    problems: ["bad_request", "not_allowed", "unknown_version", "rate_limited"],
  },
  "GET /v1/signals": {
    id: "listSignals",
    tag: "events",
    summary: "Read a page of the signals",
    description: "What happened around the organization and is not in its history, kept for 90 days.",
    may: ["session", "key"],
    scopes: ["events"],
    parameters: [after("The id of the last signal that the reader has."), LIMIT],
    answers: { 200: json("SignalPage", "The page.") },
    problems: ["bad_request", "not_allowed"],
  },
  "GET /v1/webhooks": {
    id: "listWebhooks",
    tag: "events",
    summary: "List the webhooks with their states",
    description: "And the keys that sign what they send. Commands create and change webhooks.",
    may: ["session", "key"],
    scopes: ["read"],
    answers: { 200: json("WebhooksAnswer", "The webhooks.") },
    problems: ["not_allowed"],
  },
  "GET /v1/webhooks/:webhook/deliveries": {
    id: "listDeliveries",
    tag: "events",
    summary: "List the latest deliveries of a webhook",
    description: "The latest hundred, newest first.",
    may: ["session", "key"],
    scopes: ["read"],
    parameters: [WEBHOOK],
    answers: { 200: json("DeliveriesAnswer", "The deliveries.") },
    problems: ["not_allowed", "unknown_webhook"],
  },
  "POST /v1/webhooks/:webhook/test": {
    id: "testWebhook",
    tag: "events",
    summary: "Send a test event",
    description: "Now, and also by a webhook that is switched off. The answer waits for the receiver, fifteen seconds at most.",
    may: ["session", "key"],
    scopes: ["commands"],
    parameters: [WEBHOOK],
    answers: { 200: json("DeliveryAnswer", "What came of it.") },
    problems: BY_HAND,
  },
  "POST /v1/webhooks/:webhook/deliveries/:delivery/resend": {
    id: "resendDelivery",
    tag: "events",
    summary: "Send the event of a delivery again",
    description: "Now and out of order, with the same `webhook-id`.",
    may: ["session", "key"],
    scopes: ["commands"],
    parameters: [
      WEBHOOK,
      {
        name: "delivery",
        in: "path",
        description: "The id of the delivery.",
        required: true,
        schema: { type: "integer", minimum: 1 },
        example: 1,
      },
    ],
    answers: { 200: json("DeliveryAnswer", "What came of it.") },
    problems: ["bad_request", "unknown_delivery", ...BY_HAND],
  },
} satisfies Routes;
