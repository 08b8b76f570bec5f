// Radio buttons or checkboxes with a description each.
import { type InputHTMLAttributes, type ReactNode, useId } from "react";

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  description: ReactNode;
}

interface Props<Value extends string> {
  label: string;
  className: string;
  options: readonly Choice<Value>[];
  /** What the input of an option has besides. @param group names all of them together */
  input: (value: Value, group: string) => InputHTMLAttributes<HTMLInputElement>;
}

export function Choices<Value extends string>({ label, className, options, input }: Props<Value>) {
  const id = useId();
  return (
    <fieldset className={className}>
      <legend>{label}</legend>
      {options.map(({ value, label: name, description }) => (
        <div key={value} className="choice">
          <input {...input(value, id)} id={`${id}-${value}`} aria-describedby={`${id}-${value}-description`} />
          <div>
            <label htmlFor={`${id}-${value}`}>{name}</label>
            <div id={`${id}-${value}-description`} className="soft">
              {description}
            </div>
          </div>
        </div>
      ))}
    </fieldset>
  );
}
