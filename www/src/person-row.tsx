// One person of the list, with what may be done about them. What is not allowed after all, the authority refuses.
import type { User } from "wicketgate";
import type { Command, PendingInvitation } from "wicketgate/authority";
import type { Accepted } from "./api";
import type { Sender } from "./use-command";
import type { Opened } from "./use-live";
import { organizationRoles, roleName } from "./words";

interface Props {
  user: User;
  name: string;
  invitation: PendingInvitation | undefined;
  opened: Opened;
  command: Sender;
  onRemove: () => void;
}

interface Action {
  text: string;
  /** For those who do not see whose row it is in. */
  label: string;
  command: Command;
  done: (accepted: Accepted) => string;
}

export function PersonRow({ user, name, invitation, opened: { me, facts, snapshot }, command, onRemove }: Props) {
  const { id, role, status = "active" } = user;
  const own = id === snapshot.subject;
  const roles = organizationRoles(facts).filter((one) => one === role || me.canAssignRole(id, one));
  const mayRemove = !own && me.can("user.remove") && status !== "invited";
  const actions = [
    ...(status === "invited" && me.can("user.invite") ? invitationActions(id, name, invitation !== undefined) : []),
    ...(mayRemove ? [status === "active" ? suspension(id, name) : reactivation(id, name)] : []),
  ];
  return (
    <li data-person={id}>
      <div className="who">
        <strong>{name}</strong>{own && " (you)"}
        {status !== "active" && <span className={`badge ${status}`}>{status}</span>}
        {name !== id && <p className="soft">{id}</p>}
        {invitation && <p className="soft">Invited until {new Date(invitation.expires * 1000).toLocaleString()}</p>}
      </div>
      {roles.length > 1 ? (
        <select
          aria-label={`Role of ${name}`}
          value={role}
          onChange={({ target: { value } }) => command.send({ type: "assign_role", user: id, role: value }, () => `${name} is now ${roleName(value)}.`)}
        >
          {roles.map((one) => <option key={one} value={one}>{roleName(one)}</option>)}
        </select>
      ) : <span className="role">{roleName(role)}</span>}
      <div className="actions">
        {actions.map(({ text, label, command: its, done }) => (
          <button key={text} type="button" aria-label={label} onClick={() => command.send(its, done)}>{text}</button>
        ))}
        {mayRemove && <button type="button" className="danger" aria-label={`Remove ${name}`} onClick={onRemove}>Remove</button>}
      </div>
    </li>
  );
}

function suspension(user: string, name: string): Action {
  return { text: "Suspend", label: `Suspend ${name}`, command: { type: "suspend_user", user }, done: () => `${name} is suspended.` };
}

function reactivation(user: string, name: string): Action {
  return { text: "Reactivate", label: `Reactivate ${name}`, command: { type: "reactivate_user", user }, done: () => `${name} is active again.` };
}

function invitationActions(user: string, name: string, sent: boolean): Action[] {
  const text = sent ? "Send again" : "Send invitation";
  return [
    {
      text,
      label: `${text} to ${name}`,
      command: { type: "resend_invitation", user },
      done: ({ mail }) => (mail === "sent"
        ? `The invitation of ${name} is on its way. Links sent before are void.`
        : `The mail with the invitation of ${name} could not be sent. Links sent before are void.`),
    },
    {
      text: "Withdraw",
      label: `Withdraw the invitation of ${name}`,
      command: { type: "revoke_invitation", user },
      done: () => `The invitation of ${name} is withdrawn.`,
    },
  ];
}
