// Gives a person a role on an assistant.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { refusedAs } from "../../data/problems";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { SelectField } from "../../ui/select-field";
import { roleName, rolesOn } from "../../why/words";
import { NOBODY_TO_GIVE } from "../shared/refusals";
import { AccessChanges } from "../shared/access-changes";
import { ExpiryField, CurrentRole, useExpiry } from "../shared/expiry-field";
import { useExtendedFacts } from "../shared/extended-facts";
import { PersonField } from "../shared/person-field";

export function GiveRole({ assistant, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { me } = useConsole();
  const extended = useExtendedFacts();
  const names = useNames();
  const command = useCommand();
  const [user, setUser] = useState<string>();
  const [role, setRole] = useState("editor");
  // For a person who already has the role, only the expiry can change.
  const { grants = [] } = extended.facts.assistants?.find(({ id }) => id === assistant.id) ?? assistant;
  const held = grants.find((one) => one.user === user && one.role === role);
  const end = useExpiry(held);
  const same = held !== undefined && end.value === end.present;
  const grant: Command | undefined =
    user === undefined || end.value === undefined || same
      ? undefined
      : { type: "grant", assistant: assistant.id, user, role, expires: end.value };

  async function give(): Promise<void> {
    if (
      grant &&
      (await command.send(grant, () => `${names.person(user!)} is now ${roleName(role)} of ${names.assistant(assistant.id)}.`))
    )
      onClose();
  }

  return (
    <DialogForm
      title={`A role on ${names.assistant(assistant.id)}`}
      submit="Give role"
      busy={command.busy}
      failure={refusedAs(command.failure, { unknown_user: NOBODY_TO_GIVE })}
      whyNot={
        user === undefined
          ? "Choose a person."
          : end.value === undefined
            ? "Choose when it expires."
            : same
              ? "They already have this role until then."
              : undefined
      }
      onSubmit={() => void give()}
      onClose={onClose}
    >
      <PersonField
        label="Person"
        value={user}
        onChange={setUser}
        {...(assistant.accessibility === "only_team" && {
          description: "It is open to its team only, so only members of the team can have a role.",
        })}
      />
      <SelectField label="Role" value={role} onChange={setRole} options={rolesOn("assistant", extended.facts)} />
      <ExpiryField end={end} />
      {user !== undefined && <CurrentRole name={names.person(user)} held={held} />}
      {/* No preview for an id that is still being typed. */}
      <AccessChanges command={me.can("panel.user_settings") ? grant : undefined} />
    </DialogForm>
  );
}
