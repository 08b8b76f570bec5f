// A word on something that can be pressed: shown when it is hovered or focused, and always its description.
import { cloneElement, type ReactElement, useId } from "react";
import { Focusable } from "react-aria-components/Focusable";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components/Tooltip";

export function Tooltip({ text, children }: { text: string; children: ReactElement<{ "aria-describedby"?: string }> }) {
  const id = useId();
  return (
    <>
      <TooltipTrigger delay={300} closeDelay={100}>
        {/* Any component that hands its ref on will do; the type knows only elements. */}
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
