// Adds a person to a team.
import { useState } from "react";
import type { Team } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { refusedAs } from "../../data/problems";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { roleName } from "../../why/words";
import { ALREADY_A_MEMBER, NOBODY_TO_GIVE } from "../shared/refusals";
import { AccessChanges } from "../shared/access-changes";
import { ExpiryField, CurrentRole, useExpiry } from "../shared/expiry-field";
import { hasExpired } from "../shared/holdings";
import { PersonField } from "../shared/person-field";
import { TeamRoleField } from "./team-role-field";

export function AddMember({ team: { id, members = [] }, onClose }: { team: Team; onClose: () => void }) {
  const { me } = useConsole();
  const names = useNames();
  const command = useCommand();
  const [user, setUser] = useState<string>();
  const [role, setRole] = useState("viewer");
  // A person whose membership has expired can be added again.
  const [present] = useState(() => members.filter((member) => !hasExpired(member)).map((member) => member.user));
  const held = members.filter((member) => member.user === user);
  const now = held.find((member) => !hasExpired(member));
  const lapsed = now ? undefined : held[0];
  const end = useExpiry(lapsed);
  const add: Command | undefined =
    user === undefined || end.value === undefined ? undefined : { type: "add_member", team: id, user, role, expires: end.value };

  async function save(): Promise<void> {
    if (add && (await command.send(add, () => `${names.person(user!)} is now ${roleName(role)} in ${names.team(id)}.`))) onClose();
  }

  return (
    <DialogForm
      title={`Add a member to ${names.team(id)}`}
      submit="Add"
      busy={command.busy}
      failure={refusedAs(command.failure, { already_exists: ALREADY_A_MEMBER, unknown_user: NOBODY_TO_GIVE })}
      whyNot={user === undefined ? "Choose a person." : add ? undefined : "Choose when it expires."}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <PersonField label="Person" value={user} onChange={setUser} without={present} />
      <TeamRoleField value={role} onChange={setRole} />
      <ExpiryField end={end} />
      {user !== undefined && <CurrentRole name={names.person(user)} held={now ?? lapsed} />}
      {/* No preview for an id that is still being typed. */}
      <AccessChanges command={me.can("panel.user_settings") ? add : undefined} />
    </DialogForm>
  );
}
