// A demonstration of its own for each test file: its folder is thrown away, its port is whatever is free.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "../../demo/start.mjs";

export async function startDemonstration(options = {}) {
  const dir = await mkdtemp(join(tmpdir(), "wicketgate-"));
  const running = await start({ port: 0, dir, ...options });
  return {
    ...running,
    dir,
    signingKey: JSON.parse(await readFile(join(dir, "secrets.json"), "utf8")).signing,
    async stop() {
      await running.dispose();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const ISSUER = "https://authority.acme.example";
