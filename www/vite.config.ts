import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { crates, notices, packages } from "../scripts/notices.mjs";

export default defineConfig({
  plugins: [react(), settings(), thirdPartyNotices()],
  build: {
    // The content security policy allows no data: scripts or styles, and the WebAssembly file must stay a file.
    assetsInlineLimit: 0,
    // docs/browsers.md. `public/engine.js` shows a message in older browsers.
    target: ["chrome123", "edge123", "firefox125", "safari17.5"],
    rollupOptions: {
      input: ["index.html", "invitation.html"].map((page) => fileURLToPath(new URL(page, import.meta.url))),
    },
  },
});

/**
 * The issuer and the organization are built in: a console of another authority would refuse every snapshot. With `VITE_ORGANIZATIONS=many` the page
 * asks its own origin for both, so that one build serves all organizations of a deployment.
 */
function settings(): Plugin {
  return {
    name: "settings",
    configResolved({ env }) {
      if (env["VITE_ORGANIZATIONS"] === "many") return;
      if (!env["VITE_ISSUER"] || !env["VITE_ORGANIZATION"]) {
        throw new Error(
          "set the authority that this console trusts: VITE_ISSUER=<the authority's ISSUER> VITE_ORGANIZATION=<its ORGANIZATION>, or VITE_ORGANIZATIONS=many",
        );
      }
    },
  };
}

/** Writes `third-party-notices.txt`: the licences of the packages in the bundle and of the crates in the WebAssembly files. */
function thirdPartyNotices(): Plugin {
  return {
    name: "third-party-notices",
    apply: "build",
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
      this.emitFile({ type: "asset", fileName: "third-party-notices.txt", source: notices([...crates(), ...packages(files)]) });
    },
  };
}
