// One row per capability: whether the person has it, and the reason.
import type { Question } from "wicketgate";
import { useConsole } from "../data/console-context";
import { useNames } from "../data/names";
import { CAPABILITIES } from "../data/capabilities";
import { explain } from "./explain";

export function RightsList({ questions }: { questions: Question[] }) {
  const context = useConsole();
  const names = useNames();
  return (
    <ul className="rights">
      {questions.map((question) => {
        const decision = context.me.check(...question);
        return (
          <li key={question[0]} data-capability={question[0]} data-allowed={decision.allowed}>
            <span className="right">
              <span aria-hidden="true" className="mark">
                {decision.allowed ? "✓" : "✕"}
              </span>
              {CAPABILITIES[question[0]].label}
              <span className="unseen">{decision.allowed ? ": yes." : ": no."}</span>
            </span>
            <span className="soft">{explain(decision, question, context, names)}</span>
          </li>
        );
      })}
    </ul>
  );
}
