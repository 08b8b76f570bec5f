export interface Entry {
  name: string;
  version: string;
  license: string;
  texts: string[];
}

export function crates(): Entry[];
export function packages(files: Iterable<string>): Entry[];
export function notices(entries: Entry[]): string;
export function isAllowed(expression: string): boolean;
