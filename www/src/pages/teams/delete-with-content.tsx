// Deletes a team or project with all that is in it, or says what stands in the way.
import { useState } from "react";
import type { Command } from "wicketgate/authority";
import type { Failure } from "../../data/api";
import { type Names, useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { Notice } from "../../ui/notice";
import { listOf } from "../../lib/sentences";
import { quantity } from "../../lib/quantity";

interface Props {
  name: string;
  /** What is in it, as far as the reader sees it: ids. */
  projects: string[];
  assistants: string[];
  command: (cascade: boolean) => Command;
  also?: string;
  onClose: () => void;
  onDeleted?: () => void;
}

/** So many are named. */
const NAMED = 10;

export function DeleteWithContent({ name, projects, assistants, command: commandFor, also, onClose, onDeleted }: Props) {
  const names = useNames();
  const command = useCommand();
  // As it was when the question was asked: that is what is agreed to.
  const [within] = useState({ projects, assistants });
  const full = within.projects.length + within.assistants.length > 0;
  const inTheWay = obstacles(command.failure);

  async function remove(): Promise<void> {
    if (!(await command.send(commandFor(full), () => `${name} is deleted.`))) return;
    onClose();
    onDeleted?.();
  }

  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      submit={full ? "Delete everything" : "Delete"}
      cancel="Keep"
      busy={command.busy}
      failure={inTheWay ? undefined : command.failure}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>
        {full
          ? "You can’t undo this. Everything in it is deleted too:"
          : "You can’t undo this. It contains nothing that you can see."}
      </p>
      {full && (
        <ul className="plain">
          {within.projects.length > 0 && (
            <li>
              {quantity(within.projects.length, "project", "projects")}: {listOf(within.projects.map(names.project), NAMED)}
            </li>
          )}
          {within.assistants.length > 0 ? (
            <li>
              {quantity(within.assistants.length, "assistant with its roles", "assistants with their roles")}, share links and
              embedding: {listOf(within.assistants.map(names.assistant), NAMED)}
            </li>
          ) : (
            <li>no assistants that you can see</li>
          )}
        </ul>
      )}
      {also && <p>{also}</p>}
      {inTheWay && (
        <Notice kind="error" title="You can’t delete everything in it">
          <p>
            {inTheWay.length > 0 ? (
              <>
                You can’t delete{" "}
                {listOf(
                  inTheWay.map((id) => nameOf(id, names)),
                  NAMED,
                )}
                .
              </>
            ) : (
              "It contains an Only Me assistant of another person, which you can’t see."
            )}{" "}
            Nothing was deleted. A global admin can delete everything.
          </p>
        </Notice>
      )}
    </ConfirmDialog>
  );
}

function obstacles(failure: Failure | undefined): string[] | undefined {
  return failure?.kind === "refused" && failure.problem.code === "not_empty" ? (failure.problem.ids ?? []) : undefined;
}

/** A project or an assistant. */
function nameOf(id: string, names: Names): string {
  return names.assistant(id) === id ? names.project(id) : names.assistant(id);
}
