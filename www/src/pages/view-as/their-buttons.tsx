// The person's buttons for one target, each with its reason. Pressing one only says that nothing happened.
import type { Kind, Organization, Principal } from "wicketgate";
import { Button } from "../../ui/button";
import { useStatus } from "../../lib/status";
import { CAPABILITIES, capabilitiesOf } from "../../data/capabilities";
import { reasonInWords } from "../../why/words";
import { question } from "../shared/their-rights";

interface Props {
  principal: Principal;
  /** Name of the person. */
  name: string;
  kind: Kind;
  target?: string;
  facts: Organization;
}

export function TheirButtons({ principal, name, kind, target, facts }: Props) {
  const say = useStatus();
  return (
    <ul className="their-buttons">
      {capabilitiesOf(kind).map((capability) => {
        const decision = principal.check(...question(capability, target));
        const { label } = CAPABILITIES[capability];
        const reason = reasonInWords(decision, facts, "they");
        const id = `why-${capability}-${target ?? ""}`;
        return (
          <li key={capability} data-capability={capability} data-allowed={decision.allowed}>
            <Button
              aria-describedby={id}
              {...(!decision.allowed && { "aria-disabled": true })}
              onClick={() =>
                say(
                  `Nothing happened: you are viewing the console as ${name}. ${label}: they may${decision.allowed ? "" : " not"}.`,
                )
              }
            >
              {label}
            </Button>
            <span id={id} className="soft">
              {reason}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
