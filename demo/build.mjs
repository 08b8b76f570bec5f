// Builds what `start` serves: the Workers and the page.
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { buildWorkers } from "../edge/build.mjs";

await buildWorkers();
await build({ root: fileURLToPath(new URL("../www", import.meta.url)), logLevel: "warn" });
