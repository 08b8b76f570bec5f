// A text field of one line or several.
import { useId } from "react";
import { Field, type FieldProps } from "./field";

interface Props extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "url" | "number";
  /** The keyboard that a phone shows. */
  inputMode?: "email";
  /** Number of lines. Absent: a field of a single line. */
  rows?: number;
  required?: boolean;
  maxLength?: number;
  placeholder?: string;
  autoFocus?: boolean;
  readOnly?: boolean;
  /** Some browsers send the text to a service to check it: turn this off for secrets. */
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
