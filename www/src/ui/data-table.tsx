// A table that sorts by its headings. Of many rows it draws only the visible ones.
import { type ReactNode, useMemo, useState } from "react";
import { classes } from "./classes";
import { Icon } from "./icon";
import { useKeptFocus } from "./use-kept-focus";
import { VirtualRows } from "./virtual-rows";

export interface Column<Row> {
  id: string;
  header: string;
  /** The sort key, which is also shown if there is no `cell`. A column without `value` cannot be sorted. */
  value?: (row: Row) => string | number | undefined;
  cell?: (row: Row) => ReactNode;
  /** CSS width: "12rem", "30%". Columns without one share the rest. */
  width?: string;
  align?: "end";
  /** Hidden on narrower screens. */
  from?: "tablet" | "desktop";
}

export interface TableProps<Row> {
  /** For screen readers. */
  caption: string;
  /** The first column names the row. Keep the array the same between renders (`useMemo`). */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Content of the last cell of a row. */
  menu?: (row: Row) => ReactNode;
  initialSort?: { column: string; descending?: boolean };
  /** Shown instead of a table without rows. */
  empty: ReactNode;
  /** Below the last row, inside the scrolling frame: loads more rows. */
  end?: ReactNode;
}

/** A table with more rows draws only the visible ones. */
const MANY = 100;
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

interface Sort {
  column: string;
  descending: boolean;
}

export function DataTable<Row extends object>({ caption, columns, rows, rowId, menu, initialSort, empty, end }: TableProps<Row>) {
  // State and not a ref: the rows are drawn again once the frame exists.
  const [frame, setFrame] = useState<HTMLDivElement | null>(null);
  const [sort, setSort] = useState<Sort | undefined>(initialSort && { descending: false, ...initialSort });
  const sorted = useMemo(() => sortedRows(rows, columns, sort), [rows, columns, sort]);
  const keptFocus = useKeptFocus(frame, sorted.length);
  if (rows.length === 0) return empty;

  // A table with more rows to come scrolls by itself from the start, so nothing jumps when they arrive.
  const many = sorted.length > MANY || end !== undefined;
  const draw = (index: number, measure?: (row: HTMLTableRowElement | null) => void) => {
    const row = sorted[index]!;
    const id = rowId(row);
    return (
      <tr key={id} data-row={id} data-index={index} ref={measure} aria-rowindex={many ? index + 2 : undefined}>
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
      {...keptFocus}
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
              const order = sort?.column === id ? (sort.descending ? "descending" : "ascending") : undefined;
              return (
                <th key={id} scope="col" className={classes(align, from)} aria-sort={order}>
                  {value === undefined ? (
                    header
                  ) : (
                    <button type="button" onClick={() => setSort({ column: id, descending: order === "ascending" })}>
                      {header}
                      {order && <Icon name={order === "ascending" ? "up" : "down"} />}
                    </button>
                  )}
                </th>
              );
            })}
            {menu && <td className="menu" />}
          </tr>
        </thead>
        {many ? (
          <VirtualRows frame={frame} count={sorted.length} idOf={(index) => rowId(sorted[index]!)} draw={draw} />
        ) : (
          <tbody>{sorted.map((_, index) => draw(index))}</tbody>
        )}
      </table>
      {end}
    </div>
  );
}

/** The rows by one column's values; rows without a value come last, in either order. Equal values keep their order. */
function sortedRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | undefined): readonly Row[] {
  const value = columns.find(({ id }) => id === sort?.column)?.value;
  if (!sort || !value) return rows;
  const sign = sort.descending ? -1 : 1;
  // Each value is read once, not once per comparison.
  const present = rows.map((row) => ({ row, key: value(row) }));
  return present
    .sort((one, other) => {
      if (one.key === undefined || other.key === undefined) return Number(one.key === undefined) - Number(other.key === undefined);
      return sign * compare(one.key, other.key);
    })
    .map(({ row }) => row);
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === "number" && typeof other === "number") return one < other ? -1 : one > other ? 1 : 0; // `Infinity - Infinity` is NaN
  return collator.compare(String(one), String(other));
}
