export function counted(number: number, one: string, many: string): string {
  return number === 1 ? `1 ${one}` : `${number === 0 ? "no" : number} ${many}`;
}
