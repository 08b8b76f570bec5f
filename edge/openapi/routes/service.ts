// The routes of the gate, and of everybody.
import { json, signed, type Parameter, type Routes } from "../route";

const ASSISTANT: Parameter = {
  name: "assistant",
  in: "path",
  description: "The id of the assistant.",
  required: true,
  schema: { type: "string" },
  example: "helper",
};

export const gate = {
  "GET /v1/gate/:assistant": {
    id: "readGateSnapshot",
    tag: "gate",
    summary: "Read the snapshot of a public assistant",
    may: ["gate"],
    parameters: [ASSISTANT],
    answers: { 200: signed("Snapshot", "The snapshot.") },
    problems: ["unknown_assistant"],
  },
  "GET /v1/gate/:assistant/head": {
    id: "readGateHead",
    tag: "gate",
    summary: "Read from which version on a snapshot of a public assistant is current",
    may: ["gate"],
    parameters: [ASSISTANT],
    answers: { 200: signed("Head", "The version.") },
    problems: ["unknown_assistant"],
  },
} satisfies Routes;

export const service = {
  "GET /.well-known/jwks.json": {
    id: "readKeys",
    tag: "service",
    summary: "Read the public keys of all signatures",
    description: "Readers may keep it for five minutes.",
    answers: { 200: { ...json("JwkSet", "The keys."), type: "application/jwk-set+json" } },
    reaches: "unfounded",
  },
  "GET /v1/organization": {
    id: "readOrganization",
    tag: "service",
    summary: "Read which organization is at this host",
    description: "What a page must know before anybody signs in.",
    answers: { 200: json("OrganizationAnswer", "The organization.") },
    reaches: "settings",
  },
  "GET /v1/openapi.json": {
    id: "readContract",
    tag: "service",
    summary: "Read this document",
    parameters: [],
    answers: {
      200: { description: "The document.", schema: { type: "object" }, headers: ["ETag"] },
      304: { description: "It is what the reader has.", headers: ["ETag"] },
    },
    reaches: "nothing",
  },
  "GET /healthz": {
    id: "readHealth",
    tag: "service",
    summary: "Ask whether the Worker answers",
    description: "No organization is woken.",
    answers: { 200: json("HealthAnswer", "It does.") },
    reaches: "nothing",
  },
} satisfies Routes;
