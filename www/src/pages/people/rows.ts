// One row per person, with everything that is searched, sorted and shown.
import type { Organization, Status, User } from "wicketgate";
import type { PendingInvitation } from "wicketgate/authority";
import type { Directory } from "../../data/api";
import { ownProperty } from "../../lib/own-property";
import type { Names } from "../../data/names";
import { roleName, STATUS } from "../../why/words";

export interface PersonRow {
  user: User;
  id: string;
  /** E-mail address; the id if there is none. */
  name: string;
  role: string;
  status: Status;
  /** Ids of their teams that the reader sees. */
  teams: string[];
  teamNames: string;
  /** Unix seconds. */
  lastActive: number | undefined;
  invitation: PendingInvitation | undefined;
  words: string;
}

export function peopleRows(facts: Organization, names: Names, directory: Directory | undefined): PersonRow[] {
  const invitations = new Map(directory?.invitations?.map((invitation) => [invitation.user, invitation]));
  const teams = new Map<string, string[]>();
  for (const { id, members = [] } of facts.teams ?? []) {
    for (const { user } of members) teams.set(user, [...(teams.get(user) ?? []), id]);
  }
  return (facts.users ?? []).map((user) => {
    const { id, status = "active" } = user;
    const name = names.person(id);
    const theirs = [...new Set(teams.get(id))];
    const teamNames = theirs.map(names.team).join(", ");
    return {
      user,
      id,
      name,
      status,
      teams: theirs,
      teamNames,
      role: roleName(user.role),
      lastActive: ownProperty(directory?.activity ?? {}, id),
      invitation: invitations.get(id),
      words: `${id} ${name} ${roleName(user.role)} ${STATUS[status]} ${teamNames}`,
    };
  });
}
