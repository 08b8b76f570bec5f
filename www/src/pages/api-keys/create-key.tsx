// Creates an API key, and shows its secret. That is possible only once.
import { useMemo, useState } from "react";
import { useConsole } from "../../data/console-context";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { RoleChoice } from "../shared/role-choice";
import { rolesToGive } from "../shared/roles-to-give";
import { fieldFault, type KeyDraft, KeyFields, networksIn, whyIncomplete } from "./key-fields";
import { NewSecret } from "./new-secret";

const EMPTY: KeyDraft = { name: "", scopes: new Set(), expires: null, addresses: "" };

export function CreateKey({ onClose }: { onClose: () => void }) {
  const context = useConsole();
  const command = useCommand();
  const [draft, setDraft] = useState(EMPTY);
  const [role, setRole] = useState("");
  const [made, setMade] = useState<{ name: string; secret: string }>();
  const { failure } = command;
  const [sent, setSent] = useState(EMPTY);
  const fault = useMemo(() => fieldFault(failure, sent), [failure, sent]);

  async function create(): Promise<void> {
    const name = draft.name.trim();
    const addresses = networksIn(draft.addresses);
    setSent(draft);
    const accepted = await command.send(
      {
        type: "create_api_key",
        name,
        role,
        scopes: [...draft.scopes],
        ...(typeof draft.expires === "number" && { expires: draft.expires }),
        ...(addresses.length > 0 && { addresses }),
      },
      () => `${name} is created. Copy its secret now.`,
    );
    if (accepted?.result.secret !== undefined) setMade({ name, secret: accepted.result.secret });
  }

  // The same dialog with other content, so that its end leads back to where it was opened.
  if (made) {
    return (
      <DialogForm title={`Copy the secret of ${made.name} now`} cancel="Done" onClose={onClose}>
        <NewSecret secret={made.secret}>
          The server sends it with each request, in the header <code>Authorization: Bearer …</code>. Keep it where your server keeps
          its secrets, never in a page or in source code.
        </NewSecret>
      </DialogForm>
    );
  }
  return (
    <DialogForm
      title="New API key"
      submit="Create"
      wide
      busy={command.busy}
      failure={fault ? undefined : failure}
      whyNot={whyIncomplete(draft) ?? (role === "" ? "Choose a role." : undefined)}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <KeyFields
        draft={draft}
        onChange={setDraft}
        fault={fault}
        role={<RoleChoice roles={rolesToGive(context)} value={role} onChange={setRole} holder="key" />}
      />
    </DialogForm>
  );
}
