// Builds the console into dist. The environment variables VITE_ISSUER and VITE_ORGANIZATION name its authority (vite.config.ts).
import { fileURLToPath } from "node:url";
import { build } from "vite";

export function buildPage() {
  return build({ root: fileURLToPath(new URL(".", import.meta.url)), logLevel: "warn" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPage().catch(({ message }) => {
    console.error(`error: ${message}`);
    process.exit(1);
  });
}
