// Asks for the name of a new team, and opens its page.
import { useState } from "react";
import { limits } from "wicketgate/contract";
import { useConsole } from "../../data/console-context";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";
import { useCreatedPage } from "../shared/use-created-page";

export function CreateTeam({ onClose }: { onClose: () => void }) {
  const { facts } = useConsole();
  const command = useCommand();
  const [name, setName] = useState("");
  const [opening, openCreated] = useCreatedPage("/teams", (id) => facts.teams?.some((team) => team.id === id) ?? false);

  async function create(): Promise<void> {
    const accepted = await command.send({ type: "create_team", name: name.trim() }, () => `The team ${name.trim()} is created.`);
    if (accepted?.result.team !== undefined) openCreated(accepted.result.team);
  }

  return (
    <DialogForm
      title="New team"
      submit="Create"
      busy={command.busy || opening}
      failure={command.failure}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        required
        maxLength={limits.nameCharacters}
        autoFocus
        description="You act as its owner and can add members."
      />
    </DialogForm>
  );
}
