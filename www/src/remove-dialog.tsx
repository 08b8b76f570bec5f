// Asks once more before somebody is removed, and who takes over the assistants they own.
import { useEffect, useId, useRef, useState } from "react";
import type { Organization, User } from "wicketgate";
import { failureInWords } from "./problems";
import type { Sender } from "./use-command";

interface Props {
  user: User;
  nameOf: (user: string) => string;
  facts: Organization;
  command: Sender;
  onRemoved: () => void;
  /** Closed without. */
  onKept: () => void;
}

export function RemoveDialog({ user, nameOf, facts, command, onRemoved, onKept }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [successor, setSuccessor] = useState("");
  const [tried, setTried] = useState(false);
  const failure = tried ? command.failure : undefined;
  const owned = failure?.kind === "refused" && failure.problem.code === "owns_assistants" ? failure.problem.ids ?? [] : [];
  const name = nameOf(user.id);
  const assistants = new Map(facts.assistants?.map((assistant) => [assistant.id, assistant.name ?? assistant.id]));
  const successors = (facts.users ?? []).filter(({ id, status = "active" }) => id !== user.id && status === "active");

  useEffect(() => dialog.current?.showModal(), []);

  async function remove(): Promise<void> {
    setTried(true);
    const accepted = await command.send(
      { type: "remove_user", user: user.id, ...(successor && { successor }) },
      () => (successor ? `${name} is removed. ${nameOf(successor)} took over.` : `${name} is removed.`),
    );
    if (accepted) onRemoved();
  }

  return (
    <dialog ref={dialog} className="card" aria-labelledby={`${id}-title`} onClose={onKept}>
      <h2 id={`${id}-title`}>Remove {name}?</h2>
      <p>They lose all access at once, wherever they are signed in. The audit log keeps what they did.</p>
      {failure && (
        <div role="alert" className="problem">
          <p>{failureInWords(failure)}</p>
          {owned.length > 0 && <ul>{owned.map((assistant) => <li key={assistant}>{assistants.get(assistant) ?? assistant}</li>)}</ul>}
        </div>
      )}
      {owned.length > 0 && (
        <label>
          <span>Taken over by</span>
          <select value={successor} onChange={(event) => setSuccessor(event.target.value)}>
            <option value="">Choose a person</option>
            {successors.map(({ id }) => <option key={id} value={id}>{nameOf(id)}</option>)}
          </select>
        </label>
      )}
      <div className="actions">
        <button type="button" onClick={() => dialog.current?.close()}>Keep</button>
        <button type="button" className="danger" aria-disabled={command.busy} onClick={remove}>Remove {name}</button>
      </div>
    </dialog>
  );
}
