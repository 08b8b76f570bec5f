/** A document of Markdown without the padding of its tables' cells: the formatter aligns their columns. */
export const unpadded = (text) => text.replaceAll(/ +\|/g, " |");
