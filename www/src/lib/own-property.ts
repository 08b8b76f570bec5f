/** The value under a key that comes from outside, or `undefined`. Inherited properties such as `toString` do not count. */
export function ownProperty<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
