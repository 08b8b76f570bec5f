// Confirms that a member is removed, with a preview of what they lose.
import type { Command } from "wicketgate/authority";
import { useNames } from "../../data/names";
import { refusedAs } from "../../data/problems";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { NOT_A_MEMBER } from "../shared/refusals";
import { AccessChanges } from "../shared/access-changes";
import type { HoldingRow } from "../shared/holdings";

export function RemoveMember({ team, member: { user }, onClose }: { team: string; member: HoldingRow; onClose: () => void }) {
  const names = useNames();
  const name = names.person(user);
  const command = useCommand();
  const removal: Command = { type: "remove_member", team, user };

  async function remove(): Promise<void> {
    if (await command.send(removal, () => `${name} is no longer in ${names.team(team)}.`)) onClose();
  }

  return (
    <ConfirmDialog
      title={`Remove ${name} from ${names.team(team)}?`}
      submit="Remove"
      cancel="Keep"
      busy={command.busy}
      failure={refusedAs(command.failure, { unknown_user: NOT_A_MEMBER })}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>
        They immediately lose the access that the team gives them. Their roles on its Only Team assistants are kept, but not in
        effect. They keep the assistants that they own.
      </p>
      <AccessChanges command={removal} />
    </ConfirmDialog>
  );
}
