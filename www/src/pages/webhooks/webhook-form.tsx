// Creates a webhook, or changes one.
import { useState } from "react";
import { commandAreas, type CommandName, commands, limits } from "wicketgate/contract";
import { useCommand } from "../../data/use-command";
import { ChoiceField } from "../../ui/choice-field";
import { DialogForm } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";
import { nameOf, type WebhookRow } from "./words";

const TYPES = Object.keys(commands) as CommandName[];

export function WebhookForm({ webhook, onClose }: { webhook?: WebhookRow; onClose: () => void }) {
  const command = useCommand();
  const [name, setName] = useState(webhook?.name ?? "");
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [which, setWhich] = useState<"all" | "chosen">(webhook?.events ? "chosen" : "all");
  // A type that this page does not know stays chosen: a newer authority has it.
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(webhook?.events));
  const { failure } = command;
  const wrongAddress = failure?.kind === "refused" && failure.problem.path === "url";

  function whyNot(): string | undefined {
    if (name.trim() === "") return "Enter a name.";
    if (url.trim() === "") return "Enter an address.";
    return which === "chosen" && chosen.size === 0 ? "Choose at least one kind of event." : undefined;
  }

  async function save(): Promise<void> {
    const called = name.trim();
    const [address, events] = [url.trim(), which === "chosen" ? [...chosen] : undefined];
    const accepted = webhook
      ? await command.send(
          { type: "edit_webhook", webhook: webhook.id, name: called, url: address, events: events ?? null },
          () => `${called} is changed.`,
        )
      : await command.send(
          { type: "create_webhook", name: called, url: address, ...(events && { events }) },
          () => `${called} is created. Send it a test event now.`,
        );
    if (accepted) onClose();
  }

  return (
    <DialogForm
      title={webhook ? `Edit ${nameOf(webhook)}` : "New webhook"}
      submit={webhook ? "Save" : "Create"}
      wide
      busy={command.busy}
      failure={wrongAddress ? undefined : failure}
      whyNot={whyNot()}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} maxLength={limits.nameCharacters} required autoFocus />
      <TextField
        label="Address"
        type="url"
        value={url}
        onChange={setUrl}
        maxLength={limits.webhookAddressBytes}
        required
        spellCheck={false}
        placeholder="https://hooks.example.com/wicketgate"
        error={wrongAddress ? `The address can’t be used: ${failure.problem.title.replace(/^url: /, "")}.` : undefined}
        description="On the internet, with https. The audit log has its host alone, so a secret in it is seen by those who manage webhooks."
      />
      <ChoiceField
        label="Events"
        value={which}
        onChange={setWhich}
        options={[
          { value: "all", label: "All events", description: "Also kinds that come with later versions." },
          { value: "chosen", label: "Chosen events", description: "Only the kinds that you choose below." },
        ]}
      />
      {which === "chosen" && <EventTicks value={chosen} onChange={setChosen} />}
    </DialogForm>
  );
}

/** Checkboxes for the kinds of event, grouped by what they are about. */
function EventTicks({ value, onChange }: { value: ReadonlySet<string>; onChange: (value: Set<string>) => void }) {
  function toggle(type: string): void {
    const next = new Set(value);
    if (!next.delete(type)) next.add(type);
    onChange(next);
  }
  return commandAreas.map((area) => (
    <fieldset key={area} className="webhook-ticks">
      <legend>{area}</legend>
      <div>
        {TYPES.filter((type) => commands[type].area === area).map((type) => (
          <label key={type} title={commands[type].sentence}>
            <input type="checkbox" checked={value.has(type)} onChange={() => toggle(type)} />
            <code>{type}</code>
          </label>
        ))}
      </div>
    </fieldset>
  ));
}
