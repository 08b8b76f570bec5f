// The routes of the operator of many organizations, at the apex.
import { limits } from "wicketgate/contract";
import type { AuthorityProblemCode } from "wicketgate/contract";
import { json, wire, type Parameter, type Route, type Routes } from "../route";
import { operator } from "./operator";

const ID: Parameter = {
  name: "id",
  in: "path",
  description: "The id of the organization.",
  required: true,
  schema: { type: "string" },
  example: "acme",
};

/** Problems of a request that the registry passes on to the organization's object. */
const TOLD: AuthorityProblemCode[] = ["unknown_organization", "tampered"];

const NEW = {
  id: "acme",
  hosts: ["acme.platform.example", "support.acme.example"],
  name: "Acme Clínica",
  issuer: "https://acme.platform.example",
  founder: "inés@acme.example",
  plan: { name: "pro", withholds: ["actions.manage"] },
  limits: { mails_a_day: 500, open_updates: 1000 },
  openid: { issuer: "https://login.acme.example", client_id: "wicketgate", client_secret: "a secret" },
};

const entry = (description: string) => ({ 200: json("OrganizationEntry", description) });

/** A route about one organization whose state changes. */
function change(id: string, summary: string, description: string): Route {
  return {
    id,
    tag: "organizations",
    summary,
    description,
    may: ["operator"],
    parameters: [ID],
    answers: entry("The organization."),
    problems: TOLD,
    reaches: "registry",
  };
}

/** A route that an organization alone has at its host, for one of many. */
function ofOne(route: Route): Route {
  const { parameters = [], problems = [] } = route;
  return {
    ...route,
    tag: "organizations",
    parameters: [ID, ...parameters],
    // The key of a single organization alone can be configured.
    problems: problems.filter((code) => code !== "key_is_configured"),
  };
}

export const organizations = {
  "GET /v1/organizations": {
    id: "listOrganizations",
    tag: "organizations",
    summary: "List the organizations",
    description: "In the order of their ids.",
    may: ["operator"],
    parameters: [
      {
        name: "after",
        in: "query",
        description: "The id of the last organization of the page before.",
        schema: { type: "string", default: "" },
      },
      {
        name: "limit",
        in: "query",
        description: "At most so many.",
        schema: { type: "integer", minimum: 1, maximum: limits.auditPage, default: 100 },
      },
    ],
    answers: { 200: json("OrganizationPage", "A page.") },
    problems: ["bad_request"],
    reaches: "registry",
  },
  "POST /v1/organizations": {
    id: "createOrganization",
    tag: "organizations",
    summary: "Create an organization",
    description: "The same call again answers 200, changes nothing, and repairs a creation that was interrupted.",
    may: ["operator"],
    body: { description: "The organization.", schema: wire("NewOrganization"), example: NEW },
    answers: { ...entry("It was there already."), 201: json("OrganizationEntry", "It is created.") },
    problems: ["already_exists", "tampered"],
    reaches: "registry",
  },
  "GET /v1/organizations/:id": {
    id: "readOrganization",
    tag: "organizations",
    summary: "Read an organization",
    may: ["operator"],
    parameters: [ID],
    answers: entry("The organization."),
    problems: ["unknown_organization"],
    reaches: "registry",
  },
  "PATCH /v1/organizations/:id": {
    id: "changeOrganization",
    tag: "organizations",
    summary: "Change an organization",
    description: "The given fields alone. `null` takes an optional one away.",
    may: ["operator"],
    parameters: [ID],
    body: { description: "What changes.", schema: wire("OrganizationChange"), example: { name: "Acme Clínica", founder: null } },
    answers: entry("The organization."),
    problems: [...TOLD, "already_exists"],
    reaches: "registry",
  },
  "DELETE /v1/organizations/:id": change(
    "deleteOrganization",
    "Delete an organization",
    "It is erased after 30 days: `until` says when.",
  ),
  "POST /v1/organizations/:id/suspend": change(
    "suspendOrganization",
    "Suspend an organization",
    "Nobody is let in, and nothing is lost.",
  ),
  "POST /v1/organizations/:id/resume": change("resumeOrganization", "End a suspension", "Also brings a deleted organization back."),
  "PUT /v1/organizations/:id/plan": {
    ...change("setPlan", "Set what an organization has bought", "Also before it is founded."),
    body: { description: "The plan.", schema: wire("OrganizationPlan"), example: operator["PUT /v1/plan"].body.example },
  },
  "PUT /v1/organizations/:id/facts": ofOne(operator["PUT /v1/organization"]),
  "GET /v1/organizations/:id/export": ofOne(operator["GET /v1/organization/export"]),
  "POST /v1/organizations/:id/import": ofOne(operator["POST /v1/organization/import"]),
  "POST /v1/organizations/:id/restored": ofOne(operator["POST /v1/restored"]),
  "POST /v1/organizations/:id/keys/rotate": ofOne(operator["POST /v1/keys/rotate"]),
} satisfies Routes;
