// What all fields share: a label, what it is for, and what is wrong with what was entered.
import { type ReactNode, useId } from "react";
import { classes } from "./classes";

export interface FieldProps {
  label: string;
  /** Where the place says it already: the label is for those who do not see it. */
  hideLabel?: boolean;
  description?: ReactNode;
  error?: string | undefined;
}

interface Props extends FieldProps {
  children: (control: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined }) => ReactNode;
}

export function Field({ label, hideLabel = false, description, error, children }: Props) {
  const id = useId();
  const described = [description && `${id}-description`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id} className={classes(hideLabel && "unseen")}>
        {label}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {description && (
        <div id={`${id}-description`} className="soft">
          {description}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="problem">
          {error}
        </p>
      )}
    </div>
  );
}
