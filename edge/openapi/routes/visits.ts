// The routes of people at the apex: sessions there, and signing up.
import { json, wire, type Routes } from "../route";
import { signingIn } from "./signing-in";

const { body: _everywhere, ...endSession } = signingIn["POST /v1/session/end"];

export const visits = {
  "GET /v1/apex": {
    id: "readApex",
    tag: "service",
    summary: "Read whether people may make organizations",
    answers: { 200: json("ApexAnswer", "Whether they may.") },
    reaches: "nothing",
  },
  "GET /v1/sign-in": { ...signingIn["GET /v1/sign-in"], reaches: "nothing" },
  "GET /v1/sign-in/callback": {
    ...signingIn["GET /v1/sign-in/callback"],
    problems: ["sign_in_failed", "email_not_verified", "invalid_return", "not_configured"],
    reaches: "registry",
  },
  "GET /v1/session": {
    ...signingIn["GET /v1/session"],
    answers: { 200: json("VisitAnswer", "The person.") },
    reaches: "registry",
  },
  "POST /v1/session/end": { ...endSession, reaches: "registry" },
  "GET /v1/session/organizations": { ...signingIn["GET /v1/session/organizations"], reaches: "registry" },
  "POST /v1/sign-up": {
    id: "signUp",
    tag: "signing_in",
    summary: "Make an organization",
    description:
      "At a label below the apex. The person's first sign-in there founds it. The address is unknown unless the operator allows it.",
    may: ["session"],
    body: {
      description: "The name and the label.",
      schema: wire("SignUpRequest"),
      example: { name: "Les Éditions de l’Été", label: "editions-ete" },
    },
    answers: { 201: json("SignUpAnswer", "It is made.") },
    problems: ["not_found", "email_not_verified", "name_taken", "already_exists", "rate_limited", "tampered"],
    reaches: "registry",
  },
} satisfies Routes;
