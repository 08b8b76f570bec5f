// The graph of imports: no circles, one direction between folders, and no long files. Imports of types count like the others.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, test } from "node:test";
import ts from "typescript";
import { root } from "../lib/consumer.mjs";

/** Longest file, in lines. */
const MAX_LINES = 400;

/** Files that may be longer, because they are tables. Tests are lists of cases, and may be of any length. */
const TABLES = ["pkg/src/contract.ts", "src/authority/directory/command.rs"];

/** Source files below a folder, as paths from the root of the repository. */
function sources(folder, endings = /\.tsx?$/) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((path) => endings.test(path) && !/(^|\/)(node_modules|dist|\.wicketgate)\//.test(path))
    .map((path) => `${folder}/${path}`)
    .sort();
}

/** The files that a file imports by relative paths, as paths from the root of the repository; generated ones too. */
function importsOf(file, files) {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => {
      const path = relative(root, resolve(root, dirname(file), name));
      const stem = path.replace(/\.js$/, "");
      return (
        [path, ...["ts", "tsx", "d.ts"].flatMap((end) => [`${stem}.${end}`, `${stem}/index.${end}`])].find((candidate) =>
          files.includes(candidate),
        ) ?? path
      );
    });
}

/** Which file imports which. */
function graph(folder) {
  const files = sources(folder);
  return new Map(files.map((file) => [file, importsOf(file, files)]));
}

/** A circle in a graph, as the list of its files; undefined if there is none. */
function circle(imports) {
  const done = new Set();
  const path = [];
  const visit = (file) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const next of imports.get(file) ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = visit(file);
    if (found) return found;
  }
  return undefined;
}

const GRAPHS = { pkg: graph("pkg/src"), edge: graph("edge"), www: graph("www/src") };

describe("no circle of imports", () => {
  for (const [name, imports] of Object.entries(GRAPHS)) {
    test(name, () => {
      assert.ok(imports.size > 20, `${imports.size} files`);
      assert.equal(circle(imports)?.join(" → "), undefined);
    });
  }

  test("one would be found", () => {
    const imports = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", []],
      ["d", ["b"]],
    ]);
    assert.deepEqual(circle(imports), ["b", "d", "b"]);
  });
});

/** The imports between files that a rule forbids. */
function forbidden(imports, allows) {
  return [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => !allows(file, target)).map((target) => `${file} → ${target}`),
  );
}

/** A rule: files import from the same layer and from layers further to the right. `layerOf` returns the layer of a path. */
function order(layers, layerOf) {
  const rank = (path) => {
    const index = layers.indexOf(layerOf(path));
    assert.ok(index >= 0, `${path} is in no layer`);
    return index;
  };
  return (file, target) => rank(file) <= rank(target);
}

describe("one direction between folders", () => {
  test("pkg: entry → doors → client, gate, authority, admin, where → snapshot → core → lib → contract", () => {
    const layer = (path) => {
      const [, folder, file] = /^pkg\/src\/(?:([^/]+)\/)?(.*)$/.exec(path);
      if (folder === undefined) return file === "contract.ts" ? "contract" : "doors";
      return ["client", "gate", "authority", "admin", "where"].includes(folder) ? "parts" : folder;
    };
    const allows = order(["entry", "doors", "parts", "snapshot", "core", "lib", "contract", "wasm"], layer);
    const folder = (path) => path.split("/")[2];
    const isBetweenParts = (file, target) =>
      layer(file) === "parts" && layer(target) === "parts" && folder(file) !== folder(target);
    assert.deepEqual(
      forbidden(GRAPHS.pkg, (file, target) => allows(file, target) && !isBetweenParts(file, target)),
      [],
    );
  });

  test("www: entries → shell → pages → pages/shared → why → ui → data → lib", () => {
    const layer = (path) => {
      const [, folder] = /^www\/src\/(?:(pages\/shared|[^/]+)\/)?/.exec(path);
      return folder ?? "entries";
    };
    const allows = order(["entries", "shell", "pages", "pages/shared", "why", "ui", "data", "lib", "styles"], layer);
    assert.deepEqual(
      forbidden(GRAPHS.www, (file, target) => /\.css$/.test(target) || allows(file, target)),
      [],
    );
  });

  test("www: no page imports another page", () => {
    const page = (path) => /^www\/src\/pages\/([^/]+)\//.exec(path)?.[1];
    const isOther = (file, target) => page(file) && page(target) && page(target) !== "shared" && page(file) !== page(target);
    assert.deepEqual(
      forbidden(GRAPHS.www, (file, target) => !isOther(file, target)),
      [],
    );
  });

  test("edge: the authority and the gate share only `shared`", () => {
    const side = (path) => /^edge\/(authority|gate)\//.exec(path)?.[1];
    assert.deepEqual(
      forbidden(
        GRAPHS.edge,
        (file, target) => side(target) === undefined || side(file) === side(target) || side(file) === undefined,
      ),
      [],
    );
  });

  test("pkg, edge and www reach each other only by the names of their packages", () => {
    for (const [name, imports] of Object.entries(GRAPHS))
      assert.deepEqual(
        forbidden(imports, (_, target) => target.startsWith(`${name}/`)),
        [],
      );
  });
});

test(`no file has more than ${MAX_LINES} lines, apart from tables and tests`, () => {
  const files = [
    ...["pkg/src", "edge", "www/src", "demo"].flatMap((folder) => sources(folder, /\.(tsx?|mjs|css)$/)),
    ...sources("scripts", /\.mjs$/),
    ...sources("src", /\.rs$/).filter((file) => !/\btests?\b/.test(file)),
  ];
  const lines = (file) => readFileSync(join(root, file), "utf8").trimEnd().split("\n").length;
  const long = files.filter((file) => !TABLES.includes(file) && lines(file) > MAX_LINES);
  assert.deepEqual(
    long.map((file) => `${file}: ${lines(file)}`),
    [],
  );
});
