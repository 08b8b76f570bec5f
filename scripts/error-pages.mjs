// Makes a page for each error code, and their list, from the document of errors.

/** The codes in the document, by their heading. */
export function errorsOf(document) {
  const groups = new Map();
  for (const group of document.split(/^## /m).slice(1)) {
    const [heading, ...sections] = group.split(/^### /m);
    const [title, ...about] = heading.split("\n");
    const codes = sections.map((section) => {
      const [, code, text] =
        /^`([a-z_]+)`\n([\s\S]*)$/.exec(section) ??
        (() => {
          throw new Error(`no code in backticks: ${section.split("\n")[0]}`);
        })();
      return { code, text: text.trim() };
    });
    groups.set(title, { about: about.join("\n").trim(), codes });
  }
  return groups;
}

/** @returns pages by their paths in the site */
export function errorPages(document) {
  const pages = {};
  let list = document.split(/^## /m)[0];
  for (const [title, { about, codes }] of errorsOf(document)) {
    list += `## ${title}\n\n${about}\n\n`;
    for (const { code, text } of codes) {
      list += `* [\`${code}\`](${code}.md): ${text.split("\n")[0]}\n`;
      pages[`errors/${code}.md`] = `# \`${code}\`\n\n${text}\n\n[All errors](index.md)\n`;
    }
    list += "\n";
  }
  pages["errors/index.md"] = list;
  return pages;
}
