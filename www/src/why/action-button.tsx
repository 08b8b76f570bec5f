// A button for something that needs a capability. Where that is denied it stays in reach of keyboard and screen reader, and says why and
// who can change it: in a tooltip, in its description, and when pressed in the status line, for those who can neither hover nor focus.
import type { Question } from "wicketgate";
import type { ReactNode } from "react";
import { Button, type ButtonProps } from "../ui/button";
import { useStatus } from "../lib/status";
import { Tooltip } from "../ui/tooltip";
import { useWhyNot } from "./use-why";

type Asked = Question extends infer One
  ? One extends [infer Do, infer On]
    ? { do: Do; on: On }
    : One extends [infer Do]
      ? { do: Do; on?: undefined }
      : never
  : never;

export type ActionButtonProps = Asked &
  Omit<ButtonProps, "children"> & {
    children: ReactNode;
    /** Why it is not possible although the capability is held: "Nobody changes their own role." */
    whyNot?: string | undefined;
  };

export function ActionButton({ do: capability, on, whyNot, ...button }: ActionButtonProps) {
  const denied = useWhyNot(...([capability, on].filter((part) => part !== undefined) as unknown as Question)) ?? whyNot;
  return <DeniableButton {...button} whyNot={denied} />;
}

/** The same where something else than a capability decides: not possible while `whyNot` says why. */
export function DeniableButton({
  whyNot,
  onClick,
  ...button
}: Omit<ButtonProps, "children"> & { children: ReactNode; whyNot: string | undefined }) {
  const say = useStatus();
  if (whyNot === undefined) return <Button {...button} onClick={onClick} />;
  return (
    <Tooltip text={whyNot}>
      <Button {...button} aria-disabled onClick={() => say(whyNot)} />
    </Tooltip>
  );
}
