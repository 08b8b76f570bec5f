// Radio buttons with a description each.
import { type Choice, Choices } from "./choices";

interface Props<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly Choice<Value>[];
}

export function ChoiceField<Value extends string>({ label, value, onChange, options }: Props<Value>) {
  return (
    <Choices
      label={label}
      className="choices"
      options={options}
      input={(option, group) => ({ type: "radio", name: group, checked: option === value, onChange: () => onChange(option) })}
    />
  );
}
