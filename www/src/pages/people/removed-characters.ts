/** What was taken out of an address that was pasted. */
export function removedCharacters(removed: number): string {
  return `removed ${removed} invisible ${removed === 1 ? "character" : "characters"}`;
}
