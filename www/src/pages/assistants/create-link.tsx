// Creates a share link, and shows its address. That is possible only once.
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
      () => "The link is created. Copy it now.",
    );
    if (accepted?.result.key !== undefined) setAddress(`${location.origin}/a/${encodeURIComponent(id)}#${accepted.result.key}`);
  }

  if (address !== undefined) {
    return (
      <DialogForm title="Copy the link now" cancel="Done" onClose={onClose}>
        <p>
          It is shown only once, because its key is not stored. Everybody who has the link can open {names.assistant(id)}, so send
          it only to the right people.
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
      title={`New link to ${names.assistant(id)}`}
      submit="Create link"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <ChoiceField
        label="People with the link may"
        value={level}
        onChange={setLevel}
        options={[
          { value: "view", label: "View and chat", description: "For customers and guests." },
          {
            value: "edit",
            label: "View, chat and edit",
            description: "For people who help to build it. They also see its knowledge base.",
          },
        ]}
      />
      <DateField label="Expires" value={expires} onChange={setExpires} />
    </DialogForm>
  );
}
