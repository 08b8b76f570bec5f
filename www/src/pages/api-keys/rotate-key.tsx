// Gives an API key a new secret, and shows it. The old one may be accepted for some time.
import type { ApiKeyState } from "@wicketgate/edge/wire";
import { useState } from "react";
import { limits } from "wicketgate/contract";
import { useCommand } from "../../data/use-command";
import { spanInWords, timeInWords } from "../../lib/time";
import { ChoiceField } from "../../ui/choice-field";
import { DialogForm } from "../../ui/dialog";
import { Notice } from "../../ui/notice";
import { NewSecret } from "./new-secret";
import { previousUntil } from "./rows";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Seconds for which the old secret can stay. */
const GRACES = [HOUR, DAY, limits.apiKeyGraceSecondsMost];

const GRACE_OPTIONS = [
  {
    value: "0",
    label: "Not at all",
    description: "For a secret that others may know. What uses it fails until it has the new one.",
  },
  ...GRACES.map((grace) => ({
    value: String(grace),
    label: `For ${spanInWords(grace)}`,
    description: "Both secrets are accepted meanwhile, so nothing fails while you replace it.",
  })),
];

export function RotateKey({ apiKey, onClose }: { apiKey: ApiKeyState; onClose: () => void }) {
  const { id, name } = apiKey;
  const command = useCommand();
  const [grace, setGrace] = useState(String(DAY));
  const [made, setMade] = useState<{ secret: string; grace: number }>();
  const before = previousUntil(apiKey);

  async function rotate(): Promise<void> {
    const accepted = await command.send(
      { type: "rotate_api_key", key: id, grace: Number(grace) },
      () => `${name} has a new secret. Copy it now.`,
    );
    if (accepted?.result.secret !== undefined) setMade({ secret: accepted.result.secret, grace: Number(grace) });
  }

  // The same dialog with other content, so that its end leads back to where it was opened.
  if (made) {
    return (
      <DialogForm title={`Copy the new secret of ${name} now`} cancel="Done" onClose={onClose}>
        <NewSecret secret={made.secret}>
          {made.grace === 0
            ? "The old secret is not accepted any more."
            : `The old secret is accepted for ${spanInWords(made.grace)}. Give your server the new one before.`}
        </NewSecret>
      </DialogForm>
    );
  }
  return (
    <DialogForm
      title={`New secret for ${name}`}
      submit="Make a new secret"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void rotate()}
      onClose={onClose}
    >
      <p>The key keeps its name, its role and all else. Only its secret changes.</p>
      <ChoiceField label="How long the old secret is still accepted" value={grace} onChange={setGrace} options={GRACE_OPTIONS} />
      {before !== undefined && (
        <Notice kind="warn" title="An older secret is still accepted">
          <p>
            The key got a new secret not long ago, and the one before is accepted until {timeInWords(before)}. If you make another
            one, that stops working at once.
          </p>
        </Notice>
      )}
    </DialogForm>
  );
}
