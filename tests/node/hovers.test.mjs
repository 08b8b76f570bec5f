// Editors show the doc comments of the package: every public item has one, and the main entry points have an example.
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import ts from "typescript";
import { root } from "../lib/consumer.mjs";

/** The entry points of the package, as source files. */
const ENTRIES = [
  ...["admin", "angular", "authority", "client", "contract", "gate", "hono", "index", "observer", "pass"],
  ...["public-types", "react", "reasons", "svelte", "testing", "vue", "where"],
];

/** Items that newcomers call first. */
const WITH_EXAMPLE = [
  ...["init", "initSync", "open", "openSync", "openHead", "Snapshot.as", "Snapshot.apply", "Snapshot.whoCan", "Snapshot.diff"],
  ...["Principal.can", "Principal.check", "Principal.assert", "Principal.capabilities", "Principal.list", "WicketgateError"],
  ...["connect", "localStorageOf", "Live.me", "Live.on", "generateKeyPair", "issue", "detach", "verifyChain", "CommandRefused"],
  ...["Directory", "Directory.begin", "Directory.decide", "Directory.preview", "Directory.snapshot", "Directory.delta"],
  ...[
    "Gate",
    "Gate.admit",
    "Gate.recheck",
    "Gate.passResponse",
    "Gate.authorize",
    "keyValueSource",
    "authoritySource",
    "remoteKeys",
  ],
  ...["Admin", "AdminError", "Operator"],
  ...["openForLists", "ListPrincipal.where", "toSql", "toDrizzle", "toKysely", "toPrisma"],
  ...["verifyPass", "requirePass", "framing", "reasons", "observe", "fakePrincipal", "fakeLive", "signedSnapshot"],
  ...["Wicketgate", "WicketgateSnapshot", "useSnapshot", "useLive", "usePermission", "useDecision", "useWicketgate", "Can"],
  ...["wicketgate", "permissions", "setWicketgate", "getWicketgate"],
  ...["provideWicketgate", "injectPermission", "injectDecision", "injectWicketgate", "injectGive", "WicketgateCan"],
];

/** Public items by name, members as `Class.member`: whether each has a comment, and an example. */
const items = new Map();

before(() => {
  const source = join(root, "pkg/src/");
  const config = ts.readConfigFile(join(root, "pkg/tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, "pkg"));
  const program = ts.createProgram(
    ENTRIES.map((name) => `${source}${name}.ts`),
    { ...options, experimentalDecorators: true, skipLibCheck: true },
  );
  const checker = program.getTypeChecker();
  const add = (name, symbol) => {
    const isDescribed = symbol.getDocumentationComment(checker).length > 0;
    const hasExample = symbol.getJsDocTags(checker).some((tag) => tag.name === "example");
    const known = items.get(name);
    items.set(name, {
      isDescribed: isDescribed && (known?.isDescribed ?? true),
      hasExample: hasExample && (known?.hasExample ?? true),
    });
  };
  const isPublic = (member) =>
    member.name &&
    !ts.isPrivateIdentifier(member.name) &&
    !ts.isComputedPropertyName(member.name) &&
    !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private);
  const seen = new Set();
  for (const entry of ENTRIES) {
    for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(`${source}${entry}.ts`)))) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const [declaration] = symbol.declarations ?? [];
      // Types that come from Rust have their comments there.
      if (!declaration?.getSourceFile().fileName.startsWith(source) || seen.has(symbol)) continue;
      seen.add(symbol);
      add(symbol.name, symbol);
      if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration)) continue;
      for (const member of declaration.members.filter(isPublic))
        add(`${symbol.name}.${member.name.getText()}`, checker.getSymbolAtLocation(member.name));
    }
  }
});

describe("doc comments", () => {
  test("every public item has one", () => {
    assert.ok(items.size > 300, `${items.size} items`);
    assert.deepEqual(
      [...items].filter(([, { isDescribed }]) => !isDescribed).map(([name]) => name),
      [],
    );
  });

  test("the main entry points have an example", () => {
    assert.deepEqual(
      WITH_EXAMPLE.filter((name) => !items.get(name)?.hasExample),
      [],
    );
  });
});
