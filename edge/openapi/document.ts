// An OpenAPI 3.1 document of `/v1`, from a table of routes, the table of problems and the schemas of types. There are two: one of the hosts of
// organizations, and one of the apex of a deployment for many.
import {
  type AuthorityProblemCode,
  authorityProblems,
  commands,
  type CommandName,
  gateProblems,
  headerNames,
} from "wicketgate/contract";
import { COOKIE_NAMES } from "../shared/cookie-names";
import { HEADERS, problemResponses } from "./responses";
import { type Answer, type Caller, type HeaderName, type Parameter, type Route, type Routes, type Schema, TAGS } from "./route";
import { routes as ofApex } from "./apex-table";
import { routes as ofOrganizations } from "./table";

/** What `type-schemas.mjs` makes of `answers.ts`. */
export interface TypeSchemas {
  named(name: string): Schema;
  schemas: Record<string, Schema>;
}

/** What a document is about, by its name. */
export type DocumentName = "organizations" | "apex";

interface Contents {
  title: string;
  subject: string;
  routes: Routes;
}

export const DOCUMENTS: Record<DocumentName, Contents> = {
  organizations: {
    title: "Wicketgate",
    subject:
      "The HTTP interface of the authority, the service that holds organizations, and of the gate, which admits visitors: at the host of every organization.",
    routes: ofOrganizations,
  },
  apex: {
    title: "Wicketgate: the apex",
    subject:
      "The HTTP interface of a deployment for many organizations at its own host, the apex: for its operator, and for people who look for their organizations or make one. The host of every organization has a document of its own.",
    routes: ofApex,
  },
};

const PROMISES = `- **It only grows.** Fields, codes, values and addresses are added, and a client passes over those that it does not know. docs/api.md says what a breaking change would be.
- **Refusals** are problem documents (RFC 9457) with a stable \`code\`.
- **Every address** answers other methods with 405 \`method_not_allowed\` and \`Allow\`; unknown addresses under \`/v1\` answer 404 \`not_found\`.
- **Times** are Unix seconds. **Ids** match \`^[A-Za-z0-9_.:@-]{1,128}$\`.`;

const SECURITY_SCHEMES: Record<Caller, Schema> = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: `__Host-${COOKIE_NAMES.session}`,
    description:
      "The session of a person who has signed in with a browser. Requests that change something need the `Origin` of the page.",
  },
  key: {
    type: "http",
    scheme: "bearer",
    description: `An API key (\`wgk_…\`), with the scopes that are named. With \`${headerNames.actAs}\` it acts on behalf of a user, by the rights of both, whichever are less, and needs the scope \`act_as\` too. A request with a key reads no cookie and needs no \`Origin\`. Its answers say in \`RateLimit\` how many more may be sent.`,
  },
  operator: {
    type: "http",
    scheme: "bearer",
    description: "The operator's token. Without one in the configuration the address is unknown.",
  },
  gate: {
    type: "http",
    scheme: "bearer",
    description: "The gate's token. Without one in the configuration the address is unknown.",
  },
  pass: { type: "http", scheme: "bearer", description: "A pass of the gate, for the assistant." },
};

/** Problems of every request with an API key. */
const OF_KEYS: AuthorityProblemCode[] = [
  "invalid_api_key",
  "address_not_allowed",
  "missing_scope",
  "rate_limited",
  "not_signed_in",
  "not_allowed",
  "unknown_user",
  "inactive_user",
  "suspended_user",
];

const ACT_AS: Parameter = {
  name: headerNames.actAs,
  in: "header",
  description: "With an API key: the id of the user on whose behalf it acts.",
  schema: { type: "string" },
};

export function openApiDocument(name: DocumentName, version: string, types: TypeSchemas): Schema {
  const { title, subject, routes } = DOCUMENTS[name];
  const all = Object.values(routes);
  const paths = pathsOf(routes, types);
  types.named("Problem");
  if (all.some(({ gateProblems }) => gateProblems)) types.named("GateProblem");
  const headers = new Set<HeaderName | "Retry-After">(headersOf(all));
  const callers = new Set(all.flatMap(({ may = [] }) => may));
  const tags = new Set(all.map(({ tag }) => tag));
  return {
    openapi: "3.1.0",
    info: {
      title,
      version,
      description: `${subject}\n\n${PROMISES}`,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The origin that serves this document." }],
    tags: Object.entries(only(TAGS, tags)).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: only(SECURITY_SCHEMES, callers),
      headers: only(HEADERS, headers),
      schemas: sorted(withCommands(types.schemas)),
    },
  };
}

/** The header fields of these routes' answers. */
function headersOf(routes: Route[]): (HeaderName | "Retry-After")[] {
  const named = routes.flatMap(({ answers }) => Object.values(answers).flatMap(({ headers = [] }) => headers));
  return [...named, "Retry-After"];
}

