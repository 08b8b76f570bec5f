// The authority's Worker with a module of a test in front of it.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { workerFile } from "../../edge/build.mjs";

/**
 * Options for the `worker` of `startService`.
 * @param {string} script a module that exports what the Worker exports. It imports the real one as `./worker.js`
 */
export async function standIn(script) {
  const folder = dirname(workerFile("authority"));
  const files = (await readdir(folder)).filter((file) => /\.(js|wasm)$/.test(file));
  const module = async (file) => ({
    type: file.endsWith(".js") ? "ESModule" : "CompiledWasm",
    path: file,
    contents: await readFile(join(folder, file), file.endsWith(".js") ? "utf8" : undefined),
  });
  const modules = [{ type: "ESModule", path: "stand-in.js", contents: script }, ...(await Promise.all(files.map(module)))];
  return { modules, modulesRoot: undefined, scriptPath: undefined, modulesRules: undefined };
}

/**
 * The code of a Worker whose objects fail as a request says in `Prefer`: as the platform's do when they move (`retryable`), or in another way. It needs
 * the real one as `worker`.
 * @param {string} binding the name of the objects' binding
 */
export const failingObjects = (binding) => `
const failing = (retryable) => new Proxy({}, {
  get: () => async () => { throw Object.assign(new Error("the object fails"), retryable && { retryable }); },
});
const namespace = (retryable) => ({ idFromName: String, get: () => failing(retryable) });

export default {
  fetch(request, env, ctx) {
    const how = request.headers.get("Prefer");
    return worker.fetch(request, how === null ? env : { ...env, ${binding}: namespace(how === "retryable") }, ctx);
  },
};`;
