// Texts that are longer than one row may be: cut into parts, one row each, and joined again.

/** UTF-16 units in one row's text. In UTF-8 each takes at most three bytes, so a row stays below the platform's 2 MB. */
const PART_LENGTH = 256 * 1024;

/** Slices of a text that never cut a character in two; one empty slice for an empty text. */
export function split(text: string): string[] {
  if (text.length <= PART_LENGTH) return [text];
  const slices: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + PART_LENGTH, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    slices.push(text.slice(start, end));
    start = end;
  }
  return slices;
}

/** The rows of one text as one row. Their other columns are equal. */
export function join<T extends { text: string }>(rows: T[]): T | undefined {
  return rows[0] && { ...rows[0], text: rows.map(({ text }) => text).join("") };
}
