/** "no assistants", "1 assistant", "3 assistants" */
export function quantity(count: number, singular: string, plural: string): string {
  return count === 1 ? `1 ${singular}` : `${count === 0 ? "no" : count} ${plural}`;
}
