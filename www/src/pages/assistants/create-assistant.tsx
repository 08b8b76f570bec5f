// Creates an assistant, and opens its page.
import { useState } from "react";
import { limits } from "wicketgate/contract";
import type { Accessibility } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { useCreatedPage } from "../shared/use-created-page";
import { AccessibilityChoice } from "./accessibility-choice";

interface Props {
  /** The projects to choose from: at least one. */
  projects: readonly { value: string; label: string }[];
  onClose: () => void;
}

export function CreateAssistant({ projects, onClose }: Props) {
  const { facts } = useConsole();
  const names = useNames();
  const command = useCommand();
  const [name, setName] = useState("");
  const [project, setProject] = useState(projects[0]?.value ?? "");
  const [accessibility, setAccessibility] = useState<Accessibility>("only_me");
  const [opening, openCreated] = useCreatedPage("/assistants", (id) => facts.assistants?.some((one) => one.id === id) ?? false);
  // To open an assistant to others is to share it, which the plan may withhold.
  const mayOpen = !facts.plan?.withholds?.includes("assistant.share");
  const home = facts.projects?.find(({ id }) => id === project)?.team;

  async function create(): Promise<void> {
    const accepted = await command.send(
      { type: "create_assistant", project, name: name.trim(), accessibility },
      () => `${name.trim()} is created.`,
    );
    if (accepted?.result.assistant !== undefined) openCreated(accepted.result.assistant);
  }

  return (
    <DialogForm
      title="New assistant"
      submit="Create"
      busy={command.busy || opening}
      failure={command.failure}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} required maxLength={limits.nameCharacters} autoFocus />
      <SelectField label="Project" value={project} onChange={setProject} options={projects} />
      {mayOpen ? (
        <AccessibilityChoice
          value={accessibility}
          onChange={setAccessibility}
          team={home === undefined ? undefined : names.team(home)}
        />
      ) : (
        <p className="soft">It will be open to you only: the organization’s plan does not include sharing.</p>
      )}
    </DialogForm>
  );
}
