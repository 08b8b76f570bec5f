// What can be done with an API key, with the dialogs for it.
import { type ReactNode, useState } from "react";
import { roleBound } from "wicketgate";
import { useLocation } from "wouter";
import { useConsole } from "../../data/console-context";
import type { RowAction } from "../../ui/action-table";
import { roleName } from "../../why/words";
import { EditKey } from "./edit-key";
import { RevokeKey } from "./revoke-key";
import { RotateKey } from "./rotate-key";
import type { KeyRow } from "./rows";

/** With the row as it was when the dialog opened: the dialog stays, also when somebody else revokes the key meanwhile. */
type Open = { kind: "edit" | "rotate" | "revoke"; row: KeyRow };

/** @param rows all keys */
export function useKeyActions(rows: readonly KeyRow[]): { actions: (row: KeyRow) => RowAction[]; dialog: ReactNode } {
  const { me } = useConsole();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);

  function actions(row: KeyRow): RowAction[] {
    const { id, role } = row.key;
    const whyNot =
      roleBound(me, { role }) === undefined
        ? undefined
        : `Its role, ${roleName(role)}, grants more than yours. Ask a global admin.`;
    const action = (kind: Open["kind"], label: string) => ({ id: kind, label, whyNot, onAction: () => setOpen({ kind, row }) });
    return [
      action("edit", "Edit"),
      action("rotate", "Give it a new secret"),
      ...(me.can("audit.view")
        ? [{ id: "log", label: "Show its audit log", onAction: () => navigate(`/access/audit?thing=${encodeURIComponent(id)}`) }]
        : []),
      { ...action("revoke", "Revoke"), danger: true },
    ];
  }

  return { actions, dialog: open && <KeyDialog open={open} rows={rows} onClose={close} /> };
}

function KeyDialog({ open: { kind, row }, rows, onClose }: { open: Open; rows: readonly KeyRow[]; onClose: () => void }) {
  const { key: apiKey } = row;
  switch (kind) {
    case "edit":
      return <EditKey apiKey={apiKey} onClose={onClose} />;
    case "rotate":
      return <RotateKey apiKey={apiKey} onClose={onClose} />;
    case "revoke":
      return <RevokeKey apiKey={apiKey} made={rows.filter(({ key }) => key.created_via === apiKey.id)} onClose={onClose} />;
  }
}
