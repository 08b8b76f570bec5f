// The console with hot reload: Vite serves www/src, and everything else goes to the demonstration behind it. One origin in the browser,
// as in `start`, so cookies, sign-in and the WebSocket of updates work as they do there.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { AUTHORITY, GATE } from "./routes.mjs";
import { reservePort, runProgram, start } from "./start.mjs";

const WWW = fileURLToPath(new URL("../www", import.meta.url));

/**
 * @param {{ port?: number, root?: string }} [options] `root` is the folder that Vite serves instead of www; every other option is
 *   passed to `start`
 * @returns {Promise<{ url: string, dispose: () => Promise<void> }>} what `start` returns, at the address of Vite
 */
export async function startDev({ port = 8787, root = WWW, ...options } = {}) {
  const reserved = await reservePort(port);
  const demonstration = await start({ ...options, port: 0, origin: `http://localhost:${reserved}` });
  try {
    process.env.VITE_ORGANIZATIONS = "many";
    const proxied = { target: demonstration.workers, ws: true };
    const vite = await createServer({
      root,
      configFile: `${WWW}/vite.config.ts`,
      logLevel: "warn",
      clearScreen: false,
      server: {
        host: "127.0.0.1",
        port: reserved,
        strictPort: true,
        proxy: Object.fromEntries([GATE, AUTHORITY].map((paths) => [paths.source, proxied])),
      },
    });
    await vite.listen();
    return {
      ...demonstration,
      async dispose() {
        await vite.close();
        await demonstration.dispose();
      },
    };
  } catch (error) {
    await demonstration.dispose();
    throw error;
  }
}

async function main() {
  const { url, mail, dispose } = await startDev({ port: Number(process.env.PORT ?? 8787) });
  console.log(`Open ${url}/  A change in www/src shows there at once. Mail: ${mail.url}/  Ctrl-C stops it.`);
  return dispose;
}

await runProgram(import.meta.url, main);
