// The OpenAPI documents of the authority: what a linter finds, and whether they are about the routes, commands and codes that there are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { build } from "esbuild";
import { authorityProblems, commands, gateProblems } from "wicketgate/contract";
import { DOCUMENT_FILES } from "../../edge/build.mjs";
import { openApi, routeTable } from "../../edge/openapi/build.mjs";

const edge = fileURLToPath(new URL("../../edge/", import.meta.url));
/** Each document with the router that it is about. */
const DOCUMENTS = [
  ["organizations", "ofOrganizations"],
  ["apex", "ofApex"],
];
const documents = Object.fromEntries(await Promise.all(DOCUMENTS.map(async ([name]) => [name, await openApi(name)])));

/** The routers are asked for their routes alone, so that they need no documents. */
const WITHOUT_DOCUMENT = {
  name: "without-document",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^openapi-document$/ }, ({ path }) => ({ path, namespace: "without-document" }));
    onLoad({ filter: /.*/, namespace: "without-document" }, () => ({ contents: "export const organizations = {}, apex = {};" }));
  },
};

/** The routers of the Worker, bundled for Node. */
async function routers() {
  const file = `${edge}dist/router.mjs`;
  await build({
    stdin: { contents: 'export { ofApex, ofOrganizations } from "./authority/http/router";', resolveDir: edge, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outfile: file,
    plugins: [WITHOUT_DOCUMENT],
  });
  return import(file);
}

for (const [name, router] of DOCUMENTS) {
  describe(`the document ${name}`, () => {
    const document = documents[name];

    test("the linter finds nothing", async () => {
      const rules = {
        // A WebSocket is answered with 101, and a sign-in with a redirect.
        "operation-2xx-response": "off",
        // Some addresses refuse nothing.
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
      const { routes } = (await routers())[router];
      const documented = Object.entries(await routeTable(name)).flatMap(([key, { gateProblems }]) => (gateProblems ? [] : [key]));
      const registered = routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual([...registered].sort(), documented.sort());
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

    test("the built Worker has it", () => {
      assert.equal(readFileSync(`${edge}dist/authority/${DOCUMENT_FILES[name]}`, "utf8"), JSON.stringify(document));
    });
  });
}

test("every problem is an answer of a route", () => {
  const paths = Object.values(documents).map((document) => document.paths);
  const told = new Set(JSON.stringify(paths).match(/(?<=")[a-z_]+(?=")/g));
  // Every address answers the first, to methods that are not in the document; the others refuse commands of the authority itself.
  for (const code of ["method_not_allowed", "unknown_team", "unknown_project"]) told.add(code);
  assert.deepEqual(
    Object.keys({ ...authorityProblems, ...gateProblems }).filter((code) => !told.has(code)),
    [],
  );
});

test("it has every command that people may send", () => {
  const { mapping } = documents.organizations.components.schemas.Command.discriminator;
  const names = Object.keys(commands).filter((name) => commands[name].needs !== "system");
  assert.deepEqual(Object.keys(mapping), names);
});

test("what an organization is created with and what is changed later are the same fields, and the examples have all of them", () => {
  const { components, paths } = documents.apex;
  const fieldsOf = (name) => Object.keys(components.schemas[name].properties).sort();
  const { example } = paths["/v1/organizations"].post.requestBody.content["application/json"];
  assert.deepEqual(fieldsOf("NewOrganization"), ["id", ...fieldsOf("OrganizationChange")].sort());
  assert.deepEqual(Object.keys(example).sort(), fieldsOf("NewOrganization"));
  for (const [field, name] of [
    ["plan", "OrganizationPlan"],
    ["limits", "OrganizationLimits"],
    ["openid", "OrganizationOpenId"],
  ])
    assert.deepEqual(Object.keys(example[field]).sort(), fieldsOf(name));
});

test("they say the same of what both have", () => {
  const [one, other] = [documents.organizations, documents.apex];
  const both = Object.keys(other.components.schemas).filter((name) => Object.hasOwn(one.components.schemas, name));
  assert.ok(both.includes("Problem"));
  for (const name of both) assert.deepEqual(other.components.schemas[name], one.components.schemas[name]);
  assert.deepEqual(other.paths["/healthz"], one.paths["/healthz"]);
});
