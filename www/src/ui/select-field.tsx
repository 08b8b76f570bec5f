// The browser's own select element: best on phones, known to every screen reader.
import { Field, type FieldProps } from "./field";

interface Props<Value extends string> extends FieldProps {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string }[];
  required?: boolean;
}

export function SelectField<Value extends string>({ value, onChange, options, required = false, ...field }: Props<Value>) {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} value={value} required={required} onChange={({ target }) => onChange(target.value as Value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
