// An expiry: never, in some days, or on a date. The present expiry can be kept.
import { useState } from "react";
import { authorityTime } from "../lib/clock";
import { Field, type FieldProps } from "./field";
import { timeInWords } from "../lib/time";

/** Unix seconds; `null` for no expiry. */
export type End = number | null;

const DAY = 86_400;
const SPANS = [1, 7, 30, 90, 365];

interface Props extends FieldProps {
  /** Absent: it has not been chosen yet. */
  value: End | undefined;
  onChange: (value: End) => void;
  /** The expiry now, if there is one to keep. */
  present?: End | undefined;
}

export function DateField({ value, onChange, present, ...field }: Props) {
  const [chosen, setChosen] = useState(() =>
    value === undefined ? "" : value === null ? "never" : value === present ? "present" : "date",
  );

  function choose(next: string): void {
    setChosen(next);
    if (next === "never") onChange(null);
    else if (next === "present") onChange(present ?? null);
    else onChange(Math.round(authorityTime()) + (next === "date" ? 30 : Number(next)) * DAY);
  }

  return (
    <>
      <Field
        {...field}
        description={
          SPANS.includes(Number(chosen)) && typeof value === "number" ? `Until ${timeInWords(value)}` : field.description
        }
      >
        {(control) => (
          <select {...control} value={chosen} required onChange={({ target }) => choose(target.value)}>
            {chosen === "" && (
              <option value="" disabled>
                Choose…
              </option>
            )}
            {typeof present === "number" && <option value="present">No change: {timeInWords(present)}</option>}
            <option value="never">Never</option>
            {SPANS.map((days) => (
              <option key={days} value={days}>
                {days === 1 ? "In a day" : `In ${days} days`}
              </option>
            ))}
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
              value={typeof value === "number" ? local(value) : ""}
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

/** For an input of type `datetime-local`: local time, to the minute. */
function local(at: number): string {
  const date = new Date(at * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
