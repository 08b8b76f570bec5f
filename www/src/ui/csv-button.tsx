// Saves a table as a file for a spreadsheet. The page makes the file itself: nothing is sent.
import { Button } from "./button";
import { useStatus } from "../lib/status";

export type CsvCell = string | number | undefined;

interface Props {
  /** Name of the file, without its extension. */
  name: string;
  header: readonly string[];
  rows: () => readonly (readonly CsvCell[])[];
  label?: string;
  /** Some of the data is still loading. */
  busy?: boolean;
}

export function CsvButton({ name, header, rows, label = "Export CSV", busy = false }: Props) {
  const say = useStatus();

  function save(): void {
    const lines = [header, ...rows()];
    saveFile(`${name}.csv`, "text/csv;charset=utf-8", toCsv(lines));
    say(`Saved ${lines.length - 1} rows as ${name}.csv.`);
  }

  return (
    <Button busy={busy} onClick={save}>
      {label}
    </Button>
  );
}

/** Downloads a text as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  // The download must have started before.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** CSV (RFC 4180), with a byte order mark, by which spreadsheets recognize UTF-8. */
export function toCsv(lines: readonly (readonly CsvCell[])[]): string {
  return `\uFEFF${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value: CsvCell): string {
  if (value === undefined) return "";
  // A spreadsheet would run a text that starts like this as a formula.
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
