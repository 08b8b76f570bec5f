// Who holds a role, and where.
import { Link } from "wouter";
import type { Organization } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { type Column, DataTable } from "../../ui/data-table";
import { DialogForm } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { Time } from "../../ui/time";
import type { Holder, RoleColumn } from "./roles";

interface Row extends Holder {
  id: string;
  name: string;
  where: string;
}

export function HeldBy({
  role,
  holders,
  facts,
  onClose,
}: {
  role: RoleColumn;
  holders: Holder[];
  facts: Organization;
  onClose: () => void;
}) {
  const names = useNames();
  const { everything } = useConsole();
  const teams = new Map(facts.teams?.map(({ id, name = id }) => [id, name]));
  const assistants = new Map(facts.assistants?.map(({ id, name = id }) => [id, name]));
  const rows = holders.map(
    (holder, index): Row => ({
      ...holder,
      id: `${index}`,
      name: names.person(holder.user),
      where:
        (holder.team && (teams.get(holder.team) ?? holder.team)) ??
        (holder.assistant && (assistants.get(holder.assistant) ?? holder.assistant)) ??
        "The organization",
    }),
  );
  return (
    <DialogForm title={`People with the role ${role.name}`} wide onClose={onClose}>
      {!everything && <p className="soft">Only people whom you can see are listed.</p>}
      <DataTable
        caption={`People with the role ${role.name}`}
        columns={everything ? COLUMNS : [NAME, ...COLUMNS.slice(1)]}
        rows={rows}
        rowId={({ id }) => id}
        initialSort={{ column: "name" }}
        empty={<Empty title={everything ? "Nobody has this role." : "Nobody you can see has this role."} />}
      />
    </DialogForm>
  );
}

const NAME: Column<Row> = { id: "name", header: "Person", value: ({ name }) => name };
const COLUMNS: Column<Row>[] = [
  { ...NAME, cell: ({ user, name }) => <Link href={`/access/view-as/${encodeURIComponent(user)}`}>{name}</Link> },
  {
    id: "where",
    header: "On",
    value: ({ where }) => where,
    cell: ({ team, assistant, where }) => {
      if (team !== undefined) return <Link href={`/teams/${encodeURIComponent(team)}`}>{where}</Link>;
      return assistant !== undefined ? <Link href={`/assistants/${encodeURIComponent(assistant)}`}>{where}</Link> : where;
    },
  },
  {
    id: "expires",
    header: "Expires",
    width: "9rem",
    from: "tablet",
    value: ({ expires }) => expires ?? Infinity,
    cell: ({ expires }) => (expires === undefined ? <span className="soft">Never</span> : <Time at={expires} />),
  },
];
