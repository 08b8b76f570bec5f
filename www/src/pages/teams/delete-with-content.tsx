// Deletes a team or project with everything in it, or says what the reader may not delete.
import { useState } from "react";
import type { Command } from "wicketgate/authority";
import type { Failure } from "../../data/api";
import { type Names, useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { Notice } from "../../ui/notice";
import { listOf } from "../../lib/sentences";
import { quantity } from "../../lib/sentences";

interface Props {
  name: string;
  /** Ids of the content that the reader sees. */
  projects: string[];
  assistants: string[];
  command: (cascade: boolean) => Command;
  also?: string;
  onClose: () => void;
  onDeleted?: () => void;
}

/** At most this many are named. */
const NAMED = 10;

export function DeleteWithContent({ name, projects, assistants, command: commandFor, also, onClose, onDeleted }: Props) {
  const names = useNames();
  const command = useCommand();
  // The content when the dialog opened: that is what the reader confirms.
  const [content] = useState({ projects, assistants });
  const hasContent = content.projects.length + content.assistants.length > 0;
  const obstacles = obstaclesOf(command.failure);

  async function remove(): Promise<void> {
    if (!(await command.send(commandFor(hasContent), () => `${name} is deleted.`))) return;
    onClose();
    onDeleted?.();
  }

  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      submit={hasContent ? "Delete everything" : "Delete"}
      cancel="Keep"
      busy={command.busy}
      failure={obstacles ? undefined : command.failure}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>
        {hasContent
          ? "You can’t undo this. Everything in it is deleted too:"
          : "You can’t undo this. It contains nothing that you can see."}
      </p>
      {hasContent && (
        <ul className="plain">
          {content.projects.length > 0 && (
            <li>
              {quantity(content.projects.length, "project", "projects")}: {listOf(content.projects.map(names.project), NAMED)}
            </li>
          )}
          {content.assistants.length > 0 ? (
            <li>
              {quantity(content.assistants.length, "assistant with its roles", "assistants with their roles")}, share links and
              embedding: {listOf(content.assistants.map(names.assistant), NAMED)}
            </li>
          ) : (
            <li>no assistants that you can see</li>
          )}
        </ul>
      )}
      {also && <p>{also}</p>}
      {obstacles && (
        <Notice kind="error" title="You can’t delete everything in it">
          <p>
            {obstacles.length > 0 ? (
              <>
                You can’t delete{" "}
                {listOf(
                  obstacles.map((id) => nameOf(id, names)),
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

function obstaclesOf(failure: Failure | undefined): string[] | undefined {
  return failure?.kind === "refused" && failure.problem.code === "not_empty" ? (failure.problem.ids ?? []) : undefined;
}

/** The name of a project or an assistant. */
function nameOf(id: string, names: Names): string {
  return names.assistant(id) === id ? names.project(id) : names.assistant(id);
}
