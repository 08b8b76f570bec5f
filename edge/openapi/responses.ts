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
  const meanings = codes.flatMap((code) => (problems[code] ? [{ code, ...problems[code] }] : []));
  const responses: Record<string, Schema> = {};
  for (const status of new Set(meanings.map((meaning) => meaning.status).sort((one, other) => one - other))) {
    const these = meanings.filter((meaning) => meaning.status === status);
    responses[status] = {
      description: these.map(({ code, sentence }) => `\`${code}\`: ${sentence}`).join("\n\n"),
      ...(status === 429 && { headers: { "Retry-After": { $ref: "#/components/headers/Retry-After" } } }),
      content: {
        "application/problem+json": {
          schema: {
            allOf: [
              { $ref: `#/components/schemas/${type}` },
              { type: "object", properties: { status: { const: status }, code: { enum: these.map(({ code }) => code) } } },
            ],
          },
        },
      },
    };
  }
  return responses;
}
