// What another person may do with one target, and why.
import type { CapabilityOf, Kind, Organization, Principal, Question } from "wicketgate";
import { CAPABILITIES, capabilitiesOf } from "../../data/capabilities";
import { reasonInWords } from "../../why/words";

interface Props {
  principal: Principal;
  kind: Kind;
  target?: string;
  facts: Organization;
}

export function TheirRights({ principal, kind, target, facts }: Props) {
  return (
    <ul className="rights">
      {capabilitiesOf(kind).map((capability) => {
        const decision = principal.check(...question(capability, target));
        return (
          <li key={capability} data-capability={capability} data-allowed={decision.allowed}>
            <span className="right">
              <span aria-hidden="true" className="mark">
                {decision.allowed ? "✓" : "✕"}
              </span>
              {CAPABILITIES[capability].label}
              <span className="unseen">{decision.allowed ? ": yes." : ": no."}</span>
            </span>
            <span className="soft">{reasonInWords(decision, facts, "they")}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function question(capability: CapabilityOf<Kind>, target: string | undefined): Question {
  return [capability, target].filter((part) => part !== undefined) as unknown as Question;
}
