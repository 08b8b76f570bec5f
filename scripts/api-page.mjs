// Makes the page of all addresses, from the OpenAPI documents.

/** What each kind of caller is called. */
const CALLERS = {
  session: "a session",
  key: (scopes) => `an API key with ${scopes.map((scope) => `\`${scope}\``).join(" and ")}`,
  operator: "the operator's token",
  gate: "the gate's token",
  pass: "a pass",
};
const TITLES = { signing_in: "Signing in" };

const titleOf = (tag) => TITLES[tag] ?? tag[0].toUpperCase() + tag.slice(1);
const cell = (text) => text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
const table = (heading, rows) => [heading, heading.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** A schema in a few words. */
function words(schema) {
  if (schema === undefined) return "";
  if (schema.$ref) return `\`${schema.$ref.split("/").at(-1)}\``;
  const kinds = schema.enum ?? (schema.const === undefined ? [schema.type] : [schema.const]);
  return kinds.map((kind) => `\`${kind}\``).join(" or ");
}

function callersOf({ security }) {
  if (security.length === 0) return "Everybody may ask.";
  const callers = security.map((scheme) => {
    const [[name, scopes]] = Object.entries(scheme);
    return typeof CALLERS[name] === "function" ? CALLERS[name](scopes) : CALLERS[name];
  });
  return `Needs ${callers.join(", or ")}.`;
}

/** @param at where the address is, for the heading; nothing at the hosts of organizations */
function operationText(method, path, operation, at = "") {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const answers = Object.entries(responses).flatMap(([status, { description: meaning, content = {} }]) => {
    const problem = content["application/problem+json"];
    if (!problem) return [[status, cell(meaning), words(Object.values(content)[0]?.schema)]];
    return [[status, problem.schema.allOf[1].properties.code.enum.map((code) => `\`${code}\``).join(", "), "`Problem`"]];
  });
  return [
    `### ${method} ${path}${at}`,
    `${summary}. ${description ?? ""}`.trim(),
    callersOf(operation),
    ...(parameters.length > 0
      ? [
          table(
            ["parameter", "in", "value", "meaning"],
            parameters.map(({ name, in: where, required, schema, description: meaning }) => [
              `\`${name}${required ? "" : "?"}\``,
              where,
              words(schema),
              cell(meaning),
            ]),
          ),
        ]
      : []),
    ...(content
      ? [`Body (\`${type}\`): ${requestBody.description} ${content.schema.$ref ? words(content.schema) : ""}`.trim()]
      : []),
    ...(content?.example === undefined ? [] : [`\`\`\`json\n${JSON.stringify(content.example)}\n\`\`\``]),
    table(["status", "answer or codes", "body"], answers),
  ].join("\n\n");
}

/** The page: every operation, by its group; first those at the hosts of organizations. */
export function apiPage(organizations, apex) {
  const parts = [...groupsOf(organizations), ...groupsOf(apex, " at the apex")];
  return `# Every address\n\nMade from the [OpenAPI documents](api.md) of this version. Their schemas have every field; \`GET /v1/openapi.json\` of an installation has the document itself. The addresses at the apex are those of a deployment for [many organizations](deploying.md#many-organizations).\n\n${parts.join("\n\n")}\n`;
}

function groupsOf(document, at = "") {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return document.tags.map(({ name, description }) => {
    const these = operations.filter(({ operation }) => operation.tags.includes(name));
    const texts = these.map(({ method, path, operation }) => operationText(method, path, operation, at));
    return [`## ${titleOf(name)}${at}`, description, ...texts].join("\n\n");
  });
}
