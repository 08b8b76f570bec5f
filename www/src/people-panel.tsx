// The people of the organization, for those who look after them: invite, change role, suspend, remove.
import { type FormEvent, useDeferredValue, useState } from "react";
import type { User } from "wicketgate";
import { PersonRow } from "./person-row";
import { failureInWords } from "./problems";
import { RemoveDialog } from "./remove-dialog";
import { type Sender, useCommand } from "./use-command";
import { useDirectory } from "./use-directory";
import type { Opened } from "./use-live";
import { organizationRoles, roleName } from "./words";

export function PeoplePanel({ opened }: { opened: Opened }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="card people" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>People</h2>
        <span className="count">{opened.facts.users?.length ?? 0} in the organization</span>
        <span className="soft">Invite, change roles, suspend, remove</span>
      </summary>
      {open && <People opened={opened} />}
    </details>
  );
}

function People({ opened }: { opened: Opened }) {
  const { me, facts, snapshot } = opened;
  const { view, failure: unknown } = useDirectory(snapshot.version);
  const command = useCommand();
  const [search, setSearch] = useState("");
  const [leaving, setLeaving] = useState<string>();
  const wanted = useDeferredValue(search).trim().toLowerCase();

  // People know each other by address; an id may have been made up.
  const names = new Map(view?.organization.users?.map((user) => [user.id, user.email ?? user.id]));
  const nameOf = (user: string) => names.get(user) ?? user;
  const invitations = new Map(view?.invitations?.map((invitation) => [invitation.user, invitation]));
  const users = facts.users ?? [];
  const found = users.filter((user) => inWords(user, nameOf(user.id)).includes(wanted));
  const leaver = users.find((user) => user.id === leaving);

  function keep(): void {
    setLeaving(undefined);
    command.clear();
  }

  return (
    <>
      {me.can("user.invite") && <InviteForm opened={opened} command={command} />}
      <p role="status" className="said">{command.said}</p>
      {command.failure && !leaver && <p role="alert" className="problem">{failureInWords(command.failure)}</p>}
      {unknown && <p role="alert" className="problem">E-mail addresses and invitations are missing. {failureInWords(unknown)}</p>}
      <label className="search">
        <span>Find a person</span>
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} placeholder="Name, e-mail, role or status" />
      </label>
      {found.length === 0 && <p className="empty">Nobody matches “{search}”.</p>}
      <ul className="persons" aria-label="People of the organization">
        {found.map((user) => (
          <PersonRow
            key={user.id}
            user={user}
            name={nameOf(user.id)}
            invitation={invitations.get(user.id)}
            opened={opened}
            command={command}
            onRemove={() => setLeaving(user.id)}
          />
        ))}
      </ul>
      {leaver && (
        <RemoveDialog user={leaver} nameOf={nameOf} facts={facts} command={command} onRemoved={() => setLeaving(undefined)} onKept={keep} />
      )}
    </>
  );
}

function InviteForm({ opened, command }: { opened: Opened; command: Sender }) {
  const roles = organizationRoles(opened.facts);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("user");

  async function invite(event: FormEvent): Promise<void> {
    event.preventDefault();
    const accepted = await command.send({ type: "invite_user", email, role }, ({ mail }) => (
      mail === "sent" ? `${email} is invited. The mail is on its way.` : `${email} is invited, but the mail could not be sent. Send it again.`
    ));
    if (accepted) setEmail("");
  }

  return (
    <form className="invite" onSubmit={invite}>
      <label>
        <span>E-mail address</span>
        <input type="email" required value={email} onChange={(event) => setEmail(event.target.value)} autoComplete="off" placeholder="name@acme.example" />
      </label>
      <label>
        <span>Role</span>
        <select value={role} onChange={(event) => setRole(event.target.value)}>
          {roles.map((one) => <option key={one} value={one}>{roleName(one)}</option>)}
        </select>
      </label>
      <button type="submit" className="primary" aria-disabled={command.busy}>Invite</button>
    </form>
  );
}

function inWords({ id, role, status = "active" }: User, name: string): string {
  return `${id} ${name} ${roleName(role)} ${status}`.toLowerCase();
}
