// The refusals of a route, and the header fields of answers.
import { type AuthorityProblemCode, authorityProblems, headerNames } from "wicketgate/contract";
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

/** An answer for each status that these problems have. */
export function problemResponses(codes: AuthorityProblemCode[]): Record<string, Schema> {
  const responses: Record<string, Schema> = {};
  for (const status of new Set(codes.map((code) => authorityProblems[code].status))) {
    const these = codes.filter((code) => authorityProblems[code].status === status);
    responses[status] = {
      description: these.map((code) => `\`${code}\`: ${authorityProblems[code].sentence}`).join("\n\n"),
      ...(status === 429 && { headers: { "Retry-After": { $ref: "#/components/headers/Retry-After" } } }),
      content: {
        "application/problem+json": {
          schema: {
            allOf: [
              { $ref: "#/components/schemas/Problem" },
              { type: "object", properties: { status: { const: status }, code: { enum: these } } },
            ],
          },
        },
      },
    };
  }
  return responses;
}
