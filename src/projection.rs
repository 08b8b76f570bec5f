//! What of the facts a reader gets: the `member` and `gate` projections (§5).
//!
//! A projection answers exactly as the workspace does for its principals, and reveals nothing that its reader is not entitled to.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::capability::{Capability, CapabilitySet};
use crate::document::{self, Organization};
use crate::error::{Code, Error, quote};
use crate::facts::{ABSENT, Accessibility, Assistant, Facts, Holding, NEVER, Position, Status, Team, User, positions};
use crate::role::Level;
use crate::rules::{self, Place, Principal, Who};

/// Whether a viewer may see a user named as owner or creator, and their grants and memberships. No viewer: the authority itself.
fn shows(viewer: Option<Position>, user: Position) -> bool {
    viewer.is_none_or(|viewer| viewer == user)
}

impl Facts {
    /// The whole organization, as a document.
    pub fn workspace(&self) -> Organization {
        Organization {
            roles: self.custom_roles().map(|(position, _)| self.role_document(position)).collect(),
            users: self.users.iter().map(|user| self.user_document(user, true)).collect(),
            teams: positions(&self.teams).map(|team| self.team_document(team, None, true)).collect(),
            projects: positions(&self.projects).map(|project| self.project_document(project, None)).collect(),
            assistants: self
                .assistants
                .iter()
                .map(|assistant| document::Assistant {
                    project: Some(self.project_id(assistant.project).to_owned()),
                    links: self.link_documents(assistant, true),
                    embed: self.embed_document(assistant),
                    ..self.assistant_document(assistant, None)
                })
                .collect(),
            ..self.frame()
        }
    }

    /// What concerns one user, as they may see it at `now` (Unix seconds).
    ///
    /// # Errors
    /// [`Code::UnknownUser`] if there is no such user.
    pub fn member(&self, user: &str, now: u64) -> Result<Organization, Error> {
        let unknown = || Error::new(Code::UnknownUser, format!("there is no user {}", quote(user)));
        let subject = self.find_user(user).ok_or_else(unknown)?;
        let own = self.user(subject).ok_or_else(unknown)?;
        let viewer = Some(subject);
        let who = if own.status == Status::Active { Who::User { user: subject, role: own.role } } else { Who::Inactive };
        let active = matches!(who, Who::User { .. });
        let principal = Principal { who, link: None, origin: None };
        // Rules know nothing of inactive people's relations; they hold nothing at all.
        let held = |place| if active { rules::held(self, &principal, now, place) } else { CapabilitySet::NONE };
        let organization = held(Place::Organization);

        let teams: Vec<CapabilitySet> = positions(&self.teams).map(|team| held(Place::Team(team))).collect();
        let assistants: Vec<CapabilitySet> =
            positions(&self.assistants).map(|assistant| held(Place::Assistant(assistant))).collect();
        let in_team = |team: &Team| active && rules::in_team(self, team, subject, own.role, now);
        // A team is shown to those who are in it or hold something on it or on a project of it; a project to those who hold
        // something on it, or on an assistant of it that may be theirs through the team.
        let mut team_shown: Vec<bool> =
            self.teams.iter().zip(&teams).map(|(team, held)| !held.is_empty() || in_team(team)).collect();
        let mut project_shown: Vec<bool> =
            positions(&self.projects).map(|project| !held(Place::Project(project)).is_empty()).collect();
        for (assistant, held) in self.assistants.iter().zip(&assistants) {
            let through_team = self.project(assistant.project).is_some_and(|project| is(&team_shown, project.team));
            if !held.is_empty() && through_team {
                mark(&mut project_shown, assistant.project);
            }
        }
        for (project, shown) in self.projects.iter().zip(&project_shown) {
            if *shown {
                mark(&mut team_shown, project.team);
            }
        }

        let everybody = organization.contains(Capability::PanelUserSettings);
        let mut document = Organization {
            users: self
                .users
                .iter()
                .enumerate()
                .filter(|(position, _)| everybody || *position == subject as usize)
                .map(|(position, user)| self.user_document(user, position == subject as usize))
                .collect(),
            teams: positions(&self.teams)
                .zip(&teams)
                .filter(|(team, _)| is(&team_shown, *team))
                .map(|(team, held)| self.team_document(team, viewer, held.contains(Capability::TeamManageMembers)))
                .collect(),
            projects: positions(&self.projects)
                .filter(|project| is(&project_shown, *project))
                .map(|project| self.project_document(project, viewer))
                .collect(),
            assistants: self
                .assistants
                .iter()
                .zip(&assistants)
                .filter(|(_, held)| !held.is_empty())
                .map(|(assistant, held)| {
                    let shares = held.contains(Capability::AssistantShare);
                    let project = is(&project_shown, assistant.project).then(|| self.project_id(assistant.project).to_owned());
                    document::Assistant {
                        project,
                        links: if shares { self.link_documents(assistant, false) } else { Vec::new() },
                        embed: if shares { self.embed_document(assistant) } else { None },
                        ..self.assistant_document(assistant, viewer)
                    }
                })
                .collect(),
            ..self.frame()
        };
        document.roles = self.roles_in_play(&document, organization);
        Ok(document)
    }

