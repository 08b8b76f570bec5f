// A button. It is never `disabled`, only `aria-disabled`, so that it stays reachable by keyboard.
import type { ComponentProps } from "react";
import { classes } from "./classes";

export interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  variant?: "primary" | "danger" | "quiet" | undefined;
  /** Something is in progress: pressing does nothing. */
  busy?: boolean | undefined;
}

export function Button({ variant, busy = false, className, type = "button", onClick, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classes("button", variant, className)}
      {...(busy && { "aria-disabled": true, "aria-busy": true })}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    />
  );
}
