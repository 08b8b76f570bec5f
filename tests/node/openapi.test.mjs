// The OpenAPI document of the authority: what a linter finds, and whether it is about the routes, commands and codes that there are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { build } from "esbuild";
import { authorityProblems, commands, gateProblems } from "wicketgate/contract";
import { openApi, routeTable } from "../../edge/openapi/build.mjs";

const edge = fileURLToPath(new URL("../../edge/", import.meta.url));
const document = await openApi();

/** The router is asked for its routes alone, so that it needs no document. */
const WITHOUT_DOCUMENT = {
  name: "without-document",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^openapi-document$/ }, ({ path }) => ({ path, namespace: "without-document" }));
    onLoad({ filter: /.*/, namespace: "without-document" }, () => ({ contents: "export const contract = {};" }));
  },
};

test("the linter finds nothing", async () => {
  const rules = {
    // A WebSocket is answered with 101, and a sign-in with a redirect.
    "operation-2xx-response": "off",
    // Three addresses refuse nothing.
    "operation-4xx-response": "off",
  };
  const config = await createConfig({ extends: ["recommended-strict"], rules });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: "openapi.json", config });
  assert.deepEqual(
    problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0].pointer})`),
    [],
  );
});

test("it has every route of the authority's router, and no other", async () => {
  const file = `${edge}dist/router.mjs`;
  await build({
    stdin: { contents: 'export { ofOrganizations } from "./authority/http/router";', resolveDir: edge, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outfile: file,
    plugins: [WITHOUT_DOCUMENT],
  });
  const { ofOrganizations: router } = await import(file);
  const documented = Object.entries(await routeTable()).flatMap(([key, { gateProblems }]) => (gateProblems ? [] : [key]));
  const registered = router.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual([...registered].sort(), documented.sort());
});

test("every problem is an answer of a route", () => {
  const told = new Set(JSON.stringify(document.paths).match(/(?<=")[a-z_]+(?=")/g));
  // Every address answers the first, to methods that are not in the document; the others refuse commands of the authority itself.
  for (const code of ["method_not_allowed", "name_taken", "unknown_team", "unknown_project"]) told.add(code);
  assert.deepEqual(
    Object.keys({ ...authorityProblems, ...gateProblems }).filter((code) => !told.has(code)),
    [],
  );
});

test("it has every command that people may send", () => {
  const { mapping } = document.components.schemas.Command.discriminator;
  const names = Object.keys(commands).filter((name) => commands[name].needs !== "system");
  assert.deepEqual(Object.keys(mapping), names);
});

describe("its examples match their schemas", () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(document, "document");
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, { requestBody }] of Object.entries(item)) {
      const example = requestBody?.content["application/json"]?.example;
      if (example === undefined) continue;
      test(`${method.toUpperCase()} ${path}`, () => {
        const tokens = ["paths", path, method, "requestBody", "content", "application/json", "schema"];
        const pointer = tokens.map((token) => encodeURIComponent(token.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
        const validate = ajv.getSchema(`document#/${pointer}`);
        assert.ok(validate(example), ajv.errorsText(validate.errors));
      });
    }
  }
});

test("the built Worker has this document", () => {
  assert.equal(readFileSync(`${edge}dist/authority/openapi.json`, "utf8"), JSON.stringify(document));
});
