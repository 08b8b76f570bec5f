// A table whose rows have a menu each of what can be done about them. Apart from the others, which do without the menu's code.
import { DataTable, type TableProps } from "./data-table";
import { type RowAction, RowMenu } from "./row-menu";

export type { RowAction };

interface Props<Row> extends Omit<TableProps<Row>, "menu"> {
  /** What the first column says, for the menu's name. */
  rowName: (row: Row) => string;
  actions: (row: Row) => RowAction[];
}

export function ActionTable<Row extends object>({ rowName, actions, ...table }: Props<Row>) {
  return <DataTable {...table} menu={(row) => <RowMenu name={rowName(row)} actions={actions(row)} />} />;
}
