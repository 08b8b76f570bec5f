// The form of the table of routes: what each route takes, who may send it, and what it answers. `document.ts` makes the OpenAPI document of it.
import type { KeyScope } from "wicketgate/authority";
import type { AuthorityProblemCode, GateProblemCode } from "wicketgate/contract";

/** The groups of routes in the document, in its order. */
export const TAGS = {
  commands: "Changes of the organization, one at a time.",
  reading: "What the caller may know: their snapshot, the directory, the audit log.",
  events: "The history for other services, signals, and webhooks.",
  signing_in: "Sessions of people, with their browsers.",
  gate: "What the gate asks.",
  visitors: "What the gate answers to visitors: on the organization's origin, or on a host of its own.",
  operator: "What only the operator of the installation may do.",
  organizations: "The organizations of the deployment, for its operator.",
  service: "What everybody may ask.",
} as const;

/** Who may send a request, besides everybody. */
export type Caller = "session" | "key" | "operator" | "gate" | "pass";

/** A schema of JSON Schema 2020-12. */
export type Schema = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  description: string;
  required?: boolean;
  schema: Schema;
  example?: string | number;
}

export interface Body {
  description: string;
  schema: Schema;
  /** Absent: JSON. */
  type?: string;
  example: unknown;
}

export interface Answer {
  description: string;
  /** Absent: no body. */
  schema?: Schema;
  type?: string;
  /** Header fields, by their names in `headers.ts`. */
  headers?: HeaderName[];
}

export type HeaderName = "ETag" | "Location" | "Set-Cookie" | "Wicketgate-Signature";

/** One route. Its key in the table is its method and path, as the router writes them: `GET /v1/reviews/:version`. */
export interface Route {
  /** The name of the operation, for clients that are generated. */
  id: string;
  tag: keyof typeof TAGS;
  summary: string;
  description?: string;
  /** Any of these; absent: everybody. */
  may?: Caller[];
  /** What an API key must have. */
  scopes?: KeyScope[];
  parameters?: Parameter[];
  body?: Body;
  answers: Record<number, Answer>;
  /** Problems besides those that every route of its callers, its method and its body has. */
  problems?: AuthorityProblemCode[];
  /** All problems, if the gate's Worker answers. */
  gateProblems?: GateProblemCode[];
  /**
   * How far the request reaches: to no organization, to the registry of organizations at the apex, to the settings of the organization at its host, or to
   * the organization's object, and whether that must have been founded. `founded` by default.
   */
  reaches?: "founded" | "unfounded" | "settings" | "registry" | "nothing";
}

export type Routes = Record<string, Route>;

/** The schema of a type that `authority/wire.ts` exports. */
export function wire(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A successful answer of JSON. */
export function json(type: string, description: string): Answer {
  return { description, schema: wire(type) };
}

/** A signed answer: its payload is the body. */
export function signed(type: string, description: string): Answer {
  return { description, schema: wire(type), headers: ["Wicketgate-Signature"] };
}

/** A signed answer with an entity tag, and the answer to whoever has it already. */
export function tagged(type: string, description: string): Record<number, Answer> {
  return {
    200: { description, schema: wire(type), headers: ["Wicketgate-Signature", "ETag"] },
    304: { description: "It is what the reader has.", headers: ["ETag"] },
  };
}

export const IF_NONE_MATCH: Parameter = {
  name: "If-None-Match",
  in: "header",
  description: "The entity tag of the answer that the reader has.",
  schema: { type: "string" },
};
