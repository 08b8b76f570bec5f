// The documentation site. `make site` gathers its pages in target/site/pages and builds them into target/site/dist.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const pages = fileURLToPath(new URL("../../target/site/pages", import.meta.url));
const titleOf = (page) => /^# (.+)$/m.exec(readFileSync(`${pages}/${page}.md`, "utf8"))[1].replaceAll("`", "");
const item = (page, text = titleOf(page)) => ({ text, link: `/${page}` });
const pagesOf = (folder) =>
  readdirSync(`${pages}/${folder}`)
    .filter((name) => name.endsWith(".md") && name !== "index.md")
    .map((name) => `${folder}/${name.slice(0, -".md".length)}`)
    .sort();

const GUIDES = {
  Frameworks: ["next", "react", "vue", "svelte", "angular", "browser"],
  Servers: ["backend", "outbox", "lists", "node", "workers", "deno", "bun", "lambda"],
  Tools: ["vitest", "jest", "esbuild"],
};

export default defineConfig({
  title: "Wicketgate",
  description: "Permission checks for AI assistants",
  lang: "en",
  base: process.env.SITE_BASE,
  srcDir: pages,
  outDir: "../target/site/dist",
  cacheDir: "../target/site/cache",
  lastUpdated: false,
  ignoreDeadLinks: "localhostLinks", // addresses of what `make start` serves
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    // Code in a sentence is no template of Vue's: braces in it are braces.
    config({ renderer: { rules } }) {
      const { code_inline: inline } = rules;
      rules.code_inline = (tokens, at, ...rest) => {
        tokens[at].attrSet("v-pre", "");
        return inline(tokens, at, ...rest);
      };
    },
  },
  vite: {
    publicDir: false,
    build: { chunkSizeWarningLimit: 4000 },
  },
  themeConfig: {
    search: { provider: "local", options: { detailedView: false } },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/start" },
      { text: "Guides", link: "/guides/next", activeMatch: "/guides/" },
      { text: "Concepts", link: "/concepts/trust", activeMatch: "/concepts/" },
      { text: "Reference", link: "/package", activeMatch: "/(package|rules|snapshot-format|reference|errors)" },
      { text: "Playground", link: "/playground" },
    ],
    sidebar: {
      "/": [
        { text: "Begin", items: [item("start"), item("playground"), item("package", "The package")] },
        ...Object.entries(GUIDES).map(([text, names]) => ({ text, items: names.map((name) => item(`guides/${name}`)) })),
        {
          text: "Concepts",
          items: ["trust", "relations", "accessibility", "live", "gate"].map((name) => item(`concepts/${name}`)),
        },
        {
          text: "Reference",
          items: [
            item("rules"),
            item("snapshot-format"),
            item("conformance"),
            item("authority"),
            item("events"),
            item("api"),
            item("addresses"),
            item("gate"),
            item("errors/index", "Errors"),
            item("browsers"),
            item("reference/index", "Interface"),
          ],
        },
        {
          text: "Operate",
          items: [
            item("deploying"),
            item("console"),
            item("scaling"),
            item("security"),
            item("measured"),
            item("measuring", "How it is measured"),
            item("changelog"),
          ],
        },
        {
          text: "Contribute",
          items: [item("contributing"), item("architecture"), item("decisions/index", "Decisions"), item("dependencies")],
        },
      ],
      "/decisions/": [
        { text: "Contribute", items: [item("contributing"), item("architecture"), item("decisions/index", "All decisions")] },
        { text: "Each decision", items: pagesOf("decisions").map((page) => item(page)) },
      ],
      "/errors/": [
        { text: "Reference", items: [item("package", "The package"), item("rules"), item("errors/index", "All errors")] },
        { text: "Each error", items: pagesOf("errors").map((page) => item(page)) },
      ],
    },
  },
});

/** Anchors of headings as GitHub makes them, because the documents are read there too. */
function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
