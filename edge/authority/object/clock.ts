/** Unix seconds. */
export function clock(): number {
  return Math.floor(Date.now() / 1000);
}
