// Checkboxes with a description each.
import { type ReactNode, useId } from "react";

interface Props<Value extends string> {
  label: string;
  value: ReadonlySet<Value>;
  onChange: (value: ReadonlySet<Value>) => void;
  options: readonly { value: Value; label: string; description: ReactNode }[];
}

export function TicksField<Value extends string>({ label, value, onChange, options }: Props<Value>) {
  const id = useId();

  function toggle(option: Value): void {
    const next = new Set(value);
    if (!next.delete(option)) next.add(option);
    onChange(next);
  }

  return (
    <fieldset className="choices ticks-field">
      <legend>{label}</legend>
      {options.map((option) => (
        <div key={option.value} className="choice">
          <input
            type="checkbox"
            id={`${id}-${option.value}`}
            checked={value.has(option.value)}
            onChange={() => toggle(option.value)}
            aria-describedby={`${id}-${option.value}-description`}
          />
          <div>
            <label htmlFor={`${id}-${option.value}`}>{option.label}</label>
            <div id={`${id}-${option.value}-description`} className="soft">
              {option.description}
            </div>
          </div>
        </div>
      ))}
    </fieldset>
  );
}
