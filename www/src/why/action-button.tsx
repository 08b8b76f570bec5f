// A button that needs a capability. Without the capability it stays reachable by keyboard and screen reader, and says why and who can
// change that: in a tooltip, in its description, and in the status line when pressed, for people who can neither hover nor focus.
import type { Question } from "wicketgate";
import type { ReactNode } from "react";
import { Button, type ButtonProps } from "../ui/button";
import { useStatus } from "../lib/status";
import { Tooltip } from "../ui/tooltip";
import { useWhyNot } from "./use-why";

type QuestionProps = Question extends infer One
  ? One extends [infer Do, infer On]
    ? { do: Do; on: On }
    : One extends [infer Do]
      ? { do: Do; on?: undefined }
      : never
  : never;

export type ActionButtonProps = QuestionProps &
  Omit<ButtonProps, "children"> & {
    children: ReactNode;
    /** Why it is not possible although the person has the capability: "You can’t change your own role." */
    whyNot?: string | undefined;
  };

export function ActionButton({ do: capability, on, whyNot, ...button }: ActionButtonProps) {
  const denied = useWhyNot(...([capability, on].filter((part) => part !== undefined) as unknown as Question)) ?? whyNot;
  return <DeniableButton {...button} whyNot={denied} />;
}

/** The same for an action that does not depend on a capability alone: not possible while `whyNot` is set. */
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
