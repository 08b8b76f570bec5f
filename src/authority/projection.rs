//! Projections: the part of the facts that a viewer is shown, for `member` and `gate` snapshots (§5) and for the overview.
//!
//! A projection gives the same answers as the workspace for its principals, and reveals nothing else. Each thing is shown or hidden by
//! itself, so that the cost of a view of few things depends on these things only.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::authority::lists::{Lists, shown};
use crate::document::{self, Organization};
use crate::error::{Code, Error, quote};
use crate::facts::{ABSENT, ANYBODY, Accessibility, Facts, Holding, NEVER, Position, held_by};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::role::Level;
use crate::rules::{Acting, Identity, Place};

/// The users with their memberships and grants in a document.
#[derive(Clone, Debug)]
pub(crate) enum Holders {
    /// Everybody's whom the reader may see.
    All,
    /// Of these, those whom the reader may see.
    Only(BTreeSet<String>),
}

impl Holders {
    /// No holdings.
    pub(crate) fn none() -> Holders {
        Holders::Only(BTreeSet::new())
    }

    /// The holdings of one user.
    pub(crate) fn one(user: &str) -> Holders {
        Holders::Only(BTreeSet::from([user.to_owned()]))
    }
}

/// The facts as one viewer sees them.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    facts: &'a Facts,
    viewer: Viewer,
}

#[derive(Clone, Copy)]
enum Viewer {
    /// The authority itself. It sees everything.
    Authority,
    /// A global admin. They see everything except digests.
    Overview,
    /// A user or an API key at `now` (Unix seconds), with the capabilities that they hold on the organization. `user` is [`ANYBODY`] for a
    /// key that acts for itself.
    Member { user: Position, acting: Acting, now: u64, organization: CapabilitySet },
    /// A gate. It sees public assistants and no people.
    Gate,
}

impl Facts {
    /// The whole organization, as a document; its lists are sorted by id.
    pub fn workspace(&self) -> Organization {
        self.seen_by_authority().document()
    }

    /// The whole organization without the digests of its links.
    pub fn overview(&self) -> Organization {
        self.seen_in_overview().document()
    }

    /// The facts that one user may see at `now` (Unix seconds).
    ///
    /// # Errors
    /// [`Code::UnknownUser`] if there is no such user.
    pub fn member(&self, user: &str, now: u64) -> Result<Organization, Error> {
        Ok(self.seen_by(user, now)?.document())
    }

    /// The public ones of these assistants, for visitors: without people, teams and projects.
    pub fn gate(&self, assistants: &[&str]) -> Organization {
        let chosen: BTreeSet<&str> = assistants.iter().copied().collect();
        let view = self.seen_by_gate();
        let chosen = chosen.into_iter().filter_map(|id| self.find_target(Kind::Assistant, id));
        Organization {
            assistants: chosen.filter_map(|assistant| view.assistant(assistant, &Holders::All)).collect(),
            ..self.frame()
        }
    }

    pub(crate) fn seen_by_authority(&self) -> View<'_> {
        View { facts: self, viewer: Viewer::Authority }
    }

    pub(crate) fn seen_in_overview(&self) -> View<'_> {
        View { facts: self, viewer: Viewer::Overview }
    }

    pub(crate) fn seen_by_gate(&self) -> View<'_> {
        View { facts: self, viewer: Viewer::Gate }
    }

    pub(crate) fn seen_by(&self, user: &str, now: u64) -> Result<View<'_>, Error> {
        let acting = Acting::alone(Identity::of(self, self.find_user(user)));
        self.seen_by_actor(Some(user), acting, now)
    }

    /// The facts as a user sees them, a key for itself (without `user`), or a key on behalf of a user.
    pub(crate) fn seen_by_actor(&self, user: Option<&str>, acting: Acting, now: u64) -> Result<View<'_>, Error> {
        let unknown = |user| Error::new(Code::UnknownUser, format!("there is no user {}", quote(user)));
        let user = match user {
            Some(user) => self.find_user(user).ok_or_else(|| unknown(user))?,
            None => ANYBODY,
        };
        let organization = acting.held(self, now, Place::Organization);
        Ok(View { facts: self, viewer: Viewer::Member { user, acting, now, organization } })
    }

    /// A document with the id and the plan only: every viewer is shown these.
    pub(crate) fn frame(&self) -> Organization {
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

    pub(crate) fn role_document(&self, position: Position) -> document::RoleDefinition {
        let on = self.role(position).map_or(Level::Assistant, |role| role.on);
        let grants = self.grants_of(position).iter().map(|capability| capability.name().to_owned()).collect();
        document::RoleDefinition { id: self.role_id(position).to_owned(), on, grants }
    }

    fn holding_document(&self, holding: &Holding) -> document::Holding {
        document::Holding {
            user: self.user_id(holding.user).to_owned(),
            role: self.role_id(holding.role).to_owned(),
            expires: expiry(holding.expires),
        }
    }
}

