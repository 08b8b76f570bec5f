//! Desired facts: one thing as a line of JSON, read strictly.

use serde_json::Value;

use super::FactKind;
use crate::authority::directory::command::{FieldError, Fields, read_object, read_object_at, read_objects};
use crate::document::{Assistant, Embed, Link, Project, RoleDefinition, Team, User};
use crate::error::quote;
use crate::facts::{MAX_ID, is_new_id};

/// One thing as it should be.
pub(super) enum Fact {
    Role(RoleDefinition),
    User(User),
    Team(Team),
    Project(Project),
    Assistant(Assistant),
}

impl Fact {
    pub(super) fn read(line: &str) -> Result<Fact, FieldError> {
        read_object(line, |fields| {
            let name: String = fields.required("kind")?;
            let kind = FactKind::ALL.into_iter().find(|kind| kind.of_one() == name);
            let fact = match kind.ok_or_else(|| FieldError::at("kind", format!("there is no kind {}", quote(&name))))? {
                FactKind::Roles => {
                    let (id, on, grants) = (id(fields)?, fields.required("on")?, fields.required("grants")?);
                    Fact::Role(RoleDefinition { id, on, grants })
                }
                FactKind::Users => Fact::User(User {
                    id: id(fields)?,
                    role: fields.required("role")?,
                    status: fields.optional("status")?.unwrap_or_default(),
                    email: fields.optional("email")?,
                    name: fields.optional("name")?,
                }),
                FactKind::Teams => Fact::Team(Team {
                    id: id(fields)?,
                    name: fields.optional("name")?,
                    creator: fields.optional("creator")?,
                    members: fields.optional("members")?.unwrap_or_default(),
                }),
                FactKind::Projects => Fact::Project(Project {
                    id: id(fields)?,
                    name: fields.optional("name")?,
                    team: fields.required("team")?,
                    creator: fields.optional("creator")?,
                }),
                FactKind::Assistants => Fact::Assistant(Assistant {
                    id: id(fields)?,
                    name: fields.optional("name")?,
                    project: Some(fields.required("project")?),
                    owner: Some(fields.required("owner")?),
                    accessibility: fields.required("accessibility")?,
                    grants: fields.optional("grants")?.unwrap_or_default(),
                    links: fields.take("links").map(links).transpose()?.unwrap_or_default(),
                    embed: fields.take("embed").map(embed).transpose()?,
                }),
            };
            Ok(fact)
        })
    }

    pub(super) fn kind(&self) -> FactKind {
        match self {
            Fact::Role(_) => FactKind::Roles,
            Fact::User(_) => FactKind::Users,
            Fact::Team(_) => FactKind::Teams,
            Fact::Project(_) => FactKind::Projects,
            Fact::Assistant(_) => FactKind::Assistants,
        }
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Fact::Role(role) => &role.id,
            Fact::User(user) => &user.id,
            Fact::Team(team) => &team.id,
            Fact::Project(project) => &project.id,
            Fact::Assistant(assistant) => &assistant.id,
        }
    }
}

fn id(fields: &mut Fields) -> Result<String, FieldError> {
    let id: String = fields.required("id")?;
    let fault = || FieldError::at("id", format!("is not an id: 1 to {MAX_ID} of A–Z a–z 0–9 _ . : @ -, and not `.` or `..`"));
    if is_new_id(&id) { Ok(id) } else { Err(fault()) }
}

fn links(value: Value) -> Result<Vec<Link>, FieldError> {
    read_objects(value, "links", |fields| {
        let (id, level) = (id(fields)?, fields.required("level")?);
        Ok(Link { id, level, digest: fields.optional("digest")?, expires: fields.optional("expires")? })
    })
}

fn embed(value: Value) -> Result<Embed, FieldError> {
    read_object_at(value, "embed", |fields| Ok(Embed { origins: fields.required("origins")? }))
}
