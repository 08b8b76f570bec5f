// The rows in sight and a few around them; those above and below are two empty rows as high as they would be.
import { useVirtualizer } from "@tanstack/react-virtual";
import type { ReactNode } from "react";

/** Pixels, until a row has been measured. */
const ROW = 45;

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
    estimateSize: () => ROW,
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

/** One cell: more would bring back columns that a narrow screen leaves out. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td style={{ height }} />
    </tr>
  );
}
