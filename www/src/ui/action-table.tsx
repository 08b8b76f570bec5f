// A table with a menu of actions in each row. Separate from `DataTable`, so that pages without menus do not load the menu's code.
import { DataTable, type TableProps } from "./data-table";
import { type RowAction, RowMenu } from "./row-menu";

export type { RowAction };

interface Props<Row> extends Omit<TableProps<Row>, "menu"> {
  /** The name of the row, for the label of its menu. */
  rowName: (row: Row) => string;
  actions: (row: Row) => RowAction[];
}

export function ActionTable<Row extends object>({ rowName, actions, ...table }: Props<Row>) {
  return <DataTable {...table} menu={(row) => <RowMenu name={rowName(row)} actions={actions(row)} />} />;
}
