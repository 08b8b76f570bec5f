// The fields of an API key that can be changed, for a new key and for an existing one.
import type { KeyScope } from "wicketgate/authority";
import { type KeyScopeName, keyScopes, limits } from "wicketgate/contract";
import { useEffect, useRef } from "react";
import type { Failure } from "../../data/api";
import { DateField, type End } from "../../ui/date-field";
import { TextField } from "../../ui/text-field";
import { TicksField } from "../../ui/ticks-field";
import { SCOPES } from "../../why/words";

export interface KeyDraft {
  name: string;
  scopes: ReadonlySet<KeyScope>;
  /** Absent: it has not been chosen yet. */
  expires: End | undefined;
  /** As typed. */
  addresses: string;
}

const SCOPE_OPTIONS = (Object.keys(keyScopes) as KeyScopeName[]).map((value) => ({
  value,
  label: SCOPES[value],
  description: keyScopes[value],
}));

interface Props {
  draft: KeyDraft;
  onChange: (draft: KeyDraft) => void;
  fault: FieldFault | undefined;
  /** The end now, if there is one to keep. */
  present?: End | undefined;
  /** Between the name and the scopes. */
  role: React.ReactNode;
}

export function KeyFields({ draft, onChange, fault, present, role }: Props) {
  const fields = useRef<HTMLDivElement>(null);
  const set = (change: Partial<KeyDraft>) => onChange({ ...draft, ...change });
  const errorOf = (field: FieldFault["field"]) => (fault?.field === field ? fault.words : undefined);

  // A refusal that concerns a field leads there: it may be out of sight, and a screen reader then reads the field with its error.
  useEffect(() => {
    if (fault) fields.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [fault]);

  return (
    <div ref={fields} className="key-fields">
      <TextField
        label="Name"
        value={draft.name}
        onChange={(name) => set({ name })}
        maxLength={limits.nameCharacters}
        required
        autoFocus
        description="What uses it: you recognize the key by it, here and in the audit log."
        error={errorOf("name")}
      />
      {role}
      <TicksField
        label="What it may be used for"
        value={draft.scopes}
        onChange={(scopes) => set({ scopes })}
        options={SCOPE_OPTIONS}
      />
      <DateField
        label="Expires"
        value={draft.expires}
        onChange={(expires) => set({ expires })}
        present={present}
        error={errorOf("expires")}
      />
      <TextField
        label="Accepted from (optional)"
        rows={3}
        value={draft.addresses}
        onChange={(addresses) => set({ addresses })}
        spellCheck={false}
        description={`IP addresses or networks, one a line, as 192.0.2.0/24 or 2001:db8::/32; at most ${limits.apiKeyNetworks}. If it is empty, the key is accepted from everywhere.`}
        error={errorOf("addresses")}
      />
    </div>
  );
}

/** Why the form cannot be sent. */
export function whyIncomplete({ name, scopes, expires }: KeyDraft): string | undefined {
  if (name.trim() === "") return "Enter a name.";
  if (scopes.size === 0) return "Choose what it may be used for.";
  return expires === undefined ? "It has expired. Choose when it expires now." : undefined;
}

/** The networks of the field, as they are sent. */
export function networksIn(addresses: string): string[] {
  return addresses.split(/[\s,;]+/).filter((text) => text !== "");
}

export interface FieldFault {
  field: "name" | "expires" | "addresses";
  words: string;
}

/** The field that a refusal is about, with the reason; `undefined` if it is about the command as a whole. */
export function fieldFault(failure: Failure | undefined, { addresses }: KeyDraft): FieldFault | undefined {
  if (failure?.kind !== "refused" || failure.problem.code !== "invalid_command") return undefined;
  const { path = "", title } = failure.problem;
  const reason = title.replace(`${path}: `, "").replaceAll("`", "");
  const [, field, index] = /^(name|expires|addresses)(?:\[(\d+)\])?$/.exec(path) ?? [];
  if (field !== "name" && field !== "expires" && field !== "addresses") return undefined;
  const subject =
    index === undefined
      ? { name: "The name", expires: "The time", addresses: "The list" }[field]
      : networksIn(addresses)[Number(index)];
  return { field, words: `${subject}: ${reason}.` };
}
