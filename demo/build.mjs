// Builds the Workers and the console, which `start` serves.
import { buildWorkers } from "../edge/build.mjs";
import { buildPage } from "../www/build.mjs";
import { ISSUER, ORGANIZATION } from "./settings.mjs";

await buildWorkers();
Object.assign(process.env, { VITE_ISSUER: ISSUER, VITE_ORGANIZATION: ORGANIZATION });
await buildPage();
