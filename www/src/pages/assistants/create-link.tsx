// Makes a share link, and shows its address: the only time that anybody can.
import { useState } from "react";
import type { Assistant, LinkLevel } from "wicketgate";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { ChoiceField } from "../../ui/choice-field";
import { CopyButton } from "../../ui/copy-button";
import { DateField, type End } from "../../ui/date-field";
import { DialogForm } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";

export function CreateLink({ assistant: { id }, onClose }: { assistant: Assistant; onClose: () => void }) {
  const names = useNames();
  const command = useCommand();
  const [level, setLevel] = useState<LinkLevel>("view");
  const [expires, setExpires] = useState<End>(null);
  const [address, setAddress] = useState<string>();

  async function create(): Promise<void> {
    const accepted = await command.send(
      { type: "create_link", assistant: id, level, expires },
      () => "The link is made. Copy it now.",
    );
    if (accepted?.result.key !== undefined) setAddress(`${location.origin}/a/${encodeURIComponent(id)}#${accepted.result.key}`);
  }

  if (address !== undefined) {
    return (
      <DialogForm title="Copy the link now" cancel="Done" onClose={onClose}>
        <p>
          It is not shown again: nobody keeps its key. Whoever has it can open {names.assistant(id)}, so send it to those alone who
          shall.
        </p>
        <TextField label="The link" value={address} onChange={() => {}} readOnly />
        <div className="actions">
          <CopyButton text={address} what="the link" />
        </div>
      </DialogForm>
    );
  }
  return (
    <DialogForm
      title={`A link to ${names.assistant(id)}`}
      submit="Make link"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <ChoiceField
        label="Whoever has it may"
        value={level}
        onChange={setLevel}
        options={[
          { value: "view", label: "View and chat", description: "For customers and guests." },
          {
            value: "edit",
            label: "View, chat and edit",
            description: "For people who help to build it: they also see its knowledge base.",
          },
        ]}
      />
      <DateField label="Expires" value={expires} onChange={setExpires} />
    </DialogForm>
  );
}
