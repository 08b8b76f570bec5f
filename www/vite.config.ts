import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    // The content security policy allows no data: scripts or styles, and the WebAssembly file must stay a file.
    assetsInlineLimit: 0,
    target: "es2022",
    rollupOptions: {
      input: ["index.html", "invitation.html"].map((page) => fileURLToPath(new URL(page, import.meta.url))),
    },
  },
});
