// Until when: for ever, for some days from now, or to a moment of one's own.
import { useState } from "react";
import { authorityTime } from "../data/clock";
import { Field, type FieldProps } from "./field";
import { timeInWords } from "./time";

const DAY = 86_400;
const SPANS = [1, 7, 30, 90, 365];

interface Props extends FieldProps {
  /** Unix seconds; nothing for never. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

export function DateField({ value, onChange, ...field }: Props) {
  const [chosen, setChosen] = useState(value === undefined ? "never" : "date");

  function choose(next: string): void {
    setChosen(next);
    if (next === "never") onChange(undefined);
    else onChange(Math.round(authorityTime()) + (next === "date" ? 30 : Number(next)) * DAY);
  }

  return (
    <>
      <Field {...field} description={chosen !== "never" && chosen !== "date" && value !== undefined ? `Until ${timeInWords(value)}` : field.description}>
        {(control) => (
          <select {...control} value={chosen} onChange={({ target }) => choose(target.value)}>
            <option value="never">Never</option>
            {SPANS.map((days) => <option key={days} value={days}>{days === 1 ? "In a day" : `In ${days} days`}</option>)}
            <option value="date">On a date…</option>
          </select>
        )}
      </Field>
      {chosen === "date" && (
        <Field label={`${field.label}: date and time`}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              required
              min={local(authorityTime())}
              value={value === undefined ? "" : local(value)}
              onChange={({ target }) => {
                if (target.value !== "") onChange(Math.round(new Date(target.value).getTime() / 1000));
              }}
            />
          )}
        </Field>
      )}
    </>
  );
}

/** As the control wants it: local time, to the minute. */
function local(at: number): string {
  const date = new Date(at * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
