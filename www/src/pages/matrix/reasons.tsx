// The reason for a cell: one line for the cell that is pointed at, and a dialog with every right.
import type { Organization } from "wicketgate";
import { Link } from "wouter";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { DialogForm } from "../../ui/dialog";
import { CAPABILITIES } from "../../data/capabilities";
import { ACCESSIBILITY, reasonInWords, roleName, STATUS } from "../../why/words";
import { TheirRights } from "../shared/their-rights";
import type { Answers, MatrixQuery } from "./answers";
import type { AssistantOnAxis, PersonOnAxis } from "./axes";

interface Pair {
  person: PersonOnAxis;
  assistant: AssistantOnAxis;
  answers: Answers;
  facts: Organization;
}

export function Reasons({ person, assistant, answers, query, facts, onOpen }: Pair & { query: MatrixQuery; onOpen: () => void }) {
  const principal = answers.of(person.id);
  const answer = answers.cell(person.id, assistant.id, query);
  const yes = answer.tone !== "no";
  const held = principal.capabilities(assistant.id);
  // Nearly every relation grants viewing, so its reason names every relation.
  const about = query !== "relation" ? query : held.includes("assistant.view") ? "assistant.view" : (held[0] ?? "assistant.view");
  const reason = reasonInWords(principal.check(about, assistant.id), facts, "they");
  return (
    <>
      <p className="matrix-pair">
        <strong>{person.name}</strong>
        <span className="soft">
          {roleName(person.role)}
          {person.status !== "active" && `, ${STATUS[person.status]}`}
        </span>
        <span aria-hidden="true">→</span>
        <strong>{assistant.name}</strong>
        <span className="soft">
          {assistant.place}, {ACCESSIBILITY[assistant.accessibility]}
        </span>
      </p>
      <p className="matrix-reason">
        <Badge tone={yes ? "good" : "plain"}>
          {query === "relation" ? answer.word : `${CAPABILITIES[query].label}: ${answer.word.toLowerCase()}`}
        </Badge>{" "}
        {reason}
      </p>
      <p className="actions">
        <Button onClick={onOpen}>All rights and reasons</Button>
        <PairLinks person={person} assistant={assistant} />
      </p>
    </>
  );
}

export function AllReasons({ person, assistant, answers, facts, onClose }: Pair & { onClose: () => void }) {
  return (
    <DialogForm title={`${person.name} on ${assistant.name}`} wide onClose={onClose}>
      <p className="soft">
        {roleName(person.role)}
        {person.status !== "active" && `, ${STATUS[person.status]}`} · {assistant.place} · {ACCESSIBILITY[assistant.accessibility]}
      </p>
      <p className="actions">
        <PairLinks person={person} assistant={assistant} />
      </p>
      <TheirRights principal={answers.of(person.id)} kind="assistant" target={assistant.id} facts={facts} />
    </DialogForm>
  );
}

function PairLinks({ person, assistant }: Pick<Pair, "person" | "assistant">) {
  return (
    <>
      <Link href={`/access/view-as/${encodeURIComponent(person.id)}`}>View as {person.name}</Link>
      <Link href={`/assistants/${encodeURIComponent(assistant.id)}`}>Open {assistant.name}</Link>
    </>
  );
}
