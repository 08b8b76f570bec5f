import type { Sender } from "../../data/use-command";

export function resend({ send }: Sender, user: string, name: string): Promise<unknown> {
  return send({ type: "resend_invitation", user }, ({ mail }) =>
    mail === "sent"
      ? `The invitation of ${name} was sent again. Earlier links no longer work.`
      : `The e-mail with the invitation of ${name} could not be sent. Earlier links no longer work.`,
  );
}

export function withdraw({ send }: Sender, user: string, name: string): Promise<unknown> {
  return send({ type: "revoke_invitation", user }, () => `The invitation of ${name} is withdrawn.`);
}