    /// The custom roles that the document names, and the organization roles where the reader may give them.
    fn roles_in_play(&self, document: &Organization, held: CapabilitySet) -> Vec<document::RoleDefinition> {
        let assigns = held.contains(Capability::UserAssignRole) || held.contains(Capability::UserInvite);
        let mut in_play = vec![false; self.roles.len()];
        let users = document.users.iter().map(|user| &user.role);
        let members = document.teams.iter().flat_map(|team| &team.members).map(|member| &member.role);
        let grants = document.assistants.iter().flat_map(|assistant| &assistant.grants).map(|grant| &grant.role);
        for role in users.chain(members).chain(grants).filter_map(|role| self.find_role(role)) {
            mark(&mut in_play, role);
        }
        let shown = |(position, role): &(Position, &crate::role::Role)| {
            is(&in_play, *position) || (assigns && role.on == Level::Organization)
        };
        self.custom_roles().filter(shown).map(|(position, _)| self.role_document(position)).collect()
    }

    /// Those of the assistants that are public, for visitors: nothing about people, teams or projects.
    pub fn gate(&self, assistants: &[&str]) -> Organization {
        let mut chosen: Vec<Position> = assistants.iter().filter_map(|id| self.find_assistant(id)).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let public = |assistant: &&Assistant| assistant.accessibility == Accessibility::Public;
        Organization {
            assistants: chosen
                .into_iter()
                .filter_map(|position| self.assistant(position))
                .filter(public)
                .map(|assistant| document::Assistant {
                    links: self.link_documents(assistant, true),
                    embed: self.embed_document(assistant),
                    ..self.assistant_document(assistant, Some(ABSENT))
                })
                .collect(),
            ..self.frame()
        }
    }

    /// What every document has: the id and the plan.
    fn frame(&self) -> Organization {
        let names = |set: CapabilitySet| set.iter().map(|capability| capability.name().to_owned()).collect();
        let plan = document::Plan { name: self.plan_name().map(str::to_owned), withholds: names(self.withheld) };
        Organization {
            id: self.organization().to_owned(),
            plan: (plan.name.is_some() || !plan.withholds.is_empty()).then_some(plan),
            roles: Vec::new(),
            users: Vec::new(),
            teams: Vec::new(),
            projects: Vec::new(),
            assistants: Vec::new(),
        }
    }

    fn role_document(&self, position: Position) -> document::RoleDefinition {
        let on = self.role(position).map_or(Level::Assistant, |role| role.on);
        let grants = self.grants_of(position).iter().map(|capability| capability.name().to_owned()).collect();
        document::RoleDefinition { id: self.role_id(position).to_owned(), on, grants }
    }

    fn user_document(&self, user: &User, address: bool) -> document::User {
        document::User {
            id: self.text(user.id).to_owned(),
            role: self.role_id(user.role).to_owned(),
            status: user.status,
            email: user.email.filter(|_| address).map(|email| self.text(email).to_owned()),
        }
    }

    fn named(&self, user: Position, viewer: Option<Position>) -> Option<String> {
        (user != ABSENT && shows(viewer, user)).then(|| self.user_id(user).to_owned())
    }

    fn team_document(&self, position: Position, viewer: Option<Position>, members: bool) -> document::Team {
        let team = self.team(position);
        let held = team.map(|team| self.members(team)).unwrap_or_default();
        document::Team {
            id: self.team_id(position).to_owned(),
            name: team.and_then(|team| team.name).map(|name| self.text(name).to_owned()),
            creator: team.and_then(|team| self.named(team.creator, viewer)),
            members: held
                .iter()
                .filter(|member| members || shows(viewer, member.user))
                .map(|member| self.holding_document(member))
                .collect(),
        }
    }

    fn holding_document(&self, holding: &Holding) -> document::Holding {
        document::Holding {
            user: self.user_id(holding.user).to_owned(),
            role: self.role_id(holding.role).to_owned(),
            expires: expiry(holding.expires),
        }
    }

    fn project_document(&self, position: Position, viewer: Option<Position>) -> document::Project {
        let project = self.project(position);
        document::Project {
            id: self.project_id(position).to_owned(),
            name: project.and_then(|project| project.name).map(|name| self.text(name).to_owned()),
            team: self.team_id(project.map_or(ABSENT, |project| project.team)).to_owned(),
            creator: project.and_then(|project| self.named(project.creator, viewer)),
        }
    }

    /// An assistant without its project, links and embedding.
    fn assistant_document(&self, assistant: &Assistant, viewer: Option<Position>) -> document::Assistant {
        let grants = self.grants(assistant).iter().filter(|grant| shows(viewer, grant.user));
        document::Assistant {
            id: self.text(assistant.id).to_owned(),
            name: assistant.name.map(|name| self.text(name).to_owned()),
            project: None,
            owner: self.named(assistant.owner, viewer),
            accessibility: assistant.accessibility,
            grants: grants.map(|grant| self.holding_document(grant)).collect(),
            links: Vec::new(),
            embed: None,
        }
    }

    fn link_documents(&self, assistant: &Assistant, digests: bool) -> Vec<document::Link> {
        let links = self.links(assistant).iter();
        links
            .map(|link| document::Link {
                id: self.text(link.id).to_owned(),
                level: link.level,
                digest: link.digest.filter(|_| digests).map(|digest| Base64UrlUnpadded::encode_string(&digest)),
                expires: expiry(link.expires),
            })
            .collect()
    }

    fn embed_document(&self, assistant: &Assistant) -> Option<document::Embed> {
        assistant.embeds.then(|| document::Embed { origins: self.origins(assistant).map(str::to_owned).collect() })
    }
}

fn is(flags: &[bool], position: Position) -> bool {
    flags.get(position as usize) == Some(&true)
}

fn mark(flags: &mut [bool], position: Position) {
    if let Some(flag) = flags.get_mut(position as usize) {
        *flag = true;
    }
}

fn expiry(expires: u64) -> Option<u64> {
    (expires != NEVER).then_some(expires)
}
