// What can be done with a webhook, with the dialogs for it: the same on the list and on its own page.
import { type ReactNode, useState } from "react";
import { sendTestEvent } from "../../data/api";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import type { RowAction } from "../../ui/action-table";
import { useByHand } from "./use-by-hand";
import { WebhookForm } from "./webhook-form";
import { nameOf, type WebhookRow } from "./words";

type Open = { kind: "edit" | "delete"; row: WebhookRow };

/** @param changed called when something was sent by hand, which makes no new version */
export function useWebhookActions(changed: () => void): { actions: (row: WebhookRow) => RowAction[]; dialog: ReactNode } {
  const [open, setOpen] = useState<Open>();
  const command = useCommand();
  const byHand = useByHand(changed);
  const close = () => setOpen(undefined);

  function actions(row: WebhookRow): RowAction[] {
    const off = row.paused === "disabled";
    const toggled = off
      ? { type: "enable_webhook" as const, done: `${nameOf(row)} is switched on, and goes on where it was.` }
      : { type: "disable_webhook" as const, done: `${nameOf(row)} is switched off.` };
    return [
      { id: "test", label: "Send a test event", onAction: () => void byHand.send(() => sendTestEvent(row.id)) },
      { id: "edit", label: "Edit", onAction: () => setOpen({ kind: "edit", row }) },
      {
        id: "toggle",
        label: off ? "Switch on" : "Switch off",
        onAction: () => void command.send({ type: toggled.type, webhook: row.id }, () => toggled.done),
      },
      { id: "delete", label: "Delete", danger: true, onAction: () => setOpen({ kind: "delete", row }) },
    ];
  }

  const dialog = (
    <>
      <Failure failure={command.failure ?? byHand.failure} />
      {open?.kind === "edit" && <WebhookForm webhook={open.row} onClose={close} />}
      {open?.kind === "delete" && <DeleteWebhook row={open.row} onClose={close} />}
    </>
  );
  return { actions, dialog };
}

function DeleteWebhook({ row, onClose }: { row: WebhookRow; onClose: () => void }) {
  const command = useCommand();

  async function remove(): Promise<void> {
    if (await command.send({ type: "delete_webhook", webhook: row.id }, () => `${nameOf(row)} is deleted.`)) onClose();
  }

  return (
    <ConfirmDialog
      title={`Delete ${nameOf(row)}?`}
      submit="Delete"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>
        Nothing more is sent to {new URL(row.url).host}
        {row.behind > 0 && `, also not what is still to be sent (${row.behind})`}. You can’t undo this. To pause it, switch it off.
      </p>
    </ConfirmDialog>
  );
}