/** The part of a record with these names, in its order. */
function only<Name extends string, T>(record: Readonly<Record<Name, T>>, names: ReadonlySet<Name>): Record<string, T> {
  return Object.fromEntries(Object.entries<T>(record).filter(([name]) => names.has(name as Name)));
}

function pathsOf(routes: Routes, types: TypeSchemas): Record<string, Schema> {
  const paths = new Map<string, [string, Schema][]>();
  for (const [key, route] of Object.entries(routes)) {
    const [method = "", written = ""] = key.split(" ");
    const path = written.replaceAll(/:(\w+)/g, "{$1}");
    paths.set(path, [...(paths.get(path) ?? []), [method.toLowerCase(), operation(route, types)]]);
  }
  return Object.fromEntries([...paths].map(([path, operations]) => [path, Object.fromEntries(operations)]));
}

function operation(route: Route, types: TypeSchemas): Schema {
  const { id, tag, summary, description, may = [], scopes = [], parameters = [], body, answers } = route;
  const all = may.includes("key") ? [...parameters, ACT_AS] : parameters;
  const responses = Object.entries(answers).map(([status, answer]) => [status, response(answer, types)] as const);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: may.map((caller) => ({ [caller]: caller === "key" ? scopes : [] })),
    ...(all.length > 0 && { parameters: all.map(parameter) }),
    ...(body && {
      requestBody: {
        description: body.description,
        required: true,
        content: { [body.type ?? "application/json"]: { schema: named(body.schema, types), example: body.example } },
      },
    }),
    responses: {
      ...Object.fromEntries(responses),
      ...(route.gateProblems
        ? problemResponses(route.gateProblems, gateProblems, "GateProblem")
        : problemResponses(problemsOf(route), authorityProblems, "Problem")),
    },
  };
}

function response({ description, schema, type = "application/json", headers = [] }: Answer, types: TypeSchemas): Schema {
  const references = headers.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const);
  return {
    description,
    ...(headers.length > 0 && { headers: Object.fromEntries(references) }),
    ...(schema && { content: { [type]: { schema: named(schema, types) } } }),
  };
}

function parameter({ required = false, ...rest }: Parameter): Schema {
  return { ...rest, required };
}

/** A schema; if it refers to a type, that type's schema is made. */
function named(schema: Schema, types: TypeSchemas): Schema {
  const { $ref } = schema;
  return typeof $ref === "string" ? types.named($ref.slice($ref.lastIndexOf("/") + 1)) : schema;
}

/** All problems of a route: those of its own, of its callers, of its body and of what it reaches. */
export function problemsOf({ may = [], body, problems = [], reaches = "founded" }: Route): AuthorityProblemCode[] {
  const codes: AuthorityProblemCode[] = [...problems];
  const reachesObject = reaches === "unfounded" || reaches === "founded";
  if (may.includes("key")) codes.push(...OF_KEYS);
  if (may.includes("session")) codes.push("not_signed_in");
  // The apex has no users.
  if (may.includes("session") && reaches !== "registry") codes.push("removed_user", "suspended_user");
  if (may.includes("session") && body) codes.push("cross_origin");
  if (may.includes("operator") || may.includes("gate")) codes.push("not_signed_in", "not_found");
  if (body) codes.push("bad_request", "unsupported_media_type");
  // Lines may be as many as there are.
  if (body && body.type === undefined) codes.push("too_large");
  if (reachesObject || reaches === "settings") codes.push("unknown_organization", "organization_suspended");
  if (reachesObject) codes.push("tampered");
  if (reachesObject || reaches === "registry") codes.push("internal", "unavailable");
  if (reaches === "founded") codes.push("not_founded");
  return [...new Set(codes)];
}

/** The schema of the union of all commands becomes a schema for each of those that a request may hold. */
function withCommands({ Command, ...schemas }: Record<string, Schema>): Record<string, Schema> {
  if (!Command) return schemas;
  const each = (Command["anyOf"] as { properties: { type: { const: CommandName } } }[]).flatMap((schema) => {
    const type = schema.properties.type.const;
    const { sentence, needs, refusals } = commands[type];
    if ((needs as string) === "system") return [];
    const name = type.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
    const description = `${sentence}\n\nNeeds ${needs}.\n\nIts own refusals: ${refusals || "none"}.`;
    return [{ type, name, schema: { description, ...schema, additionalProperties: false } }];
  });
  const reference = (name: string) => `#/components/schemas/${name}`;
  const union = {
    description: Command["description"],
    oneOf: each.map(({ name }) => ({ $ref: reference(name) })),
    discriminator: {
      propertyName: "type",
      mapping: Object.fromEntries(each.map(({ type, name }) => [type, reference(name)])),
    },
  };
  return { ...schemas, ...Object.fromEntries(each.map(({ name, schema }) => [name, schema])), Command: union };
}

function sorted<T>(values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}
