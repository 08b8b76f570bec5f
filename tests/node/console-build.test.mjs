// The console is built for one authority and one organization. There is no default: a console for another organization would deny everything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { resolveConfig } from "vite";

const configFile = fileURLToPath(new URL("../../www/vite.config.ts", import.meta.url));
const configured = (given) => {
  for (const name of ["VITE_ISSUER", "VITE_ORGANIZATION", "VITE_ORGANIZATIONS"]) delete process.env[name];
  Object.assign(process.env, given);
  return resolveConfig({ root: fileURLToPath(new URL("../../www", import.meta.url)), configFile, logLevel: "silent" }, "build");
};

test("is refused unless both are set, or it asks its origin", async () => {
  const said = /set the authority that this console trusts: VITE_ISSUER=<.*> VITE_ORGANIZATION=<.*>/;
  for (const given of [
    {},
    { VITE_ISSUER: "https://id.acme.example" },
    { VITE_ORGANIZATION: "acme" },
    { VITE_ISSUER: "", VITE_ORGANIZATION: "acme" },
  ]) {
    await assert.rejects(configured(given), said, JSON.stringify(given));
  }
  await configured({ VITE_ORGANIZATIONS: "many" });
  const { env } = await configured({ VITE_ISSUER: "https://id.acme.example", VITE_ORGANIZATION: "acme" });
  assert.deepEqual([env.VITE_ISSUER, env.VITE_ORGANIZATION], ["https://id.acme.example", "acme"]);
});
