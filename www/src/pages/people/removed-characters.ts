/** "removed 2 invisible characters", about a pasted address. */
export function removedCharacters(removed: number): string {
  return `removed ${removed} invisible ${removed === 1 ? "character" : "characters"}`;
}
