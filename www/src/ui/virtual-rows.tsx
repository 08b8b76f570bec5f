// The visible rows and a few around them. Two empty rows have the height of all rows above and below.
import { useVirtualizer } from "@tanstack/react-virtual";
import type { ReactNode } from "react";

/** Pixels: height of a row before it is measured. */
const ESTIMATED_HEIGHT = 45;

interface Props {
  frame: HTMLDivElement | null;
  count: number;
  idOf: (index: number) => string;
  draw: (index: number, measure: (row: HTMLTableRowElement | null) => void) => ReactNode;
}

export function VirtualRows({ frame, count, idOf, draw }: Props) {
  const virtual = useVirtualizer<HTMLDivElement, HTMLTableRowElement>({
    count,
    getScrollElement: () => frame,
    estimateSize: () => ESTIMATED_HEIGHT,
    getItemKey: idOf,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <tbody>
      {above > 0 && <Gap height={above} />}
      {items.map(({ index }) => draw(index, virtual.measureElement))}
      {below > 0 && <Gap height={below} />}
    </tbody>
  );
}

/** A single cell: more cells would bring back columns that narrow screens hide. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td style={{ height }} />
    </tr>
  );
}
