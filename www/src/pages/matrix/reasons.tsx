// Why a cell says what it says: in a line while one looks around, with every right in a window.
import type { Organization } from "wicketgate";
import { Link } from "wouter";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { DialogForm } from "../../ui/dialog";
import { CAPABILITIES } from "../../data/capabilities";
import { ACCESSIBILITY, reasonInWords, roleName, STATUS } from "../../why/words";
import { TheirRights } from "../shared/their-rights";
import type { Answers, Asked } from "./answers";
import type { AssistantOnAxis, PersonOnAxis } from "./axes";

interface Of {
  person: PersonOnAxis;
  assistant: AssistantOnAxis;
  answers: Answers;
  facts: Organization;
}

export function Reasons({ person, assistant, answers, asked, facts, onOpen }: Of & { asked: Asked; onOpen: () => void }) {
  const principal = answers.of(person.id);
  const answer = answers.cell(person.id, assistant.id, asked);
  const yes = answer.tone !== "no";
  const held = principal.capabilities(assistant.id);
  // Nearly every relation lets one view it: the reasons for that are all there are.
  const about = asked !== "relation" ? asked : held.includes("assistant.view") ? "assistant.view" : (held[0] ?? "assistant.view");
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
          {asked === "relation" ? answer.word : `${CAPABILITIES[asked].label}: ${answer.word.toLowerCase()}`}
        </Badge>{" "}
        {reason}
      </p>
      <p className="actions">
        <Button onClick={onOpen}>All rights and reasons</Button>
        <Where person={person} assistant={assistant} />
      </p>
    </>
  );
}

export function AllReasons({ person, assistant, answers, facts, onClose }: Of & { onClose: () => void }) {
  return (
    <DialogForm title={`${person.name} on ${assistant.name}`} wide onClose={onClose}>
      <p className="soft">
        {roleName(person.role)}
        {person.status !== "active" && `, ${STATUS[person.status]}`} · {assistant.place} · {ACCESSIBILITY[assistant.accessibility]}
      </p>
      <p className="actions">
        <Where person={person} assistant={assistant} />
      </p>
      <TheirRights principal={answers.of(person.id)} kind="assistant" target={assistant.id} facts={facts} />
    </DialogForm>
  );
}

function Where({ person, assistant }: Pick<Of, "person" | "assistant">) {
  return (
    <>
      <Link href={`/access/view-as/${encodeURIComponent(person.id)}`}>View as {person.name}</Link>
      <Link href={`/assistants/${encodeURIComponent(assistant.id)}`}>Open {assistant.name}</Link>
    </>
  );
}
