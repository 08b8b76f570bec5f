// The routes of sessions.
import { patterns } from "wicketgate/contract";
import { json, type Routes } from "../route";

const REDIRECT = "A browser that navigates gets the page of the console with the code instead of the problem.";

export const signingIn = {
  "GET /v1/sign-in": {
    id: "beginSignIn",
    tag: "signing_in",
    summary: "Begin to sign in",
    description: REDIRECT,
    parameters: [
      {
        name: "return",
        in: "query",
        description: "Where to go afterwards: a path of this origin.",
        schema: { type: "string", default: "/" },
      },
    ],
    answers: {
      302: { description: "To the identity provider.", headers: ["Location", "Set-Cookie"] },
      303: { description: "To the console, if a browser navigates and the sign-in is refused.", headers: ["Location"] },
    },
    problems: ["invalid_return", "not_configured", "unavailable"],
    reaches: "settings",
  },
  "GET /v1/sign-in/callback": {
    id: "finishSignIn",
    tag: "signing_in",
    summary: "Come back from the identity provider",
    description: REDIRECT,
    parameters: [
      { name: "code", in: "query", description: "The provider's code.", schema: { type: "string" } },
      { name: "state", in: "query", description: "The state of the sign-in.", schema: { type: "string" } },
    ],
    answers: { 303: { description: "To the page from which the sign-in began.", headers: ["Location", "Set-Cookie"] } },
    problems: [
      "sign_in_failed",
      "email_not_verified",
      "invalid_return",
      "invitation_invalid",
      "invitation_expired",
      "wrong_address",
      "invalid_command",
      "already_exists",
      "removed_user",
      "suspended_user",
      "not_configured",
    ],
  },
  "POST /v1/invitation": {
    id: "acceptInvitation",
    tag: "signing_in",
    summary: "Begin to accept an invitation",
    body: {
      description: "The token of the link in the mail.",
      schema: {
        type: "object",
        properties: { token: { type: "string", pattern: patterns.invitationToken } },
        required: ["token"],
      },
      example: { token: `wi_${"A".repeat(43)}` },
    },
    answers: { 200: { ...json("InvitationAnswer", "Sign in there."), headers: ["Set-Cookie"] } },
    problems: ["cross_origin", "invitation_invalid", "not_configured", "unavailable"],
    reaches: "settings",
  },
  "GET /v1/session/organizations": {
    id: "listOwnOrganizations",
    tag: "signing_in",
    summary: "List the organizations that one's own account is in",
    description: "Those of the same installation. None of them learns of the others.",
    may: ["session"],
    answers: { 200: json("OrganizationsAnswer", "The organizations that let people in.") },
  },
  "GET /v1/session": {
    id: "readSession",
    tag: "signing_in",
    summary: "See who is signed in",
    may: ["session"],
    answers: { 200: json("SessionAnswer", "The person.") },
  },
  "POST /v1/session/end": {
    id: "endSession",
    tag: "signing_in",
    summary: "Sign out",
    description: "Without a session it does nothing.",
    body: {
      description: "Whether all sessions of the person end.",
      schema: { type: "object", properties: { everywhere: { type: "boolean", default: false } } },
      example: {},
    },
    answers: { 204: { description: "Signed out.", headers: ["Set-Cookie"] } },
    problems: ["cross_origin"],
    reaches: "unfounded",
  },
} satisfies Routes;
