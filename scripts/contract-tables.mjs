// What is written from the contract: the tables of documents, between `<!-- contract: … -->` and `<!-- /contract -->`, and the module that
// exports the types of the commands. `make contract` writes them, and a test compares them.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = transformSync(readFileSync(`${root}pkg/src/contract.ts`, "utf8"), { loader: "ts", format: "esm" }).code;
const contract = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
const { authorityProblems, builtInRoles, capabilities, commands, gateProblems, keyScopes, refusalCodes, relations } = contract;

const code = (name) => `\`${name}\``;

/** The capabilities of a kind, with a column for each of `holders`: what it is called, and what it is granted. */
function capabilityTable(kind, holders) {
  const ofKind = Object.entries(capabilities).filter(([, capability]) => capability.kind === kind);
  return [
    ["capability", ...Object.keys(holders), "meaning"],
    ...ofKind.map(([name, { sentence }]) => [
      code(name),
      ...Object.values(holders).map(({ grants }) => (grants.includes(name) ? "✓" : "")),
      sentence,
    ]),
  ];
}

const problemTable = (problems) => [
  ["status", "code", "meaning"],
  ...Object.entries(problems)
    .sort(([, one], [, other]) => one.status - other.status)
    .map(([name, { status, sentence }]) => [String(status), code(name), sentence]),
];

/** The fields of a command, as the documents name them: `role?` may be absent. */
const fieldsOf = ({ required, optional }) => [
  ...Object.entries(required),
  ...Object.entries(optional).map(([name, field]) => [`${name}?`, field]),
];

/** The commands of some areas. */
const commandTable = (...areas) => [
  ["`type`", "meaning", "fields", "needs", "other refusals"],
  ...Object.entries(commands)
    .filter(([, command]) => areas.includes(command.area))
    .map(([name, command]) => [
      code(name),
      command.sentence,
      fieldsOf(command)
        .map(([field]) => code(field))
        .join(", "),
      command.needs,
      command.refusals,
    ]),
];

const alternatives = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** Every field of a command, once for each meaning. */
function fieldTable() {
  const rows = new Map();
  for (const [name, command] of Object.entries(commands)) {
    for (const [field, { type, sentence }] of fieldsOf(command)) {
      const values = [type].flat().flatMap((value) => value.split(" | ").map(code));
      const row = [code(field), alternatives.format(values), sentence];
      const key = row.join("|");
      if (!rows.has(key)) rows.set(key, { row, of: [] });
      rows.get(key).of.push(code(name));
    }
  }
  const sorted = [...rows.values()].sort(({ row: [one] }, { row: [other] }) => (one < other ? -1 : one > other ? 1 : 0));
  return [["field", "value", "meaning", "of"], ...sorted.map(({ row, of }) => [...row, of.join(", ")])];
}

const { owner, viewer, editor } = builtInRoles;
const TABLES = {
  "capabilities on the organization": capabilityTable("organization", {
    "`application_admin`": builtInRoles.application_admin,
    "`user`": builtInRoles.user,
  }),
  "capabilities on a team": capabilityTable("team", { "team `owner`": owner, "team `viewer`": viewer }),
  "capabilities on a project": capabilityTable("project", {
    "team `owner`": owner,
    "team `viewer`": viewer,
    "project creator, while in the team": relations.project_creator,
  }),
  "capabilities on an assistant": capabilityTable("assistant", {
    "assistant owner": relations.assistant_owner,
    "`editor` grant": editor,
    "team `owner`": owner,
    "team `viewer`": viewer,
    "any active user, on `public`": relations.public,
    "view link": relations.view_link,
    "edit link": relations.edit_link,
    embed: relations.embed,
  }),
  "commands about people": commandTable("Invitations", "People"),
  "commands about teams and projects": commandTable("Teams and projects"),
  "commands about assistants": commandTable("Assistants", "Sharing"),
  "commands about roles and the plan": commandTable("Roles and plan"),
  "commands about webhooks": commandTable("Webhooks"),
  "commands about API keys": commandTable("API keys"),
  "scopes of API keys": [["scope", "meaning"], ...Object.entries(keyScopes).map(([name, sentence]) => [code(name), sentence])],
  "commands about the history": commandTable("Reviews and history"),
  "fields of commands": fieldTable(),
  refusals: problemTable(
    Object.fromEntries(Object.entries(authorityProblems).filter(([name]) => Object.hasOwn(refusalCodes, name))),
  ),
  "problems of the authority": problemTable(
    Object.fromEntries(Object.entries(authorityProblems).filter(([name]) => !Object.hasOwn(refusalCodes, name))),
  ),
  "problems of the gate": problemTable(gateProblems),
};

/** Rows as Markdown, with the columns aligned. */
function markdown([heading, ...rows]) {
  const widths = heading.map((_, column) => Math.max(3, ...[heading, ...rows].map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(heading), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** The documents with tables of the contract. */
export const documents = ["docs/rules.md", "docs/authority.md", "docs/gate.md"];

/** The text with its tables as the contract has them, and the names of these. */
export function filled(text) {
  const names = [];
  const whole = text.replaceAll(/(<!-- contract: ([^>]+) -->\n)[\s\S]*?(<!-- \/contract -->)/g, (_, begin, name, end) => {
    if (!Object.hasOwn(TABLES, name)) throw new Error(`the contract has no table of ${name}`);
    names.push(name);
    return `${begin}\n${markdown(TABLES[name])}\n\n${end}`;
  });
  return { text: whole, names };
}

/** The names of all tables. */
export const tables = Object.keys(TABLES);

/** The module that exports the types of the commands, and its text. */
export const commandTypes = {
  path: "pkg/src/authority/commands.ts",
  text: `// Written by \`make contract\` from the table of commands.
export type {
${Object.keys(commands)
  .map((name) => `  ${name.replaceAll(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase())},\n`)
  .sort()
  .join("")}} from "../wasm/authority.js";
`,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of documents) writeFileSync(root + path, filled(readFileSync(root + path, "utf8")).text);
  writeFileSync(root + commandTypes.path, commandTypes.text);
}
