// Removes a person's role on an assistant.
import type { Assistant } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useNames } from "../../data/names";
import { refusedAs } from "../../data/problems";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { roleName } from "../../why/words";
import { NOTHING_GIVEN } from "../shared/refusals";
import { AccessChanges } from "../shared/access-changes";
import type { HoldingRow } from "../shared/holdings";

interface Props {
  assistant: Assistant;
  grant: HoldingRow;
  onClose: () => void;
}

export function RemoveRole({ assistant: { id }, grant: { user, role }, onClose }: Props) {
  const names = useNames();
  const name = names.person(user);
  const command = useCommand();
  const revoke: Command = { type: "revoke_grant", assistant: id, user, role };

  async function remove(): Promise<void> {
    if (await command.send(revoke, () => `${name} no longer has the role ${roleName(role)} on ${names.assistant(id)}.`)) onClose();
  }

  return (
    <ConfirmDialog
      title={`Remove the role ${roleName(role)} from ${name}?`}
      submit="Remove"
      cancel="Keep"
      busy={command.busy}
      failure={refusedAs(command.failure, { unknown_user: NOTHING_GIVEN, unknown_role: NOTHING_GIVEN })}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>The role ends immediately, wherever they are signed in. They keep the access that their team gives them.</p>
      <AccessChanges command={revoke} />
    </ConfirmDialog>
  );
}
