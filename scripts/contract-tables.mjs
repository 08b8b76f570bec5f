// The tables of documents that the contract fills in: between `<!-- contract: … -->` and `<!-- /contract -->`. `make contract` writes
// them, and a test compares them.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = transformSync(readFileSync(`${root}pkg/src/contract.ts`, "utf8"), { loader: "ts", format: "esm" }).code;
const contract = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
const { authorityProblems, builtInRoles, capabilities, gateProblems, refusalCodes, relations } = contract;

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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of documents) writeFileSync(root + path, filled(readFileSync(root + path, "utf8")).text);
}
