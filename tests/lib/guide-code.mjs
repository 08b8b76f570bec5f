// Code of a document, as a module: so that tests run what readers copy.
import { blocks } from "./guide.mjs";

/** @param document its path in the repository @param file the name above the code */
export function guideCode(document, file) {
  const { [file]: code } = blocks(document);
  if (code === undefined) throw new Error(`${document} has no ${file}`);
  return import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
}
