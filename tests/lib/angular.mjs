// Compiles an Angular app for production and links packages, as the Angular CLI does.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { transformAsync } from "@babel/core";
import { createEs2015LinkerPlugin } from "@angular/compiler-cli/linker/babel";
import { ConsoleLogger, LogLevel, NodeJSFileSystem } from "@angular/compiler-cli";

/** A plugin for esbuild that links partially compiled Angular code, in `node_modules` and in the package. */
export const linker = {
  name: "angular-linker",
  setup(build) {
    const plugin = createEs2015LinkerPlugin({
      fileSystem: new NodeJSFileSystem(),
      logger: new ConsoleLogger(LogLevel.warn),
      linkerJitMode: false,
    });
    build.onLoad({ filter: /(@angular[\\/].*\.m?js|dist[\\/]angular\.js)$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes("ɵɵngDeclare")) return { contents: source, loader: "js" };
      const { code } = await transformAsync(source, {
        plugins: [plugin],
        filename: path,
        configFile: false,
        babelrc: false,
        compact: false,
      });
      return { contents: code, loader: "js" };
    });
  },
};

/** Compiles the app in `tests/lib/angular-app` into another folder. Rejects with the compiler's messages. */
export async function compileApp(into) {
  const ngc = fileURLToPath(new URL("../../node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js", import.meta.url));
  await promisify(execFile)(process.execPath, [
    ngc,
    "-p",
    fileURLToPath(new URL("angular-app/tsconfig.json", import.meta.url)),
    "--outDir",
    into,
  ]);
}
