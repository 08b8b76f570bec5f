// Makes the OpenAPI documents when the Worker is built: from the tables of routes, and from the types of answers.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { typeSchemas } from "./type-schemas.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** A document as a value. @param {"organizations" | "apex"} name */
export async function openApi(name = "organizations") {
  const { openApiDocument } = await loaded("document.ts");
  const { version } = JSON.parse(readFileSync(join(here, "..", "package.json"), "utf8"));
  return openApiDocument(name, version, typeSchemas(join(here, "answers.ts"), "#/components/schemas/"));
}

/** The table of routes of a document. */
export async function routeTable(name = "organizations") {
  const { DOCUMENTS } = await loaded("document.ts");
  return DOCUMENTS[name].routes;
}

/** A module of this folder, compiled for Node. */
async function loaded(name) {
  const {
    outputFiles: [file],
  } = await build({
    entryPoints: [join(here, name)],
    absWorkingDir: here,
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(file.contents).toString("base64")}`);
}
