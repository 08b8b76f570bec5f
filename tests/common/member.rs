//! What a member snapshot may show of other people: docs/snapshot-format.md, "Projections".

use super::world::NOW;
use proptest::prelude::*;
use wicketgate::document::Organization;
use wicketgate::{Capability, Session, Target};

/// Checks that the document of the subject's member snapshot has no more than that. `full` is the subject's session of the workspace.
///
/// # Errors
/// The first part that the projection should have left out, or that it left out and should not have.
pub fn reveals_no_more(
    organization: &Organization,
    document: &Organization,
    subject: &str,
    full: &Session<'_>,
) -> Result<(), TestCaseError> {
    let sees_everybody = full.can(Capability::PanelUserSettings, None, NOW);
    for user in document.users.iter().filter(|user| user.id != subject) {
        prop_assert!(sees_everybody && user.email.is_none(), "{}", user.id);
    }
    prop_assert_eq!(document.users.len(), if sees_everybody { organization.users.len() } else { 1 });
    // Custom roles: those that the document names, and all organization roles for a user who may give roles.
    let gives_roles = full.can(Capability::UserAssignRole, None, NOW) || full.can(Capability::UserInvite, None, NOW);
    for role in &document.roles {
        let users = document.users.iter().map(|user| &user.role);
        let members = document.teams.iter().flat_map(|team| team.members.iter().map(|member| &member.role));
        let grants = document.assistants.iter().flat_map(|assistant| assistant.grants.iter().map(|grant| &grant.role));
        let named = users.chain(members).chain(grants).any(|named| *named == role.id);
        prop_assert!(named || (gives_roles && role.on == wicketgate::Level::Organization), "{} is shown {}", subject, role.id);
    }
    let expected = organization.roles.iter().filter(|role| gives_roles && role.on == wicketgate::Level::Organization);
    prop_assert!(expected.into_iter().all(|role| document.roles.iter().any(|shown| shown.id == role.id)));
    for team in &document.teams {
        let original = organization.teams.iter().find(|other| other.id == team.id).unwrap();
        let manages = full.can(Capability::TeamManageMembers, Some(&team.id), NOW);
        prop_assert!(manages || team.members.iter().all(|member| member.user == subject));
        let member = original.members.iter().any(|member| member.user == subject) || original.creator.as_deref() == Some(subject);
        let reaches = !full.capabilities(Target::Team(&team.id), NOW).is_empty()
            || document.projects.iter().any(|project| project.team == team.id);
        prop_assert!(member || reaches, "{} is shown {}", subject, team.id);
        prop_assert!(team.creator.as_deref().is_none_or(|creator| creator == subject));
    }
    for project in &document.projects {
        let held = !full.capabilities(Target::Project(&project.id), NOW).is_empty();
        let contains = document.assistants.iter().any(|assistant| assistant.project.as_ref() == Some(&project.id));
        prop_assert!(held || contains, "{} is shown {}", subject, project.id);
        prop_assert!(project.creator.as_deref().is_none_or(|creator| creator == subject));
    }
    for assistant in &document.assistants {
        prop_assert!(!full.capabilities(Target::Assistant(&assistant.id), NOW).is_empty(), "{} is shown {}", subject, assistant.id);
        prop_assert!(assistant.owner.as_deref().is_none_or(|owner| owner == subject));
        prop_assert!(assistant.grants.iter().all(|grant| grant.user == subject));
        prop_assert!(assistant.links.iter().all(|link| link.digest.is_none()));
        let shares = full.can(Capability::AssistantShare, Some(&assistant.id), NOW);
        prop_assert!(shares || (assistant.links.is_empty() && assistant.embed.is_none()));
    }
    Ok(())
}
