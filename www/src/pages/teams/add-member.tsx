// Takes somebody into a team.
import { useState } from "react";
import type { Team } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useConsole } from "../../data/console";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DateField } from "../../ui/date-field";
import { DialogForm } from "../../ui/dialog";
import { roleName } from "../../why/words";
import { asMeant } from "../shared/as-meant";
import { Effects } from "../shared/effects";
import { hasExpired } from "../shared/holdings";
import { WhoField } from "../shared/who-field";
import { TeamRoleField } from "./team-role-field";

export function AddMember({ team: { id, members = [] }, onClose }: { team: Team; onClose: () => void }) {
  const { me } = useConsole();
  const names = useNames();
  const command = useCommand();
  const [user, setUser] = useState<string>();
  const [role, setRole] = useState("viewer");
  const [expires, setExpires] = useState<number>();
  // Somebody whose membership has lapsed can be added again.
  const [present] = useState(() => members.filter((member) => !hasExpired(member)).map((member) => member.user));
  const add: Command | undefined = user === undefined ? undefined : { type: "add_member", team: id, user, role, ...(expires !== undefined && { expires }) };

  async function save(): Promise<void> {
    if (add && await command.send(add, () => `${names.person(user!)} is now ${roleName(role)} in ${names.team(id)}.`)) onClose();
  }

  return (
    <DialogForm
      title={`Add a member to ${names.team(id)}`}
      submit="Add"
      busy={command.busy}
      failure={asMeant(command.failure, { already_exists: "already_member" })}
      whyNot={user === undefined ? "Choose a person." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <WhoField label="Person" value={user} onChange={setUser} without={present} />
      <TeamRoleField value={role} onChange={setRole} />
      <DateField label="Expires" value={expires} onChange={setExpires} />
      {/* An id that is being typed is nobody yet. */}
      <Effects of={me.can("panel.user_settings") ? add : undefined} />
    </DialogForm>
  );
}
