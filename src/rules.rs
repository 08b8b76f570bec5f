//! The rules (§3.2, §3.3, §3.4): which relations a principal has to a target, which of them count under the assistant's ceiling,
//! what that decides, and who can give a role. This page is the whole of it; what each relation grants stands in [`crate::rules::role`].

pub(crate) mod capability;
pub(crate) mod decision;
pub(crate) mod origin;
pub(crate) mod role;

use self::capability::{Capability, CapabilitySet, Kind};
use self::decision::{Because, Decision, Denied, Relation};
use self::role::{ASSISTANT_OWNER, EDIT_LINK, GLOBAL_ADMIN, OWNER, PROJECT_CREATOR, PUBLIC, TEAM_OWNER, VIEWER};
use crate::facts::{ABSENT, Accessibility, Assistant, Facts, Holding, LinkLevel, Position, Status, Team, User, held_by, live};
use subtle::ConstantTimeEq;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// Somebody not signed in.
    Visitor,
    /// An active user and their organization role.
    User { user: Position, role: Position },
    /// A user who is unknown, invited or suspended: holds nothing, whatever else they present.
    Inactive,
}

/// A share-link key that was presented: its SHA-256, or none of something that cannot be a key and so opens nothing.
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) Option<[u8; 32]>);

/// Says nothing of a secret.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// Who asks and what they present.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Principal<'a> {
    pub(crate) who: Who,
    /// The share-link key presented.
    pub(crate) link: Option<Key>,
    /// The origin of the page that embeds the widget.
    pub(crate) origin: Option<&'a str>,
}

/// What is asked about, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Organization,
    Team(Position),
    Project(Position),
    Assistant(Position),
}

impl Place {
    /// The place of a kind at a position, which the organization does not have.
    pub(crate) fn new(kind: Kind, position: Position) -> Place {
        match kind {
            Kind::Organization => Place::Organization,
            Kind::Team => Place::Team(position),
            Kind::Project => Place::Project(position),
            Kind::Assistant => Place::Assistant(position),
        }
    }

    fn kind(self) -> Kind {
        match self {
            Place::Organization => Kind::Organization,
            Place::Team(_) => Kind::Team,
            Place::Project(_) => Kind::Project,
            Place::Assistant(_) => Kind::Assistant,
        }
    }
}

/// What the relations of a principal to a target come to.
#[derive(Default)]
struct Ties {
    /// What those grant that the ceiling lets count.
    powers: CapabilitySet,
    /// Of those, the ones that grant what is asked about, with role and team, in the order in which reasons are given.
    because: Vec<(Relation, Position, Position)>,
    /// Whether one that does not count would grant it.
    hidden: bool,
}

