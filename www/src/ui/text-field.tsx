// A line of text, or several.
import { useId } from "react";
import { Field, type FieldProps } from "./field";

interface Props extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "url" | "number";
  /** Which keys a screen offers. */
  inputMode?: "email";
  /** So many lines; then it is no single line. */
  rows?: number;
  required?: boolean;
  maxLength?: number;
  placeholder?: string;
  autoFocus?: boolean;
  readOnly?: boolean;
  /** Some browsers send what they check to a service: not for what is secret. */
  spellCheck?: boolean;
  /** Offered while one types. */
  suggestions?: readonly string[];
}

export function TextField({
  value,
  onChange,
  type = "text",
  rows,
  label,
  hideLabel = false,
  description,
  error,
  suggestions = [],
  ...more
}: Props) {
  const list = useId();
  return (
    <Field {...{ label, hideLabel, description, error }}>
      {(control) => {
        const props = {
          ...control,
          ...more,
          value,
          autoComplete: "off",
          onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
        };
        if (rows !== undefined) return <textarea {...props} rows={rows} />;
        if (suggestions.length === 0) return <input {...props} type={type} />;
        return (
          <>
            <input {...props} type={type} list={list} />
            <datalist id={list}>
              {suggestions.map((text) => (
                <option key={text} value={text} />
              ))}
            </datalist>
          </>
        );
      }}
    </Field>
  );
}
