// Radio buttons with a description each.
import { type ReactNode, useId } from "react";

interface Props<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; description: ReactNode }[];
}

export function ChoiceField<Value extends string>({ label, value, onChange, options }: Props<Value>) {
  const id = useId();
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {options.map((option) => (
        <div key={option.value} className="choice">
          <input
            type="radio"
            id={`${id}-${option.value}`}
            name={id}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
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