/// Every relation that `principal` has to `place` now and that lasts until a time: 0 for all that count now, `NEVER` for those
/// without end. What is asked about is for the reasons alone.
fn ties(facts: &Facts, principal: &Principal<'_>, now: u64, until: u64, place: Place, asked: CapabilitySet) -> Ties {
    let lasts = |expires| live(expires, now) && expires >= until;
    let assistant = if let Place::Assistant(assistant) = place { facts.assistant(assistant) } else { None };
    let project = match place {
        Place::Project(project) => facts.project(project),
        _ => assistant.and_then(|assistant| facts.project(assistant.project)),
    };
    let team_position = if let Place::Team(team) = place { team } else { project.map_or(ABSENT, |project| project.team) };

    // §3.3, the ceiling. Teams and projects have none.
    let ceiling = assistant.map_or(Accessibility::Public, |assistant| assistant.accessibility);
    let within_team = ceiling != Accessibility::OnlyMe;
    let open = ceiling == Accessibility::Public;

    let mut ties = Ties::default();
    let mut tie = |relation, role, team, grants: CapabilitySet, counts| {
        if counts {
            ties.powers = ties.powers.union(grants);
        }
        if !grants.intersection(asked).is_empty() {
            if counts {
                ties.because.push((relation, role, team));
            } else {
                ties.hidden = true;
            }
        }
    };

    if let Who::User { user, role } = principal.who {
        if role == GLOBAL_ADMIN {
            tie(Relation::GlobalAdmin, ABSENT, ABSENT, CapabilitySet::ALL, true);
        }

        let mut in_team = false;
        if let Some(team) = facts.team(team_position) {
            let memberships = || held_by(&team.members, user).iter().filter(|membership| lasts(membership.expires));
            let created = owns_by_creation(facts, team, user, role);
            in_team = created || memberships().next().is_some();
            if created || memberships().any(|membership| membership.role == OWNER) {
                tie(Relation::TeamOwner, OWNER, team_position, TEAM_OWNER, within_team);
            }
            // In the order of the relations, whatever the roles are called.
            for relation in [Relation::TeamViewer, Relation::TeamRole] {
                let of_relation = |role: Position| role != OWNER && (role == VIEWER) == (relation == Relation::TeamViewer);
                for &Holding { role, .. } in memberships().filter(|membership| of_relation(membership.role)) {
                    tie(relation, role, team_position, facts.grants_of(role), within_team);
                }
            }
        }

        if let (Place::Project(_), Some(project)) = (place, project)
            && project.creator == user
            && in_team
        {
            tie(Relation::ProjectCreator, ABSENT, ABSENT, PROJECT_CREATOR, true);
        }

        if let Some(assistant) = assistant {
            if assistant.owner == user {
                tie(Relation::AssistantOwner, ABSENT, ABSENT, ASSISTANT_OWNER, true);
            }
            // A global admin acts as owner of every team, so is in it here.
            let counts = open || (within_team && (in_team || role == GLOBAL_ADMIN));
            for grant in held_by(&assistant.grants, user).iter().filter(|grant| lasts(grant.expires)) {
                tie(Relation::AssistantGrant, grant.role, ABSENT, facts.grants_of(grant.role), counts);
            }
        }

        if role != GLOBAL_ADMIN {
            tie(Relation::OrganizationRole, role, ABSENT, facts.grants_of(role), within_team);
        }
        if assistant.is_some() {
            tie(Relation::Public, ABSENT, ABSENT, PUBLIC, open);
        }
    }

    if let (Some(assistant), false) = (assistant, matches!(principal.who, Who::Inactive)) {
        for (level, relation, grants) in
            [(LinkLevel::View, Relation::ViewLink, PUBLIC), (LinkLevel::Edit, Relation::EditLink, EDIT_LINK)]
        {
            if links(principal, assistant).any(|link| link.0 == level && lasts(link.1)) {
                tie(relation, ABSENT, ABSENT, grants, open);
            }
        }
        if matches!(principal.who, Who::Visitor) && embeds(facts, principal, assistant) {
            tie(Relation::Embed, ABSENT, ABSENT, PUBLIC, open);
        }
    }
    ties
}

/// Whether a user of this organization role acts as owner of a team because they created it.
fn owns_by_creation(facts: &Facts, team: &Team, user: Position, role: Position) -> bool {
    team.creator == user && facts.grants_of(role).contains(Capability::TeamCreate)
}

/// Whether a user of this organization role is in a team: a member, or its owner by creation.
#[cfg(feature = "authority")]
pub(crate) fn in_team(facts: &Facts, team: &Team, user: Position, role: Position, now: u64) -> bool {
    owns_by_creation(facts, team, user, role) || held_by(&team.members, user).iter().any(|membership| live(membership.expires, now))
}

/// Level and expiry of the links of an assistant whose key is presented. Digests are compared in constant time.
fn links(principal: &Principal<'_>, assistant: &Assistant) -> impl Iterator<Item = (LinkLevel, u64)> {
    let presented = principal.link.and_then(|key| key.0);
    assistant.links.iter().filter_map(move |link| {
        let (digest, presented) = (link.digest?, presented?);
        bool::from(digest.ct_eq(&presented)).then_some((link.level, link.expires))
    })
}

/// Whether the assistant's embedding allows the origin presented.
fn embeds(facts: &Facts, principal: &Principal<'_>, assistant: &Assistant) -> bool {
    let patterns = || assistant.origins.iter().flatten().map(|origin| facts.text(*origin));
    principal.origin.is_some_and(|origin| patterns().any(|pattern| origin::allows(pattern, origin)))
}

/// What the counting relations to the target grant that last until a time, of whatever kind and whatever the plan withholds: what
/// the principal can give there for as long (§3.4).
pub(crate) fn powers(facts: &Facts, principal: &Principal<'_>, now: u64, until: u64, place: Place) -> CapabilitySet {
    ties(facts, principal, now, until, place, CapabilitySet::NONE).powers
}

/// Every capability the principal holds on the target: what the counting relations grant, less what the plan withholds.
pub(crate) fn held(facts: &Facts, principal: &Principal<'_>, now: u64, place: Place) -> CapabilitySet {
    powers(facts, principal, now, 0, place).intersection(CapabilitySet::of_kind(place.kind())).difference(facts.withheld)
}

/// Why a person's organization role stays what it is (§3.4), the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Nobody changes their own.
    OwnRole,
    /// It, or the new one, grants what the actor's does not.
    BeyondOwnRole,
    /// They are the last active global admin.
    LastGlobalAdmin,
}

