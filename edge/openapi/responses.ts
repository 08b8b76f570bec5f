// The refusals of a route, and the header fields of answers.
import { headerNames } from "wicketgate/contract";
import type { HeaderName, Schema } from "./route";

const text = (description: string): Schema => ({ description, schema: { type: "string" } });

export const HEADERS: Record<HeaderName | "Retry-After", Schema> = {
  ETag: text("Names this answer."),
  Location: text("Where to go."),
  "Set-Cookie": text("The session, or the state of a sign-in."),
  "Wicketgate-Signature": text(
    `\`${headerNames.signature}\`: the rest of the token, \`header..signature\`. The body is its payload, byte for byte.`,
  ),
  "Retry-After": { description: "Seconds after which the request may be sent again.", schema: { type: "integer" } },
};

/** The meanings of codes. */
type Problems = Readonly<Record<string, { status: number; sentence: string }>>;

/** An answer for each status that these problems have. @param type the name of their schema */
export function problemResponses(codes: readonly string[], problems: Problems, type: string): Record<string, Schema> {
  const meanings = Object.entries(problems)
    .filter(([code]) => codes.includes(code))
    .map(([code, meaning]) => ({ code, ...meaning }));
  const statuses = [...new Set(meanings.map(({ status }) => status))].sort((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      problemResponse(
        status,
        meanings.filter((meaning) => meaning.status === status),
        type,
      ),
    ]),
  );
}

function problemResponse(status: number, meanings: { code: string; sentence: string }[], type: string): Schema {
  const only = { type: "object", properties: { status: { const: status }, code: { enum: meanings.map(({ code }) => code) } } };
  return {
    description: meanings.map(({ code, sentence }) => `\`${code}\`: ${sentence}`).join("\n\n"),
    ...(status === 429 && { headers: { "Retry-After": { $ref: "#/components/headers/Retry-After" } } }),
    content: { "application/problem+json": { schema: { allOf: [{ $ref: `#/components/schemas/${type}` }, only] } } },
  };
}
