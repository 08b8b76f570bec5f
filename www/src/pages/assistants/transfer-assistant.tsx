// Makes another person the owner, with a preview.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { refusedAs } from "../../data/problems";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { NEW_OWNER_INACTIVE, NOBODY_TO_GIVE } from "../shared/refusals";
import { AccessChanges } from "../shared/access-changes";
import { useExtendedFacts } from "../shared/extended-facts";
import { PersonField } from "../shared/person-field";

export function TransferAssistant({ assistant: { id }, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { me, subject } = useConsole();
  const names = useNames();
  const extended = useExtendedFacts();
  const command = useCommand();
  const [user, setUser] = useState<string>();
  const owner = extended.facts.assistants?.find((one) => one.id === id)?.owner;
  const transfer: Command | undefined = user === undefined ? undefined : { type: "transfer_assistant", assistant: id, user };

  async function save(): Promise<void> {
    if (transfer && (await command.send(transfer, () => `${names.person(user!)} owns ${names.assistant(id)} now.`))) onClose();
  }

  return (
    <ConfirmDialog
      title={`Transfer ${names.assistant(id)}?`}
      submit="Transfer"
      busy={command.busy}
      failure={refusedAs(command.failure, { inactive_user: NEW_OWNER_INACTIVE, unknown_user: NOBODY_TO_GIVE })}
      whyNot={user === undefined ? "Choose a person." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <p>
        {owner === undefined
          ? "The present owner loses the rights of an owner."
          : owner === subject
            ? "You own it now. You lose the rights of an owner, and may not be able to get them back."
            : `${names.person(owner)} owns it now, and loses the rights of an owner.`}
      </p>
      <PersonField label="New owner" value={user} onChange={setUser} {...(owner !== undefined && { without: [owner] })} />
      {/* No preview for an id that is still being typed. */}
      <AccessChanges command={me.can("panel.user_settings") ? transfer : undefined} />
    </ConfirmDialog>
  );
}
