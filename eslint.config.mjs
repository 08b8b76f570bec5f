// The rules that need TypeScript's types: faults alone. Biome has the format and the other rules (biome.jsonc).
import tseslint from "typescript-eslint";
import { ownProperties } from "./scripts/own-properties.mjs";

const FILES = ["pkg/src/**/*.ts", "edge/**/*.ts", "www/src/**/*.{ts,tsx}", "demo/**/*.mjs", "docs/.vitepress/**/*.ts"];

export default tseslint.config(
  { ignores: ["target/**", "**/dist/**", "**/node_modules/**", "**/.wicketgate/**"] },
  {
    files: FILES,
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        project: [
          "pkg/tsconfig.json",
          "pkg/tsconfig.angular.json",
          "edge/tsconfig.json",
          "edge/gate/browser/tsconfig.json",
          "www/tsconfig.json",
          "demo/tsconfig.json",
          "docs/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@typescript-eslint": tseslint.plugin, wicketgate: { rules: { "own-properties": ownProperties } } },
    rules: {
      // No object is indexed by data: scripts/own-properties.mjs.
      "wicketgate/own-properties": "error",
      "no-cond-assign": "error",
      // Globals of pages with everyday names: a local that is forgotten or misspelt would silently be one of them.
      "no-restricted-globals": [
        "error",
        "close",
        "closed",
        "event",
        "external",
        "find",
        "frames",
        "length",
        "name",
        "open",
        "opener",
        "origin",
        "parent",
        "print",
        "status",
        "stop",
        "top",
      ],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-array-delete": "error",
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-for-in-array": "error",
      "@typescript-eslint/no-implied-eval": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-misused-spread": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      // In `try`, a promise is awaited where it is returned: otherwise `catch` does not see it.
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      // A `switch` over a union has a case for each member, or says that the others need none.
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
);
