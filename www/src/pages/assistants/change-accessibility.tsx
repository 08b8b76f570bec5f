// Changes who an assistant is open to, with a preview of who gains or loses access.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import type { Command } from "wicketgate/authority";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { ACCESSIBILITY } from "../../why/words";
import { AccessChanges } from "../shared/access-changes";
import { teamOf } from "../shared/holdings";
import { AccessibilityChoice } from "./accessibility-choice";

export function ChangeAccessibility({ assistant, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { facts } = useConsole();
  const names = useNames();
  const command = useCommand();
  const [chosen, setChosen] = useState(assistant.accessibility);
  const team = teamOf(assistant, facts);
  const same = chosen === assistant.accessibility;
  const change: Command = { type: "set_accessibility", assistant: assistant.id, accessibility: chosen };

  async function save(): Promise<void> {
    const accepted = await command.send(change, () => `${names.assistant(assistant.id)} is now open to: ${ACCESSIBILITY[chosen]}.`);
    if (accepted) onClose();
  }

  return (
    <DialogForm
      wide
      title={`Who is ${names.assistant(assistant.id)} open to?`}
      submit="Save"
      busy={command.busy}
      failure={command.failure}
      whyNot={same ? "Nothing has been changed." : undefined}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <AccessibilityChoice value={chosen} onChange={setChosen} team={team && names.team(team.id)} />
      <AccessChanges command={same ? undefined : change} />
    </DialogForm>
  );
}
