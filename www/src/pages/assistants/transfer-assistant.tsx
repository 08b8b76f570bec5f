// Makes somebody else the owner, and shows what that changes before it is done.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { asMeant } from "../shared/as-meant";
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
      title={`Who shall own ${names.assistant(id)}?`}
      submit="Transfer"
      busy={command.busy}
      failure={asMeant(command.failure, { inactive_user: "new_owner_inactive", unknown_user: "nobody_to_give" })}
      whyNot={user === undefined ? "Choose a person." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <p>
        {owner === subject ? "You own it now" : owner === undefined ? "Whoever owns it now" : `${names.person(owner)} owns it now`}
        {owner === undefined
          ? " loses what an owner may do."
          : owner === subject
            ? ", and lose what an owner may do: you may not be able to take it back."
            : ", and loses what an owner may do."}
      </p>
      <PersonField label="New owner" value={user} onChange={setUser} {...(owner !== undefined && { without: [owner] })} />
      {/* An id that is being typed is nobody yet. */}
      <AccessChanges command={me.can("panel.user_settings") ? transfer : undefined} />
    </ConfirmDialog>
  );
}
