// The authority in a bare workerd process, which can be killed and started again quickly.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { workerFile } from "../../edge/build.mjs";
import { workerOptions } from "../../edge/miniflare.mjs";

const { default: workerd } = createRequire(import.meta.url)("workerd");

/** A key-value store that stores nothing: these tests do not need the gate. */
const FORGETFUL = `export default { fetch: ({ method }) => new Response(null, { status: method === "GET" ? 404 : 200 }) };`;

/**
 * @param {{ dir: string, port: number, bindings: Record<string, string> }} options `dir` holds the configuration and the storage
 * @returns the arguments for `startWorkerd`
 */
export function configure({ dir, port, bindings }) {
  const { compatibilityDate, compatibilityFlags } = workerOptions("authority");
  const folder = dirname(workerFile("authority"));
  const modules = readdirSync(folder)
    .filter((file) => /\.(js|wasm)$/.test(file))
    .sort((a) => (a === "worker.js" ? -1 : 1));
  mkdirSync(join(dir, "objects"), { recursive: true });
  for (const file of modules) copyFileSync(join(folder, file), join(dir, file));
  writeFileSync(join(dir, "store.js"), FORGETFUL);
  const text = JSON.stringify;
  writeFileSync(
    join(dir, "config.capnp"),
    `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "authority", worker = .authority),
    (name = "store", worker = (modules = [(name = "store.js", esModule = embed "store.js")], compatibilityDate = ${text(compatibilityDate)})),
    (name = "objects", disk = (path = ${text(join(dir, "objects"))}, writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "authority")],
);
const authority :Workerd.Worker = (
  modules = [${modules.map((file) => `(name = ${text(file)}, ${file.endsWith(".js") ? "esModule" : "wasm"} = embed ${text(file)})`).join(", ")}],
  compatibilityDate = ${text(compatibilityDate)},
  compatibilityFlags = [${compatibilityFlags.map(text).join(", ")}],
  bindings = [
    (name = "DIRECTORY", durableObjectNamespace = "Organization"),
    (name = "GATE", kvNamespace = "store"),
    ${Object.entries(bindings)
      .map(([name, value]) => `(name = ${text(name)}, text = ${text(value)}),`)
      .join("\n    ")}
  ],
  durableObjectNamespaces = [(className = "Organization", uniqueKey = "organization", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
);
`,
  );
  return ["serve", "--experimental", join(dir, "config.capnp"), "--control-fd=3"];
}

/** Starts workerd and waits until it listens. `kill` sends SIGKILL. */
export async function startWorkerd(args, log = []) {
  const child = spawn(workerd, args, { stdio: ["ignore", "pipe", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => log.push(chunk.toString()));
  const exited = once(child, "exit");
  await Promise.race([
    once(child.stdio[3], "data"),
    exited.then(() => {
      throw new Error(`workerd did not start: ${log.join("")}`);
    }),
  ]);
  return {
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