/// Whether they hold every capability everywhere, whatever the plan withholds. No role of other grants does it: none but a global
/// admin's counts on what is somebody else's and Only Me.
#[cfg(feature = "authority")]
pub(crate) fn holds_everything(who: &Who) -> bool {
    matches!(who, Who::User { role: GLOBAL_ADMIN, .. })
}

/// Whether a user of the organization role `own` may give or take away another one: nobody gives what they do not have.
pub(crate) fn covers(facts: &Facts, own: Position, role: Position) -> bool {
    facts.grants_of(own).contains_all(facts.grants_of(role))
}

/// Whether a user is the only active global admin, who stays.
pub(crate) fn is_last_global_admin(facts: &Facts, user: Position) -> bool {
    let active_admin = |user: &User| user.role == GLOBAL_ADMIN && user.status == Status::Active;
    facts.user(user).is_some_and(active_admin) && facts.users().iter().filter(|user| active_admin(user)).nth(1).is_none()
}

/// What keeps a user from being given the organization role `role` by another, who has the role `own` (§3.4).
/// No actor: the authority itself, which no role bounds.
pub(crate) fn assigning(facts: &Facts, actor: Option<(Position, Position)>, user: Position, role: Position) -> Option<Bound> {
    if actor.is_some_and(|(actor, _)| actor == user) {
        return Some(Bound::OwnRole);
    }
    let present = facts.user(user).map_or(ABSENT, |user| user.role);
    if actor.is_some_and(|(_, own)| !covers(facts, own, present) || !covers(facts, own, role)) {
        return Some(Bound::BeyondOwnRole);
    }
    (role != GLOBAL_ADMIN && is_last_global_admin(facts, user)).then_some(Bound::LastGlobalAdmin)
}

/// The same for removing or suspending a user.
#[cfg(feature = "authority")]
pub(crate) fn removing(facts: &Facts, own: Option<Position>, user: Position) -> Option<Bound> {
    let present = facts.user(user).map_or(ABSENT, |user| user.role);
    if own.is_some_and(|own| !covers(facts, own, present)) {
        return Some(Bound::BeyondOwnRole);
    }
    is_last_global_admin(facts, user).then_some(Bound::LastGlobalAdmin)
}

/// Who a user is as a principal.
pub(crate) fn who(facts: &Facts, user: Option<Position>) -> Who {
    match user.and_then(|user| Some((user, facts.user(user)?))) {
        Some((position, user)) if user.status == Status::Active => Who::User { user: position, role: user.role },
        _ => Who::Inactive,
    }
}

/// The decision with its reasons. `place` is absent where the target is not in the facts or of the wrong kind.
pub(crate) fn decide(facts: &Facts, principal: &Principal<'_>, now: u64, capability: Capability, place: Option<Place>) -> Decision {
    if matches!(principal.who, Who::Inactive) {
        return Decision::Denied(Denied::Inactive);
    }
    let Some(place) = place.filter(|place| place.kind() == capability.kind()) else {
        return Decision::Denied(Denied::UnknownTarget);
    };
    if facts.withheld.contains(capability) {
        return Decision::Denied(Denied::Plan);
    }
    let Ties { because, hidden, .. } = ties(facts, principal, now, 0, place, CapabilitySet::of(&[capability]));
    if because.is_empty() {
        return Decision::Denied(why_not(facts, principal, now, place, hidden));
    }
    let id = |position: Position, id: &str| (position != ABSENT).then(|| id.to_owned());
    let reason =
        |(relation, role, team)| Because { relation, role: id(role, facts.role_id(role)), team: id(team, facts.team_id(team)) };
    Decision::Allowed(because.into_iter().map(reason).collect())
}

/// The first reason that applies, once nothing grants the capability (§3.3).
fn why_not(facts: &Facts, principal: &Principal<'_>, now: u64, place: Place, hidden: bool) -> Denied {
    let Place::Assistant(assistant) = place else { return Denied::NotGranted };
    let Some(assistant) = facts.assistant(assistant) else { return Denied::UnknownTarget };
    match assistant.accessibility {
        Accessibility::OnlyMe if hidden => return Denied::OnlyMe,
        Accessibility::OnlyTeam if hidden => return Denied::OnlyTeam,
        Accessibility::OnlyMe | Accessibility::OnlyTeam => return Denied::NotGranted,
        Accessibility::Public => {}
    }
    if principal.link.is_some() {
        let mut found = links(principal, assistant).map(|link| link.1).peekable();
        if found.peek().is_none() {
            return Denied::LinkInvalid;
        }
        if !found.any(|expires| live(expires, now)) {
            return Denied::LinkExpired;
        }
    }
    let visitor = matches!(principal.who, Who::Visitor);
    if visitor && principal.origin.is_some() && !embeds(facts, principal, assistant) {
        return Denied::OriginNotAllowed;
    }
    Denied::NotGranted
}
