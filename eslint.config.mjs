// Lints what is asked with types; formatting and style are not asked here.
import tseslint from "typescript-eslint";
import { ownProperties } from "./scripts/own-properties.mjs";

const FILES = ["pkg/src/**/*.ts", "edge/**/*.ts", "www/src/**/*.{ts,tsx}", "demo/**/*.mjs", "docs/.vitepress/**/*.ts"];

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "**/.wicketgate/**"] },
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
    plugins: { wicketgate: { rules: { "own-properties": ownProperties } } },
    rules: { "wicketgate/own-properties": "error" },
  },
);
