//! What the facts say of one thing, as documents: the sides of a change.

use crate::capability::Kind;
use crate::document::{self, AssistantChange, TeamChange};
use crate::facts::{ABSENT, Facts, Holding, NEVER, Position, held_by};

use super::event::base64url;

/// Whose holdings a change says.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    Nobodys,
    OneUsers(Position),
    Everybodys,
}

impl Facts {
    /// The positions of the targets of a kind.
    pub(super) fn all(&self, kind: Kind) -> std::ops::Range<Position> {
        0..self.count(kind) as Position
    }

    /// The positions of the users.
    pub(super) fn all_users(&self) -> std::ops::Range<Position> {
        crate::facts::positions(&self.users)
    }

    /// What a user holds on a team.
    pub(super) fn memberships(&self, team: Position, user: Position) -> &[Holding] {
        self.team(team).map(|team| held_by(self.members(team), user)).unwrap_or_default()
    }

    /// What a user was granted on an assistant.
    pub(super) fn granted(&self, assistant: Position, user: Position) -> &[Holding] {
        self.assistant(assistant).map(|assistant| held_by(self.grants(assistant), user)).unwrap_or_default()
    }

    /// Everybody's holdings on a team.
    pub(super) fn all_members(&self, team: Position) -> &[Holding] {
        self.team(team).map(|team| self.members(team)).unwrap_or_default()
    }

    /// Everybody's grants on an assistant.
    pub(super) fn all_grants(&self, assistant: Position) -> &[Holding] {
        self.assistant(assistant).map(|assistant| self.grants(assistant)).unwrap_or_default()
    }

    pub(super) fn user_as_is(&self, position: Position) -> document::User {
        let user = self.user(position);
        document::User {
            id: self.user_id(position).to_owned(),
            role: self.role_id(user.map_or(ABSENT, |user| user.role)).to_owned(),
            status: user.map(|user| user.status).unwrap_or_default(),
            email: self.address(position).map(str::to_owned),
        }
    }

    /// A user's address.
    pub(super) fn address(&self, user: Position) -> Option<&str> {
        self.user(user).and_then(|user| user.email).map(|email| self.text(email))
    }

    pub(super) fn role_as_is(&self, position: Position) -> Option<document::RoleDefinition> {
        let role = self.role(position)?;
        let grants = role.grants.iter().map(|capability| capability.name().to_owned()).collect();
        Some(document::RoleDefinition { id: self.role_id(position).to_owned(), on: role.on, grants })
    }

    /// The plan, empty if there is none.
    pub(super) fn plan_as_is(&self) -> document::Plan {
        let withholds = self.withheld.iter().map(|capability| capability.name().to_owned()).collect();
        document::Plan { name: self.plan_name().map(str::to_owned), withholds }
    }

    pub(super) fn team_as_is(&self, position: Position, whose: Whose) -> TeamChange {
        let team = self.team(position);
        let (members, without) = self.holdings_as_is(self.all_members(position), whose);
        TeamChange {
            id: self.team_id(position).to_owned(),
            name: team.and_then(|team| team.name).map(|name| self.text(name).to_owned()),
            creator: self.named_user(team.map_or(ABSENT, |team| team.creator)),
            members,
            without,
        }
    }

    pub(super) fn project_as_is(&self, position: Position) -> document::Project {
        let project = self.project(position);
        document::Project {
            id: self.project_id(position).to_owned(),
            name: project.and_then(|project| project.name).map(|name| self.text(name).to_owned()),
            team: self.team_id(project.map_or(ABSENT, |project| project.team)).to_owned(),
            creator: self.named_user(project.map_or(ABSENT, |project| project.creator)),
        }
    }

    pub(super) fn assistant_as_is(&self, position: Position, whose: Whose) -> Option<AssistantChange> {
        let assistant = self.assistant(position)?;
        let (grants, without) = self.holdings_as_is(self.all_grants(position), whose);
        let links = self.links(assistant).iter().map(|link| document::Link {
            id: self.text(link.id).to_owned(),
            level: link.level,
            digest: link.digest.map(|digest| base64url(&digest)),
            expires: expiry(link.expires),
        });
        Some(AssistantChange {
            id: self.assistant_id(position).to_owned(),
            name: assistant.name.map(|name| self.text(name).to_owned()),
            project: Some(self.project_id(assistant.project).to_owned()),
            owner: self.named_user(assistant.owner),
            accessibility: assistant.accessibility,
            grants,
            without,
            links: links.collect(),
            embed: assistant.embeds.then(|| document::Embed { origins: self.origins(assistant).map(str::to_owned).collect() }),
        })
    }

    pub(super) fn holding_as_is(&self, holding: &Holding) -> document::Holding {
        document::Holding {
            user: self.user_id(holding.user).to_owned(),
            role: self.role_id(holding.role).to_owned(),
            expires: expiry(holding.expires),
        }
    }

    /// The holdings that a change says, and the user who has none.
    fn holdings_as_is(&self, all: &[Holding], whose: Whose) -> (Vec<document::Holding>, Vec<String>) {
        let held = match whose {
            Whose::Nobodys => &[],
            Whose::OneUsers(user) => held_by(all, user),
            Whose::Everybodys => all,
        };
        let without = match whose {
            Whose::OneUsers(user) if held.is_empty() => vec![self.user_id(user).to_owned()],
            _ => Vec::new(),
        };
        (held.iter().map(|holding| self.holding_as_is(holding)).collect(), without)
    }

    fn named_user(&self, user: Position) -> Option<String> {
        (user != ABSENT).then(|| self.user_id(user).to_owned())
    }
}

fn expiry(expires: u64) -> Option<u64> {
    (expires != NEVER).then_some(expires)
}
