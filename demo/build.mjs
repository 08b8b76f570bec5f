// Builds the Workers and the console, which `start` serves.
import { buildWorkers } from "../edge/build.mjs";
import { buildPage } from "../www/build.mjs";

await buildWorkers();
process.env.VITE_ORGANIZATIONS = "many";
await buildPage();
