// Chooses a person: from the list of people, if the reader may see it; otherwise by id, with the members of the reader's teams as suggestions.
import { useMemo } from "react";
import { useConsole } from "../../data/console-context";
import { PersonPicker } from "../../ui/person-picker";
import { TextField } from "../../ui/text-field";

interface Props {
  label: string;
  value: string | undefined;
  onChange: (user: string | undefined) => void;
  /** Ids of people who cannot be chosen. */
  without?: readonly string[];
  description?: string;
}

export function PersonField({ label, value, onChange, without = [], description }: Props) {
  const { me, facts, subject } = useConsole();
  const people = useMemo(() => (facts.users ?? []).filter(({ id }) => !without.includes(id)), [facts, without]);
  const known = useMemo(
    () =>
      [...new Set((facts.teams ?? []).flatMap(({ members = [] }) => members.map(({ user }) => user)))].filter(
        (user) => user !== subject && !without.includes(user),
      ),
    [facts, subject, without],
  );
  if (me.can("panel.user_settings"))
    return (
      <PersonPicker
        label={label}
        people={people}
        value={value}
        onChange={onChange}
        {...(description !== undefined && { description })}
      />
    );
  return (
    <TextField
      label={label}
      value={value ?? ""}
      onChange={(text) => onChange(text.trim() || undefined)}
      suggestions={known}
      placeholder="Id of the person"
      description={`${description ? `${description} ` : ""}You can’t see the list of people, so enter the person’s id. An administrator can tell you the id.`}
    />
  );
}
