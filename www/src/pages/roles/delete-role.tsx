import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import type { Holder, RoleColumn } from "./roles";

export function DeleteRole({ role, holders, onClose }: { role: RoleColumn; holders: Holder[]; onClose: () => void }) {
  const command = useCommand();
  const names = useNames();
  const { everything } = useConsole();
  const { failure } = command;
  const ids = failure?.kind === "refused" && failure.problem.code === "in_use" ? (failure.problem.ids ?? []) : [];

  async function remove(): Promise<void> {
    if (await command.send({ type: "delete_role", role: role.id }, () => `The role ${role.name} is deleted.`)) onClose();
  }

  return (
    <ConfirmDialog
      title={`Delete ${role.name}?`}
      submit="Delete"
      busy={command.busy}
      failure={failure}
      whyNot={holders.length > 0 ? "Somebody has this role now. Give them another role first." : undefined}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>
        {everything ? "Nobody has this role." : "Nobody you can see has this role."} You can’t undo this. To have the role again,
        define it again.
      </p>
      {ids.length > 0 && <p>Held by {ids.map(names.person).join(", ")}.</p>}
    </ConfirmDialog>
  );
}
