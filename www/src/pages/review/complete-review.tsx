// Marks the review as done, with a note for the next reviewer.
import { useState } from "react";
import { limits } from "wicketgate/contract";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";

/** Characters: the authority's limit. */
const MAX_NOTE = limits.noteCharacters;

export function CompleteReview({ onClose }: { onClose: () => void }) {
  const command = useCommand();
  const [note, setNote] = useState("");
  const text = note.trim();

  async function complete(): Promise<void> {
    if (
      await command.send(
        { type: "complete_review", ...(text !== "" && { note: text }) },
        () => "The review is recorded. The next one shows what changes from now on.",
      )
    )
      onClose();
  }

  return (
    <DialogForm
      title="Mark as reviewed"
      submit="Mark as reviewed"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void complete()}
      onClose={onClose}
    >
      <p>The audit log will record that you reviewed access. Nothing else changes. You can’t undo this.</p>
      <TextField
        label="Note (optional)"
        value={note}
        onChange={setNote}
        rows={4}
        maxLength={MAX_NOTE}
        description={`${note.length} of ${MAX_NOTE} characters. What you found, and what is still to be done.`}
      />
    </DialogForm>
  );
}
