// The table of people, with the actions on each.
import { useMemo } from "react";
import { authorityTime } from "../../lib/clock";
import type { Sender } from "../../data/use-command";
import { useConsole } from "../../data/console-context";
import { ActionTable, type RowAction } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Time } from "../../ui/time";
import { useWhyNot } from "../../why/use-why";
import { STATUS } from "../../why/words";
import { resend, withdraw } from "./invitation-commands";
import type { PersonRow } from "./rows";
import { whyNotAssign, whyNotSignOut, whyNotChangeAccount } from "./account-rules";

const TONES = { active: "plain", invited: "info", suspended: "warn" } as const;

interface Props {
  rows: PersonRow[];
  /** Whether the authority records when people were last active. */
  activity: boolean;
  command: Sender;
  onRole: (row: PersonRow) => void;
  onRemove: (row: PersonRow) => void;
}

export function PeopleTable({ rows, activity, command, onRole, onRemove }: Props) {
  const context = useConsole();
  const [invite, assign, remove] = [useWhyNot("user.invite"), useWhyNot("user.assign_role"), useWhyNot("user.remove")];
  const columns = useMemo(() => columnsFor(context.subject, activity), [context.subject, activity]);

  function actions(row: PersonRow): RowAction[] {
    const { user, id, name, status } = row;
    const change = remove ?? whyNotChangeAccount(user, context);
    const role: RowAction = {
      id: "role",
      label: "Change role",
      whyNot: assign ?? whyNotAssign(user, context),
      onAction: () => onRole(row),
    };
    if (status === "invited") {
      return [
        { id: "resend", label: "Send invitation again", whyNot: invite, onAction: () => void resend(command, id, name) },
        role,
        {
          id: "withdraw",
          label: "Withdraw invitation",
          danger: true,
          whyNot: invite,
          onAction: () => void withdraw(command, id, name),
        },
      ];
    }
    return [
      role,
      status === "active"
        ? {
            id: "suspend",
            label: "Suspend",
            whyNot: change,
            onAction: () => void command.send({ type: "suspend_user", user: id }, () => `${name} is suspended.`),
          }
        : {
            id: "reactivate",
            label: "Reactivate",
            whyNot: change,
            onAction: () => void command.send({ type: "reactivate_user", user: id }, () => `${name} is active again.`),
          },
      {
        id: "sign-out",
        label: "Sign out everywhere",
        whyNot: remove ?? whyNotSignOut(user, context),
        onAction: () => void command.send({ type: "sign_out_user", user: id }, () => `${name} is signed out everywhere.`),
      },
      { id: "remove", label: "Remove", danger: true, whyNot: change, onAction: () => onRemove(row) },
    ];
  }

  return (
    <ActionTable
      caption="People"
      columns={columns}
      rows={rows}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      actions={actions}
      initialSort={{ column: "person" }}
      empty={
        <Empty title="Nobody matches.">
          <p>Change the search or the filters.</p>
        </Empty>
      }
    />
  );
}

function columnsFor(subject: string, activity: boolean): Column<PersonRow>[] {
  return [
    {
      id: "person",
      header: "Person",
      value: ({ name }) => name,
      cell: ({ id, name, role, status }) => (
        <>
          {name}
          {id === subject && " (you)"}
          <span className="soft below-tablet">
            {role}
            {status !== "active" && ` · ${STATUS[status]}`}
          </span>
        </>
      ),
    },
    { id: "role", header: "Role", value: ({ role }) => role, width: "11rem", from: "tablet" },
    {
      id: "status",
      header: "Status",
      value: ({ status }) => STATUS[status],
      width: "8rem",
      from: "tablet",
      cell: ({ status, invitation }) => (
        <>
          <Badge tone={TONES[status]}>{STATUS[status]}</Badge>
          {invitation && (
            <div className="soft">
              {invitation.expires < authorityTime() ? "expired " : "expires "}
              <Time at={invitation.expires} />
            </div>
          )}
        </>
      ),
    },
    { id: "teams", header: "Teams", value: ({ teamNames }) => teamNames || undefined, from: "desktop" },
    ...(activity
      ? [
          {
            id: "active",
            header: "Last active",
            value: ({ lastActive }: PersonRow) => lastActive ?? 0,
            width: "9rem",
            from: "tablet" as const,
            cell: ({ lastActive }: PersonRow) =>
              lastActive === undefined ? <span className="soft">Never</span> : <Time at={lastActive} />,
          },
        ]
      : []),
  ];
}
