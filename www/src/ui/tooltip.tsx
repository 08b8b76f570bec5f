// A text about a control: shown on hover and focus, and always its description for screen readers.
import { cloneElement, type ReactElement, useId } from "react";
import { Focusable } from "react-aria-components/Focusable";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components/Tooltip";

export function Tooltip({ text, children }: { text: string; children: ReactElement<{ "aria-describedby"?: string }> }) {
  const id = useId();
  return (
    <>
      <TooltipTrigger delay={300} closeDelay={100}>
        {/* `Focusable` takes any component that forwards its ref; its type allows elements only. */}
        <Focusable>{cloneElement(children, { "aria-describedby": id }) as ReactElement<object, string>}</Focusable>
        <AriaTooltip className="tooltip" offset={6}>
          {text}
        </AriaTooltip>
      </TooltipTrigger>
      <span id={id} hidden>
        {text}
      </span>
    </>
  );
}
