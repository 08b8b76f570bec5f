// Changes the name, the purposes, the end and the networks of an API key. Its role stays.
import type { ApiKeyState } from "@wicketgate/edge/wire";
import { useMemo, useState } from "react";
import type { EditApiKey } from "wicketgate/authority";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { roleName } from "../../why/words";
import { hasExpired } from "../shared/holdings";
import { fieldFault, type KeyDraft, KeyFields, networksIn, whyIncomplete } from "./key-fields";

export function EditKey({ apiKey, onClose }: { apiKey: ApiKeyState; onClose: () => void }) {
  const command = useCommand();
  const present = hasExpired(apiKey) ? undefined : (apiKey.expires ?? null);
  const [draft, setDraft] = useState<KeyDraft>({
    name: apiKey.name,
    scopes: new Set(apiKey.scopes),
    expires: present,
    addresses: (apiKey.addresses ?? []).join("\n"),
  });
  const [sent, setSent] = useState(draft);
  const { failure } = command;
  const fault = useMemo(() => fieldFault(failure, sent), [failure, sent]);
  const changes = changesOf(apiKey, draft);

  async function save(): Promise<void> {
    setSent(draft);
    const done = () => `${changes.name ?? apiKey.name} is changed.`;
    if (await command.send({ type: "edit_api_key", key: apiKey.id, ...changes }, done)) onClose();
  }

  return (
    <DialogForm
      title={`Edit ${apiKey.name}`}
      submit="Save"
      wide
      busy={command.busy}
      failure={fault ? undefined : failure}
      whyNot={whyIncomplete(draft) ?? (Object.keys(changes).length === 0 ? "Nothing is changed." : undefined)}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <KeyFields
        draft={draft}
        onChange={setDraft}
        fault={fault}
        present={present}
        role={
          <p>
            Role: <strong>{roleName(apiKey.role)}</strong>.{" "}
            <span className="soft">It stays: for another role, create another key.</span>
          </p>
        }
      />
    </DialogForm>
  );
}

/** The fields that differ, as the command takes them. */
function changesOf(apiKey: ApiKeyState, draft: KeyDraft): Omit<EditApiKey, "key"> {
  const name = draft.name.trim();
  const scopes = [...draft.scopes];
  const addresses = networksIn(draft.addresses);
  const { expires } = draft;
  return {
    ...(name !== apiKey.name && { name }),
    ...(!same(scopes, apiKey.scopes) && { scopes }),
    ...(expires !== undefined && expires !== (apiKey.expires ?? null) && { expires }),
    ...(!same(addresses, apiKey.addresses ?? []) && { addresses }),
  };
}

/** Whether both lists have the same items, in any order. */
function same(some: readonly string[], others: readonly string[]): boolean {
  const wanted = new Set(some);
  return wanted.size === others.length && others.every((one) => wanted.has(one));
}
