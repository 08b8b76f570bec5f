// Another role in a team for somebody who is in it, or another end of their membership.
import { useState } from "react";
import type { Command } from "wicketgate/authority";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DateField } from "../../ui/date-field";
import { DialogForm } from "../../ui/dialog";
import { roleName } from "../../why/words";
import { asMeant } from "../shared/as-meant";
import { Effects } from "../shared/effects";
import { hasExpired, type HoldingRow } from "../shared/holdings";
import { TeamRoleField } from "./team-role-field";

export function ChangeMember({ team, member, onClose }: { team: string; member: HoldingRow; onClose: () => void }) {
  const names = useNames();
  const name = names.person(member.user);
  const command = useCommand();
  const [role, setRole] = useState(member.role);
  const [expires, setExpires] = useState(hasExpired(member) ? undefined : member.expires);
  const same = role === member.role && expires === member.expires;
  const change: Command = { type: "set_member_role", team, user: member.user, role, ...(expires !== undefined && { expires }) };

  async function save(): Promise<void> {
    if (await command.send(change, () => `${name} is now ${roleName(role)} in ${names.team(team)}.`)) onClose();
  }

  return (
    <DialogForm
      title={`${name} in ${names.team(team)}`}
      submit="Save"
      busy={command.busy}
      failure={asMeant(command.failure, { unknown_user: "not_a_member" })}
      whyNot={same ? "This is as it is now." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <TeamRoleField value={role} onChange={setRole} />
      <DateField label="Expires" value={expires} onChange={setExpires} />
      <Effects of={same ? undefined : change} />
    </DialogForm>
  );
}
