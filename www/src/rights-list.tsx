// A row per right: the button a person gets, pressed or not, and the reason in words beside it.
import { useId, useState } from "react";
import type { Question } from "wicketgate";
import type { Opened } from "./use-live";
import { reasonInWords } from "./words";

interface Props {
  opened: Opened;
  rights: [question: Question, label: string][];
}

export function RightsList({ opened: { me, facts }, rights }: Props) {
  const id = useId();
  const [said, setSaid] = useState("");
  return (
    <>
      <ul className="rights">
        {rights.map(([question, label]) => {
          const [capability] = question;
          const decision = me.check(...question);
          const reason = reasonInWords(decision, facts);
          return (
            <li key={capability}>
              {/* aria-disabled rather than disabled, so that the keyboard reaches the reason too. */}
              <button
                type="button"
                aria-disabled={!decision.allowed}
                aria-describedby={`${id}-${capability}`}
                data-capability={capability}
                onClick={() => setSaid(decision.allowed
                  ? `${label}: allowed here. The server would check it again.`
                  : `${label} is not allowed. ${reason}`)}
              >
                <span aria-hidden="true" className="mark">{decision.allowed ? "✓" : "✕"}</span>
                {label}
              </button>
              <span id={`${id}-${capability}`} className="reason">{reason}</span>
            </li>
          );
        })}
      </ul>
      <p role="status" className="said">{said}</p>
    </>
  );
}
