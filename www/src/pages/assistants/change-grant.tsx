// Changes a person's role on an assistant, or its expiry.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { SelectField } from "../../ui/select-field";
import { roleName, rolesOn } from "../../why/words";
import { AccessChanges } from "../shared/access-changes";
import { ExpiryField, CurrentRole, useExpiry } from "../shared/expiry-field";
import type { HoldingRow } from "../shared/holdings";
import { useExtendedFacts } from "../shared/extended-facts";

export function ChangeGrant({
  assistant: { id },
  grant,
  onClose,
}: {
  assistant: Assistant;
  grant: HoldingRow;
  onClose: () => void;
}) {
  const extended = useExtendedFacts();
  const names = useNames();
  const command = useCommand();
  const [role, setRole] = useState(grant.role);
  const end = useExpiry(grant);
  const same = role === grant.role && end.value === end.present;
  const { user } = grant;
  const name = names.person(user);
  const change: Command | undefined =
    end.value === undefined || same ? undefined : { type: "grant", assistant: id, user, role, expires: end.value };

  async function save(): Promise<void> {
    const done = () => `${name} is now ${roleName(role)} of ${names.assistant(id)}.`;
    const given = change && (await command.send(change, done));
    // The new role first, so that the person always has one.
    if (
      given &&
      (role === grant.role || (await command.send({ type: "revoke_grant", assistant: id, user, role: grant.role }, done)))
    )
      onClose();
  }

  return (
    <DialogForm
      title={`Role of ${name}`}
      submit="Save"
      busy={command.busy}
      failure={command.failure}
      whyNot={end.value === undefined ? "Choose when it expires." : same ? "Nothing has been changed." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <SelectField label="Role" value={role} onChange={setRole} options={rolesOn("assistant", extended.facts)} />
      <ExpiryField end={end} />
      <CurrentRole name={name} held={grant} />
      <AccessChanges command={change} />
    </DialogForm>
  );
}
