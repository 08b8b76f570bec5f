// The code in the guides: each file is complete, and all TypeScript compiles against the present package.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../lib/consumer.mjs";
import { blocks } from "../lib/guide.mjs";

const GUIDES = ["docs/start.md", ...readdirSync(join(root, "docs/guides")).map((name) => `docs/guides/${name}`)];
const filesOf = Object.fromEntries(GUIDES.map((guide) => [basename(guide, ".md"), blocks(guide)]));
const { exports: entries } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));

/** The files that SvelteKit generates beside each route. */
const ROUTE_TYPES = `
import type { OpenOptions } from "wicketgate";
interface Event { cookies: { get(name: string): string | undefined }; params: { id: string } }
interface Data { token: string; options: OpenOptions }
export type LayoutServerLoad = (event: Event) => Promise<Data>;
export type LayoutLoad = (event: { data: Data }) => Promise<object>;
export type RequestHandler = (event: Event) => Promise<Response>;
`;
/** The files of Angular's template. */
const APP_CONFIG = `import type { ApplicationConfig } from "@angular/core";
export const appConfig: ApplicationConfig = { providers: [] };
`;
/** TypeScript programs by their globals. */
const PROGRAMS = {
  workers: { guides: ["workers"], options: { lib: ["es2024"], types: ["@cloudflare/workers-types"] } },
  others: {
    guides: Object.keys(filesOf).filter((name) => name !== "workers"),
    options: {
      lib: ["es2024", "dom", "dom.iterable"],
      types: ["node"],
      jsx: "react-jsx",
      experimentalDecorators: true,
      allowImportingTsExtensions: true,
      paths: {
        "@/*": ["./next/*"],
        "$lib/*": ["./svelte/src/lib/*"],
        "npm:wicketgate": [join(root, "pkg/dist/index.d.ts")],
        "npm:wicketgate/authority": [join(root, "pkg/dist/authority.d.ts")],
      },
    },
  },
};

let folder;
before(() => {
  mkdirSync(join(root, "target"), { recursive: true });
  folder = mkdtempSync(join(root, "target", "guides-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("a guide", () => {
  for (const guide of GUIDES) {
    const text = readFileSync(join(root, guide), "utf8");
    test(`${guide}: every block of code says which file it is, and shell is shell`, () => {
      const files = Object.keys(blocks(guide)).length;
      assert.ok(files > 0, "no file");
      const printed = [...text.matchAll(/^```(\w+)$/gm)].map(([, language]) => language).filter((language) => language !== "sh");
      const repeated = [...text.matchAll(/^\*\*`([^`\n]+)`\*\*$/gm)].length;
      assert.equal(printed.length, repeated, "a block without a file above it");
      for (const [, name] of text.matchAll(/"(?:npm:)?wicketgate(\/[\w./-]+)?"/g))
        assert.ok(Object.hasOwn(entries, `.${name ?? ""}`), `the package has no wicketgate${name}`);
    });
  }
});

for (const [name, { guides, options }] of Object.entries(PROGRAMS)) {
  test(`the TypeScript of ${name === "others" ? "the guides" : name} compiles as printed`, async () => {
    const program = join(folder, name);
    let count = 0;
    for (const guide of guides) {
      // A file that is printed twice: also its first version.
      const earlier = Object.entries(
        blocks(
          GUIDES.find((path) => basename(path, ".md") === guide),
          { first: true },
        ),
      ).filter(([path, text]) => text !== filesOf[guide][path]);
      for (const [path, text] of [
        ...Object.entries(filesOf[guide]),
        ...earlier.map(([path, text]) => [path.replace(/([^/]+)$/, "first-$1"), text]),
      ]) {
        const file = join(program, guide, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        if (/\.tsx?$/.test(path)) count++;
        if (text.includes('"./$types"')) writeFileSync(join(dirname(file), "$types.d.ts"), ROUTE_TYPES);
        if (text.includes("./app/app.config")) {
          mkdirSync(join(dirname(file), "app"), { recursive: true });
          writeFileSync(join(dirname(file), "app/app.config.ts"), APP_CONFIG);
        }
      }
    }
    assert.ok(count > 0);
    if (name === "others") cpSync(join(root, "tests/lib/frameworks.d.ts"), join(program, "frameworks.d.ts"));
    const compilerOptions = {
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      strict: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
      noEmit: true,
      ...options,
    };
    writeFileSync(join(program, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts", "**/*.tsx"] }));
    await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", program], {
      cwd: root,
    }).catch(({ stdout }) => assert.fail(stdout));
  });
}
