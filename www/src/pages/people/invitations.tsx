// People who were invited and have not accepted yet.
import { useMemo } from "react";
import { roleBound } from "wicketgate";
import type { PendingInvitation } from "wicketgate/authority";
import { authorityTime } from "../../lib/clock";
import { useConsole } from "../../data/console-context";
import { type Names, useNames } from "../../data/names";
import type { Sender } from "../../data/use-command";
import { ActionTable } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Time } from "../../ui/time";
import { useWhyNot } from "../../why/use-why";
import { roleName } from "../../why/words";
import { resend, withdraw } from "./invitation-commands";

export function Invitations({ invitations, command }: { invitations: readonly PendingInvitation[]; command: Sender }) {
  const names = useNames();
  const { me } = useConsole();
  const invite = useWhyNot("user.invite");
  const columns = useMemo(() => columnsFor(names), [names]);
  const whyNot = (role: string) =>
    invite ??
    (roleBound(me, { role }) === undefined
      ? undefined
      : `Their future role, ${roleName(role)}, grants more than yours. Ask a global admin.`);
  return (
    <ActionTable
      caption="Pending invitations"
      columns={columns}
      rows={invitations}
      rowId={({ user }) => user}
      rowName={({ email }) => email}
      initialSort={{ column: "expires" }}
      actions={({ user, email, role }) => [
        { id: "resend", label: "Send again", whyNot: whyNot(role), onAction: () => void resend(command, user, email) },
        {
          id: "withdraw",
          label: "Withdraw",
          danger: true,
          whyNot: whyNot(role),
          onAction: () => void withdraw(command, user, email),
        },
      ]}
      empty={
        <Empty title="There are no pending invitations.">
          <p>Invited people are listed here until they accept.</p>
        </Empty>
      }
    />
  );
}

function columnsFor(names: Names): Column<PendingInvitation>[] {
  return [
    {
      id: "email",
      header: "Sent to",
      value: ({ email }) => email,
      cell: ({ email, role }) => (
        <>
          {email}
          <span className="soft below-tablet">{roleName(role)}</span>
        </>
      ),
    },
    { id: "role", header: "Role", value: ({ role }) => roleName(role), width: "11rem", from: "tablet" },
    {
      id: "by",
      header: "Invited by",
      value: ({ invited_by }) => (invited_by === undefined ? "The service" : names.person(invited_by)),
      from: "desktop",
    },
    {
      id: "sent",
      header: "Invited",
      value: ({ invited_at }) => invited_at,
      cell: ({ invited_at }) => <Time at={invited_at} />,
      width: "9rem",
      from: "tablet",
    },
    {
      id: "expires",
      header: "Expires",
      value: ({ expires }) => expires,
      width: "9rem",
      cell: ({ expires }) => (expires <= authorityTime() ? <Badge tone="warn">Expired</Badge> : <Time at={expires} />),
    },
  ];
}
