// A table that sorts by its headings and draws, of many rows, only those in sight.
import {
  createSortedRowModel,
  rowSortingFeature,
  type SortFn,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type ReactNode, useMemo, useState } from "react";
import { classes } from "./classes";
import { Icon } from "./icon";
import { VirtualRows } from "./virtual-rows";

export interface Column<Row> {
  id: string;
  header: string;
  /** What it is sorted by, and shown as without `cell`. A column without it cannot be sorted. */
  value?: (row: Row) => string | number | undefined;
  cell?: (row: Row) => ReactNode;
  /** A CSS width: "12rem", "30%". The columns without one share the rest. */
  width?: string;
  align?: "end";
  /** Left out where the screen is narrower. */
  from?: "tablet" | "desktop";
}

export interface TableProps<Row> {
  /** What the table is of; heard, not seen. */
  caption: string;
  /** The first one names the row. Keep it the same from one drawing to the next (`useMemo`). */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Stands at the end of a row. */
  menu?: (row: Row) => ReactNode;
  initialSort?: { column: string; descending?: boolean };
  /** Shown instead of a table without rows. */
  empty: ReactNode;
  /** Stands below the last row, in what scrolls: where more of them come from. */
  end?: ReactNode;
}

/** More rows than these are drawn as they come into sight. */
const MANY = 100;
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const compare: SortFn<any, any> = (one, other, column) => {
  const [a, b] = [one.getValue(column), other.getValue(column)];
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
};
const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

export function DataTable<Row extends object>({ caption, columns, rows, rowId, menu, initialSort, empty, end }: TableProps<Row>) {
  // State and not a ref: the rows have to be drawn again once it is there.
  const [frame, setFrame] = useState<HTMLDivElement | null>(null);
  const [sorting, setSorting] = useState<SortingState>(
    initialSort ? [{ id: initialSort.column, desc: initialSort.descending ?? false }] : [],
  );
  const definitions = useMemo(
    () =>
      columns.map(({ id, value }) => ({
        id,
        accessorFn: (row: Row) => value?.(row),
        enableSorting: value !== undefined,
        sortFn: compare,
        sortUndefined: "last" as const,
      })),
    [columns],
  );
  // The table keeps its rows in an object: under no name that an object has.
  const keyOf = (row: Row) => `row ${rowId(row)}`;
  const table = useTable<typeof features, Row>({
    features,
    columns: definitions,
    data: rows as Row[],
    state: { sorting },
    onSortingChange: setSorting,
    getRowId: keyOf,
    enableSortingRemoval: false,
  });
  if (rows.length === 0) return empty;

  const sorted = table.getRowModel().rows;
  // Where more are to come, it scrolls by itself from the beginning: nothing jumps when they do.
  const many = sorted.length > MANY || end !== undefined;
  const draw = (index: number, measure?: (row: HTMLTableRowElement | null) => void) => {
    const { id, original: row } = sorted[index]!;
    return (
      <tr key={id} data-row={rowId(row)} data-index={index} ref={measure} aria-rowindex={many ? index + 2 : undefined}>
        {columns.map((column, at) => {
          const Cell = at === 0 ? "th" : "td";
          return (
            <Cell key={column.id} {...(at === 0 && { scope: "row" })} className={classes(column.align, column.from)}>
              {column.cell ? column.cell(row) : column.value?.(row)}
            </Cell>
          );
        })}
        {menu && <td className="menu">{menu(row)}</td>}
      </tr>
    );
  };

  return (
    <div
      ref={setFrame}
      className={classes("table-frame", many && "many")}
      {...(many && { tabIndex: 0, role: "region", "aria-label": caption })}
    >
      <table className="data" aria-rowcount={many ? sorted.length + 1 : undefined}>
        <caption className="unseen">{caption}</caption>
        <colgroup>
          {columns.map(({ id, width, from }) => (
            <col key={id} className={from} style={{ width }} />
          ))}
          {menu && <col className="menu" />}
        </colgroup>
        <thead>
          <tr aria-rowindex={many ? 1 : undefined}>
            {columns.map(({ id, header, value, align, from }) => {
              const sort = sorting[0]?.id === id ? (sorting[0].desc ? "descending" : "ascending") : undefined;
              return (
                <th key={id} scope="col" className={classes(align, from)} aria-sort={sort}>
                  {value === undefined ? (
                    header
                  ) : (
                    <button type="button" onClick={() => setSorting([{ id, desc: sort === "ascending" }])}>
                      {header}
                      {sort && <Icon name={sort === "ascending" ? "up" : "down"} />}
                    </button>
                  )}
                </th>
              );
            })}
            {menu && <td className="menu" />}
          </tr>
        </thead>
        {many ? (
          <VirtualRows frame={frame} count={sorted.length} idOf={(index) => sorted[index]!.id} draw={draw} />
        ) : (
          <tbody>{sorted.map((_, index) => draw(index))}</tbody>
        )}
      </table>
      {end}
    </div>
  );
}
