// Checkboxes with a description each.
import { type Choice, Choices } from "./choices";

interface Props<Value extends string> {
  label: string;
  value: ReadonlySet<Value>;
  onChange: (value: ReadonlySet<Value>) => void;
  options: readonly Choice<Value>[];
}

export function TicksField<Value extends string>({ label, value, onChange, options }: Props<Value>) {
  function toggle(option: Value): void {
    const next = new Set(value);
    if (!next.delete(option)) next.add(option);
    onChange(next);
  }

  return (
    <Choices
      label={label}
      className="choices ticks-field"
      options={options}
      input={(option) => ({ type: "checkbox", checked: value.has(option), onChange: () => toggle(option) })}
    />
  );
}
