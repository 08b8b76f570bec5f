// The public keys that verify what webhooks send.
import type { WebhookKey } from "@wicketgate/edge/wire";
import { Badge } from "../../ui/badge";
import { CopyButton } from "../../ui/copy-button";

const STATES = { current: "Signs now", next: "Signs soon", retired: "Signs no more" } as const;

export function SigningKeys({ keys }: { keys: readonly WebhookKey[] }) {
  return (
    <section className="card">
      <div className="card-head">
        <div>
          <h2>Verify what you receive</h2>
          <p className="soft">
            Every request is signed as in the Standard Webhooks specification (<code>v1a</code>, Ed25519). These are the public
            keys; they are also in <a href="/.well-known/jwks.json">the organization’s key set</a>, which a receiver should fetch
            again every few minutes.
          </p>
        </div>
      </div>
      <ul className="webhook-keys">
        {keys.map(({ kid, key, state }) => (
          <li key={kid}>
            <code>{key}</code>
            <Badge tone={state === "current" ? "good" : "plain"}>{STATES[state]}</Badge>
            <CopyButton text={key} what={`the public key that ${STATES[state].toLowerCase()}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}
