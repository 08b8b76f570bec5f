// A table of people and their roles on a team or an assistant.
import { useMemo } from "react";
import { useConsole } from "../../data/console-context";
import { ActionTable } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { timeAway } from "../../lib/time";
import { Time } from "../../ui/time";
import { roleName } from "../../why/words";
import type { HoldingRow, HoldingState } from "./holdings";

interface Props {
  caption: string;
  rows: readonly HoldingRow[];
  /** Why none of them can be changed. */
  whyNot: string | undefined;
  onChange: (row: HoldingRow) => void;
  /** Label of the action that removes the role. */
  removeLabel: (row: HoldingRow) => string;
  onRemove: (row: HoldingRow) => void;
  /** Shown if there are none. */
  empty: string;
}

export function HoldingsTable({ caption, rows, whyNot, onChange, removeLabel, onRemove, empty }: Props) {
  const { subject } = useConsole();
  const columns = useMemo(() => columnsFor(subject), [subject]);
  return (
    <ActionTable
      caption={caption}
      columns={columns}
      rows={rows}
      rowId={({ key }) => key}
      rowName={({ name }) => name}
      initialSort={{ column: "person" }}
      actions={(row) => [
        { id: "change", label: "Change role or expiry", whyNot, onAction: () => onChange(row) },
        { id: "remove", label: removeLabel(row), danger: true, whyNot, onAction: () => onRemove(row) },
      ]}
      empty={<Empty title={empty} />}
    />
  );
}

function columnsFor(subject: string): Column<HoldingRow>[] {
  return [
    {
      id: "person",
      header: "Person",
      value: ({ name }) => name,
      cell: ({ user, name, role, state, expires }) => (
        <>
          {name}
          {user === subject && " (you)"}
          {name !== user && <span className="soft">{user}</span>}
          <span className="soft below-tablet">
            {[
              roleName(role),
              ...(state.inEffect ? [] : [state.words]),
              ...(expires === undefined ? [] : [`expires ${timeAway(expires)}`]),
            ].join(" · ")}
          </span>
        </>
      ),
    },
    { id: "role", header: "Role", value: ({ role }) => roleName(role), width: "10rem", from: "tablet" },
    {
      id: "state",
      header: "Now",
      value: ({ state }) => (state.inEffect ? "Active" : state.words),
      cell: ({ state }) => <State state={state} />,
      width: "14rem",
      from: "tablet",
    },
    {
      id: "expires",
      header: "Expires",
      value: ({ expires }) => expires ?? Infinity,
      cell: ({ expires }) => <Expiry at={expires} />,
      width: "8.5rem",
      from: "tablet",
    },
  ];
}

function State({ state }: { state: HoldingState }) {
  if (state.inEffect) return <Badge tone="good">Active</Badge>;
  if (state.kind === "expired") return <Badge tone="bad">Expired</Badge>;
  return (
    <>
      <Badge tone="warn">Not in effect</Badge>
      <div className="soft">{state.words}</div>
    </>
  );
}

export function Expiry({ at }: { at: number | undefined }) {
  return at === undefined ? <span className="soft">Never</span> : <Time at={at} />;
}
