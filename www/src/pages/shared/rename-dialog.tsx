// Renames a team, a project or an assistant.
import { useState } from "react";
import { limits } from "wicketgate/contract";
import type { Command } from "wicketgate/authority";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";

export function RenameDialog({
  name,
  command: commandFor,
  onClose,
}: {
  name: string;
  command: (name: string) => Command;
  onClose: () => void;
}) {
  const command = useCommand();
  const [typed, setTyped] = useState(name);
  const wanted = typed.trim();

  async function save(): Promise<void> {
    if (await command.send(commandFor(wanted), () => `${name} is now called ${wanted}.`)) onClose();
  }

  return (
    <DialogForm
      title={`Rename ${name}`}
      submit="Rename"
      busy={command.busy}
      failure={command.failure}
      whyNot={wanted === "" ? "Enter a name." : wanted === name ? "This is already its name." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <TextField label="Name" value={typed} onChange={setTyped} required maxLength={limits.nameCharacters} autoFocus />
    </DialogForm>
  );
}
