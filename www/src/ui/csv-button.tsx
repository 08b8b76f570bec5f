// Saves a table as a file for a spreadsheet. It is made in the page: nothing is sent anywhere.
import { Button } from "./button";
import { useStatus } from "../lib/status";

export type CsvCell = string | number | undefined;

interface Props {
  /** Without the ending. */
  name: string;
  header: readonly string[];
  rows: () => readonly (readonly CsvCell[])[];
  label?: string;
  /** Not everything that belongs into it is there yet. */
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

/** Hands a file to whoever uses the page. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  // After the download has begun.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function toCsv(lines: readonly (readonly CsvCell[])[]): string {
  return `\uFEFF${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value: CsvCell): string {
  if (value === undefined) return "";
  // A spreadsheet would take these for a formula.
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
