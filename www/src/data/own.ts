/** What a table has under a name that comes from elsewhere: nothing of what every object has besides. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
