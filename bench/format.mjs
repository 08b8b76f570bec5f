// Formats of numbers and tables in the reports.

export const MIB = 1024 * 1024;

export function ns(value) {
  return value < 1_000 ? `${value.toPrecision(3)} ns` : `${(value / 1000).toPrecision(3)} µs`;
}

export function ms(value) {
  return `${value < 1000 ? value.toPrecision(3) : integer(value)} ms`;
}

export function mebibytes(value) {
  return `${(value / MIB).toFixed(value < 10 * MIB ? 2 : 0)} MiB`;
}

export function factor(value) {
  return `${value < 100 ? value.toPrecision(3) : integer(value)}×`;
}

export function percent(value) {
  return `${Math.round(value * 100)}%`;
}

export function integer(value) {
  return Math.round(value).toLocaleString("en-US");
}

export function row(cells) {
  return `| ${cells.join(" | ")} |`;
}

export function rule(columns) {
  return `|${" --- |".repeat(columns)}`;
}
