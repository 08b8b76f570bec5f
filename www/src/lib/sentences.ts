// Parts of English sentences.

/** "Ana", "Ana and Bob", "Ana, Bob, and Cleo"; with `most` 2: "Ana, Bob, and 7 more". "1 more" is never written: that one is named too. */
export function listOf(words: readonly string[], most = Infinity): string {
  const rest = words.length - most;
  return new Intl.ListFormat("en").format(rest > 1 ? [...words.slice(0, most), `${rest} more`] : words);
}

/** "Ana, Bob, or Cleo" */
export function oneOf(words: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(words);
}

/** The text with a capital first letter. */
export function capital(text: string): string {
  return text.replace(/^./u, (first) => first.toUpperCase());
}
/** "no assistants", "1 assistant", "3 assistants" */
export function quantity(count: number, singular: string, plural: string): string {
  return count === 1 ? `1 ${singular}` : `${count === 0 ? "no" : count} ${plural}`;
}
