// Name, owner and deletion of the assistant.
import { useState } from "react";
import type { Assistant } from "wicketgate";
import { useNames } from "../../data/names";
import { ActionButton } from "../../why/action-button";
import { RenameDialog } from "../shared/rename-dialog";
import { DeleteAssistant } from "./delete-assistant";
import { TransferAssistant } from "./transfer-assistant";

export function SettingsTab({ assistant }: { assistant: Assistant }) {
  const { id } = assistant;
  const names = useNames();
  const [dialog, setDialog] = useState<"rename" | "transfer" | "delete">();
  const closeDialog = () => setDialog(undefined);
  return (
    <section className="card">
      <div className="deed">
        <div>
          <h2>Name</h2>
          <p className="soft">{names.assistant(id)}. Links and embedding stay the same when it changes.</p>
        </div>
        <ActionButton do="assistant.edit" on={id} onClick={() => setDialog("rename")}>
          Rename
        </ActionButton>
      </div>
      <div className="deed">
        <div>
          <h2>Owner</h2>
          <p className="soft">
            Another person can own it. The present owner keeps only the access that their team and their role give them.
          </p>
        </div>
        <ActionButton do="assistant.share" on={id} onClick={() => setDialog("transfer")}>
          Transfer
        </ActionButton>
      </div>
      <div className="deed">
        <div>
          <h2>Delete</h2>
          <p className="soft">Also deletes its roles, share links and embedding. You can’t undo this.</p>
        </div>
        <ActionButton do="assistant.delete" on={id} variant="danger" onClick={() => setDialog("delete")}>
          Delete
        </ActionButton>
      </div>
      {dialog === "rename" && (
        <RenameDialog
          name={names.assistant(id)}
          command={(name) => ({ type: "edit_assistant", assistant: id, name })}
          onClose={closeDialog}
        />
      )}
      {dialog === "transfer" && <TransferAssistant assistant={assistant} onClose={closeDialog} />}
      {dialog === "delete" && <DeleteAssistant assistant={assistant} onClose={closeDialog} />}
    </section>
  );
}
