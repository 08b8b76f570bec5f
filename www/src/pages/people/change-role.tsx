// Changes a person's role in the organization, to one that the reader may give.
import { useState } from "react";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { roleName } from "../../why/words";
import { EndedInvitations } from "../shared/access-changes";
import { RoleChoice } from "../shared/role-choice";
import type { PersonRow } from "./rows";
import { rolesFor } from "./account-rules";

export function ChangeRole({ row: { user }, onClose }: { row: PersonRow; onClose: () => void }) {
  const context = useConsole();
  const name = useNames().person(user.id);
  const command = useCommand();
  const [role, setRole] = useState(user.role);
  const assign = { type: "assign_role", user: user.id, role } as const;

  async function change(): Promise<void> {
    if (await command.send(assign, () => `${name} is now ${roleName(role)}.`)) onClose();
  }

  return (
    <DialogForm
      title={`Role of ${name}`}
      submit="Change role"
      busy={command.busy}
      failure={command.failure}
      whyNot={role === user.role ? "They already have this role." : undefined}
      onSubmit={() => void change()}
      onClose={onClose}
    >
      <RoleChoice roles={[user.role, ...rolesFor(user, context)]} value={role} onChange={setRole} />
      <p className="soft">The new role applies immediately, wherever they are signed in. They keep their teams and assistants.</p>
      <EndedInvitations command={role === user.role ? undefined : assign} />
    </DialogForm>
  );
}
