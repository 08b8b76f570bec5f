// Another role on an assistant for somebody who has one, or another end of it.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DateField } from "../../ui/date-field";
import { DialogForm } from "../../ui/dialog";
import { SelectField } from "../../ui/select-field";
import { roleName, rolesOn } from "../../why/words";
import { type HoldingRow, hasExpired } from "../shared/holdings";
import { useWhole } from "../shared/whole";

export function ChangeGrant({ assistant: { id }, grant, onClose }: { assistant: Assistant; grant: HoldingRow; onClose: () => void }) {
  const whole = useWhole();
  const names = useNames();
  const command = useCommand();
  const [role, setRole] = useState(grant.role);
  const [expires, setExpires] = useState(hasExpired(grant) ? undefined : grant.expires);
  const { user } = grant;
  const name = names.person(user);

  async function save(): Promise<void> {
    const done = () => `${name} is now ${roleName(role)} of ${names.assistant(id)}.`;
    const given = await command.send({ type: "grant", assistant: id, user, role, ...(expires !== undefined && { expires }) }, done);
    // The new one first: nobody is without in between.
    if (given && (role === grant.role || await command.send({ type: "revoke_grant", assistant: id, user, role: grant.role }, done))) onClose();
  }

  return (
    <DialogForm title={`The role of ${name}`} submit="Save" busy={command.busy} failure={command.failure} onSubmit={() => void save()} onClose={onClose}>
      <SelectField label="Role" value={role} onChange={setRole} options={rolesOn("assistant", whole.facts)} />
      <DateField label="Expires" value={expires} onChange={setExpires} />
    </DialogForm>
  );
}
