// Gives somebody a role on one assistant.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useConsole } from "../../data/console";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DateField } from "../../ui/date-field";
import { DialogForm } from "../../ui/dialog";
import { SelectField } from "../../ui/select-field";
import { roleName, rolesOn } from "../../why/words";
import { Effects } from "../shared/effects";
import { useWhole } from "../shared/whole";
import { WhoField } from "../shared/who-field";

export function GiveRole({ assistant, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { me } = useConsole();
  const whole = useWhole();
  const names = useNames();
  const command = useCommand();
  const [user, setUser] = useState<string>();
  const [role, setRole] = useState("editor");
  const [expires, setExpires] = useState<number>();
  const grant: Command | undefined = user === undefined ? undefined : { type: "grant", assistant: assistant.id, user, role, ...(expires !== undefined && { expires }) };

  async function give(): Promise<void> {
    if (grant && await command.send(grant, () => `${names.person(user!)} is now ${roleName(role)} of ${names.assistant(assistant.id)}.`)) onClose();
  }

  return (
    <DialogForm
      title={`A role on ${names.assistant(assistant.id)}`}
      submit="Give role"
      busy={command.busy}
      failure={command.failure}
      whyNot={user === undefined ? "Choose a person." : undefined}
      onSubmit={() => void give()}
      onClose={onClose}
    >
      <WhoField
        label="Person"
        value={user}
        onChange={setUser}
        {...(assistant.accessibility === "only_team" && { description: "It is open to its team alone: only members of the team can be given a role." })}
      />
      <SelectField label="Role" value={role} onChange={setRole} options={rolesOn("assistant", whole.facts)} />
      <DateField label="Expires" value={expires} onChange={setExpires} />
      {/* An id that is being typed is nobody yet. */}
      <Effects of={me.can("panel.user_settings") ? grant : undefined} />
    </DialogForm>
  );
}