impl<'a> View<'a> {
    pub(crate) fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// Everything that the viewer is shown, as one document.
    pub(crate) fn document(&self) -> Organization {
        self.lists().document()
    }

    /// Everything that the viewer is shown.
    pub(crate) fn lists(&self) -> Lists<'a> {
        let facts = self.facts;
        let everything = matches!(self.viewer, Viewer::Authority | Viewer::Overview);
        let users = shown(facts.all_users(), everything, |user| self.shows_user(user));
        let teams = shown(facts.targets(Kind::Team), everything, |team| self.shows_team(team));
        let projects = shown(facts.targets(Kind::Project), everything, |project| self.shows_project(project));
        let assistants = shown(facts.targets(Kind::Assistant), everything, |assistant| self.shows_assistant(assistant));
        self.with_roles(users, teams, projects, assistants)
    }

    /// What the viewer is shown of one assistant, its project and its team, and of themselves.
    pub(crate) fn lists_about(&self, assistant: &str) -> Lists<'a> {
        let facts = self.facts;
        let assistant = facts.find_target(Kind::Assistant, assistant);
        let project = assistant.and_then(|assistant| Some(facts.assistant(assistant)?.project));
        let team = project.and_then(|project| Some(facts.project(project)?.team));
        let viewer = match self.viewer {
            Viewer::Member { user, .. } if user != ANYBODY => vec![user],
            _ => Vec::new(),
        };
        let holders = Holders::Only(viewer.iter().map(|user| facts.user_id(*user).to_owned()).collect());
        let only = |found: Option<Position>, shows: &dyn Fn(Position) -> bool| found.into_iter().filter(|it| shows(*it)).collect();
        let teams = only(team, &|team| self.shows_team(team));
        let projects = only(project, &|project| self.shows_project(project));
        let assistants = only(assistant, &|assistant| self.shows_assistant(assistant));
        let lists = self.with_roles(Cow::Owned(viewer), Cow::Owned(teams), Cow::Owned(projects), Cow::Owned(assistants));
        Lists { holders, ..lists }
    }

    /// The lists, with the custom roles that the viewer is shown with them.
    fn with_roles(
        &self,
        users: Cow<'a, [Position]>,
        teams: Cow<'a, [Position]>,
        projects: Cow<'a, [Position]>,
        assistants: Cow<'a, [Position]>,
    ) -> Lists<'a> {
        let (view, facts) = (*self, self.facts);
        let mut in_play = BTreeSet::new();
        if !matches!(self.viewer, Viewer::Authority | Viewer::Overview) {
            in_play.extend(users.iter().filter_map(|user| facts.user(*user)).map(|user| user.role));
            for (position, team) in teams.iter().filter_map(|team| Some((*team, facts.team(*team)?))) {
                let manages = self.manages_members(position);
                let members = team.members.iter().filter(|member| manages || self.shows(member.user));
                in_play.extend(members.map(|member| member.role));
            }
            let grants =
                assistants.iter().filter_map(|assistant| facts.assistant(*assistant)).flat_map(|assistant| &assistant.grants);
            in_play.extend(grants.filter(|grant| self.shows(grant.user)).map(|grant| grant.role));
        }
        let roles = self.shown_roles(|role| in_play.contains(&role));
        Lists { view, holders: Holders::All, roles, users, teams, projects, assistants, edit: None }
    }

    /// The custom roles that the viewer is shown with a document.
    pub(crate) fn roles(&self, document: &Organization) -> Vec<document::RoleDefinition> {
        let users = document.users.iter().map(|user| &user.role);
        let members = document.teams.iter().flat_map(|team| &team.members).map(|member| &member.role);
        let grants = document.assistants.iter().flat_map(|assistant| &assistant.grants).map(|grant| &grant.role);
        let in_play: BTreeSet<&str> = users.chain(members).chain(grants).map(String::as_str).collect();
        self.shown_roles(|role| in_play.contains(self.facts.role_id(role)))
    }

    /// The custom roles that the viewer is shown. A gate is shown none; a member those that are named in what is shown, and the organization
    /// roles if they may give them.
    fn shown_roles(&self, in_play: impl Fn(Position) -> bool) -> Vec<document::RoleDefinition> {
        let facts = self.facts;
        let (everything, assigns) = match self.viewer {
            Viewer::Authority | Viewer::Overview => (true, true),
            Viewer::Gate => return Vec::new(),
            Viewer::Member { organization, .. } => {
                (false, organization.contains(Capability::UserAssignRole) || organization.contains(Capability::UserInvite))
            }
        };
        let shown = |role: &Position| {
            let given = facts.role(*role).is_some_and(|role| role.on == Level::Organization);
            everything || in_play(*role) || (assigns && given)
        };
        facts.custom_roles().filter(shown).map(|role| facts.role_document(role)).collect()
    }

    fn held(&self, place: Place) -> CapabilitySet {
        match self.viewer {
            Viewer::Authority | Viewer::Overview => CapabilitySet::ALL,
            Viewer::Member { acting, now, .. } => acting.held(self.facts, now, place),
            Viewer::Gate => CapabilitySet::NONE,
        }
    }

    /// Whether the viewer may see that a user is owner or creator, and see their grants and memberships.
    fn shows(&self, user: Position) -> bool {
        match self.viewer {
            Viewer::Authority | Viewer::Overview => true,
            Viewer::Member { user: viewer, .. } => viewer == user,
            Viewer::Gate => false,
        }
    }

    fn named(&self, user: Position) -> Option<String> {
        (user != ABSENT && self.shows(user)).then(|| self.facts.user_id(user).to_owned())
    }

    /// Whether the viewer is in a team or holds anything on it.
    fn reaches(&self, position: Position) -> bool {
        let in_team = || match self.viewer {
            Viewer::Authority | Viewer::Overview => true,
            Viewer::Member { acting, now, .. } => acting.in_team(self.facts, now, position),
            Viewer::Gate => false,
        };
        !self.held(Place::Team(position)).is_empty() || in_team()
    }

    /// Whether a project is shown: to users who hold anything on it; and to users who are in its team, or hold anything on the team, and hold
    /// anything on an assistant of the project.
    fn shows_project(&self, position: Position) -> bool {
        let through_team = || {
            let project = self.facts.project(position);
            project.is_some_and(|project| {
                let holds = |assistant: &Position| !self.held(Place::Assistant(*assistant)).is_empty();
                self.reaches(project.team) && project.assistants.iter().any(holds)
            })
        };
        !self.held(Place::Project(position)).is_empty() || through_team()
    }

    /// Whether a team is shown: to users who are in it, hold anything on it, or see a project of it.
    fn shows_team(&self, position: Position) -> bool {
        let through_project =
            || self.facts.team(position).is_some_and(|team| team.projects.iter().any(|project| self.shows_project(*project)));
        self.reaches(position) || through_project()
    }

    fn shows_user(&self, position: Position) -> bool {
        let everybody = match self.viewer {
            Viewer::Authority | Viewer::Overview => true,
            Viewer::Member { organization, .. } => organization.contains(Capability::PanelUserSettings),
            Viewer::Gate => false,
        };
        everybody || self.shows(position)
    }

    fn manages_members(&self, team: Position) -> bool {
        self.held(Place::Team(team)).contains(Capability::TeamManageMembers)
    }

    fn shows_assistant(&self, position: Position) -> bool {
        match self.viewer {
            Viewer::Gate => self.facts.assistant(position).is_some_and(|it| it.accessibility == Accessibility::Public),
            _ => !self.held(Place::Assistant(position)).is_empty(),
        }
    }

    pub(crate) fn user(&self, position: Position) -> Option<document::User> {
        let facts = self.facts;
        let user = facts.user(position)?;
        self.shows_user(position).then(|| document::User {
            id: facts.user_id(position).to_owned(),
            role: facts.role_id(user.role).to_owned(),
            status: user.status,
            email: user.email.filter(|_| self.shows(position)).map(|email| facts.text(email).to_owned()),
            name: user.name.map(|name| facts.text(name).to_owned()),
        })
    }

    pub(crate) fn team(&self, position: Position, holders: &Holders) -> Option<document::Team> {
        let facts = self.facts;
        let team = facts.team(position)?;
        if !self.shows_team(position) {
            return None;
        }
        let manages = self.manages_members(position);
        Some(document::Team {
            id: facts.team_id(position).to_owned(),
            name: team.name.map(|name| facts.text(name).to_owned()),
            creator: self.named(team.creator),
            members: self.holdings(&team.members, manages, holders),
        })
    }

    pub(crate) fn project(&self, position: Position) -> Option<document::Project> {
        let facts = self.facts;
        let project = facts.project(position)?;
        self.shows_project(position).then(|| document::Project {
            id: facts.project_id(position).to_owned(),
            name: project.name.map(|name| facts.text(name).to_owned()),
            team: facts.team_id(project.team).to_owned(),
            creator: self.named(project.creator),
        })
    }

    pub(crate) fn assistant(&self, position: Position, holders: &Holders) -> Option<document::Assistant> {
        let facts = self.facts;
        let assistant = facts.assistant(position)?;
        let held = self.held(Place::Assistant(position));
        let gate = matches!(self.viewer, Viewer::Gate);
        let shown = if gate { assistant.accessibility == Accessibility::Public } else { !held.is_empty() };
        if !shown {
            return None;
        }
        let shares = gate || held.contains(Capability::AssistantShare);
        let digests = matches!(self.viewer, Viewer::Authority | Viewer::Gate);
        let link = |link: &crate::facts::Link| document::Link {
            id: facts.text(link.id).to_owned(),
            level: link.level,
            digest: link.digest.filter(|_| digests).map(|digest| Base64UrlUnpadded::encode_string(&digest)),
            expires: expiry(link.expires),
        };
        let mut links: Vec<document::Link> = assistant.links.iter().filter(|_| shares).map(link).collect();
        links.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        let origins = assistant.origins.as_ref().filter(|_| shares);
        let texts = |origins: &Vec<_>| origins.iter().map(|origin| facts.text(*origin).to_owned()).collect();
        Some(document::Assistant {
            id: facts.assistant_id(position).to_owned(),
            name: assistant.name.map(|name| facts.text(name).to_owned()),
            project: self.shows_project(assistant.project).then(|| facts.project_id(assistant.project).to_owned()),
            owner: self.named(assistant.owner),
            accessibility: assistant.accessibility,
            grants: self.holdings(&assistant.grants, false, holders),
            links,
            embed: origins.map(|origins| document::Embed { origins: texts(origins) }),
        })
    }

    /// The shown holdings among these, in the order of users and roles.
    fn holdings(&self, holdings: &[Holding], all: bool, holders: &Holders) -> Vec<document::Holding> {
        let shown = |holding: &&Holding| all || self.shows(holding.user);
        let document = |holding: &Holding| self.facts.holding_document(holding);
        let mut shown: Vec<document::Holding> = match holders {
            Holders::All => holdings.iter().filter(shown).map(document).collect(),
            Holders::Only(users) => {
                let users = users.iter().filter_map(|user| self.facts.find_user(user));
                users.flat_map(|user| held_by(holdings, user)).filter(shown).map(document).collect()
            }
        };
        shown.sort_unstable_by(|one, other| (&one.user, &one.role, one.expires).cmp(&(&other.user, &other.role, other.expires)));
        shown
    }
}

fn expiry(expires: u64) -> Option<u64> {
    (expires != NEVER).then_some(expires)
}
