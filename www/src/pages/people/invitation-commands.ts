import type { Sender } from "../../data/use-command";

export function resend({ send }: Sender, user: string, name: string): Promise<unknown> {
  return send({ type: "resend_invitation", user }, ({ mail }) =>
    mail === "sent"
      ? `The invitation of ${name} is on its way. Links sent before are void.`
      : `The mail with the invitation of ${name} could not be sent. Links sent before are void.`,
  );
}

export function withdraw({ send }: Sender, user: string, name: string): Promise<unknown> {
  return send({ type: "revoke_invitation", user }, () => `The invitation of ${name} is withdrawn.`);
}
