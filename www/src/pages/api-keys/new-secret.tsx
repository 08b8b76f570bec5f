// A secret that is shown this once: it is in the open dialog alone, and gone when that closes.
import type { ReactNode } from "react";
import { CopyButton } from "../../ui/copy-button";
import { TextField } from "../../ui/text-field";

/** The content of a dialog. */
export function NewSecret({ secret, children }: { secret: string; children: ReactNode }) {
  return (
    <>
      <TextField
        label="The secret"
        value={secret}
        onChange={() => {}}
        rows={2}
        readOnly
        autoFocus
        spellCheck={false}
        description="It is shown only now, because it is not stored. If you lose it, give the key a new secret."
      />
      <div className="actions">
        <CopyButton text={secret} what="the secret" />
      </div>
      <p>{children}</p>
    </>
  );
}
