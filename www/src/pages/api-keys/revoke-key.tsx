// Confirms that an API key is revoked: what stops at once.
import type { ApiKeyState } from "@wicketgate/edge/wire";
import { useCommand } from "../../data/use-command";
import { listOf } from "../../lib/sentences";
import { timeAway } from "../../lib/time";
import { ConfirmDialog } from "../../ui/dialog";
import { type KeyRow, previousUntil } from "./rows";

/** Keys that are named. */
const NAMED = 8;

/** @param made the keys that this key has created */
export function RevokeKey({ apiKey, made, onClose }: { apiKey: ApiKeyState; made: readonly KeyRow[]; onClose: () => void }) {
  const command = useCommand();
  const { id, name, last_used: used } = apiKey;

  async function revoke(): Promise<void> {
    if (await command.send({ type: "revoke_api_key", key: id }, () => `${name} is revoked.`)) onClose();
  }

  return (
    <ConfirmDialog
      title={`Revoke ${name}?`}
      submit="Revoke"
      cancel="Keep"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void revoke()}
      onClose={onClose}
    >
      <p>
        Every request with this key is refused at once
        {previousUntil(apiKey) === undefined ? "" : ", with the old secret too"}, and what uses it stops working.{" "}
        {used === undefined ? "It has never been used." : `It was last used ${timeAway(used)}.`}
      </p>
      <p>What was done with it stays, and so does the audit log. You can’t undo this: a new key has another secret.</p>
      {made.length > 0 && (
        <p>
          {made.length === 1 ? "A key that was created with it stays" : `${made.length} keys that were created with it stay`}:{" "}
          {listOf(
            made.map(({ key }) => key.name),
            NAMED,
          )}
          . Revoke {made.length === 1 ? "it" : "them"} too if somebody else may have had the secret.
        </p>
      )}
    </ConfirmDialog>
  );
}
