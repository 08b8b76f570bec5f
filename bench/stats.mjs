// Statistics of the report.

/** The median. */
export function median(values) {
  return quantile(values, 0.5);
}

/** Half the distance between the quartiles, as a share of the median. */
export function spread(values) {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / (median(values) || 1);
}

/** The median over rounds of a / b. Rounds alternate, so a slow moment affects both. */
export function ratio(a, b) {
  const rounds = Math.min(a.length, b.length);
  return median(Array.from({ length: rounds }, (_, i) => a[i] / b[i]));
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}
