// What all fields share: a label, a description and an error.
import { type ReactNode, useId } from "react";
import { classes } from "./classes";

export interface FieldProps {
  label: string;
  /** The label is for screen readers only: the surroundings show it. */
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
