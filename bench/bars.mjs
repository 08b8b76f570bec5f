// Tables of bars: what was measured against what is wanted. A missed bar never fails a run.

import { factor, row, rule } from "./format.mjs";

/**
 * A line of a table of bars.
 * @param title what is measured
 * @param value undefined if it was not measured
 * @param most the bar, and `stretch` the aim beyond it; undefined if there is none. `value` is at most either.
 * @param detail further figures
 * @param show writes a number, by default as a factor
 */
export function barRow(title, { value, most, stretch, detail, show = factor, below = false }) {
  const sign = below ? "<" : "≤";
  const limit = (bar) => (bar === undefined ? "" : `${sign} ${show(bar)}`);
  if (value === undefined) return row([title, limit(most), limit(stretch), "not measured", ""]);
  const within = (bar) => (below ? value < bar : value <= bar);
  const met = within(most) ? "met" : "**missed**";
  const verdict = most === undefined ? "" : stretch !== undefined && within(stretch) ? "met, stretch too" : met;
  return row([title, limit(most), limit(stretch), detail ? `${show(value)} (${detail})` : show(value), verdict]);
}

/** The table of such lines. */
export function barTable(lines) {
  return ["## Against the bars", "", row(["", "bar", "stretch", "measured", ""]), rule(5), ...lines].join("\n");
}
