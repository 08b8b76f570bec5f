// Changes the role or the expiry of a membership.
import { useState } from "react";
import type { Command } from "wicketgate/authority";
import { useNames } from "../../data/names";
import { refusedAs } from "../../data/problems";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { roleName } from "../../why/words";
import { NOT_A_MEMBER } from "../shared/refusals";
import { AccessChanges } from "../shared/access-changes";
import { ExpiryField, CurrentRole, useExpiry } from "../shared/expiry-field";
import type { HoldingRow } from "../shared/holdings";
import { TeamRoleField } from "./team-role-field";

export function ChangeMember({ team, member, onClose }: { team: string; member: HoldingRow; onClose: () => void }) {
  const names = useNames();
  const name = names.person(member.user);
  const command = useCommand();
  const [role, setRole] = useState(member.role);
  const end = useExpiry(member);
  const same = role === member.role && end.value === end.present;
  const change: Command | undefined =
    end.value === undefined || same ? undefined : { type: "set_member_role", team, user: member.user, role, expires: end.value };

  async function save(): Promise<void> {
    if (change && (await command.send(change, () => `${name} is now ${roleName(role)} in ${names.team(team)}.`))) onClose();
  }

  return (
    <DialogForm
      title={`${name} in ${names.team(team)}`}
      submit="Save"
      busy={command.busy}
      failure={refusedAs(command.failure, { unknown_user: NOT_A_MEMBER })}
      whyNot={end.value === undefined ? "Choose when it expires." : same ? "Nothing has been changed." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <TeamRoleField value={role} onChange={setRole} />
      <ExpiryField end={end} />
      <CurrentRole name={name} held={member} />
      <AccessChanges command={change} />
    </DialogForm>
  );
}
