//! Origins: a pattern on the first line, the origin of a visitor on the second.

use serde_json::json;
use wicketgate::{Capability, Facts, Presented, Projection, Snapshot};

use crate::answers::reopened;
use crate::{NOW, lines};

pub(crate) fn run(input: &[u8]) {
    let Some(mut parts) = lines(input) else { return };
    let (Some(pattern), Some(origin)) = (parts.next(), parts.next()) else { return };
    let organization = json!({
        "id": "acme",
        "users": [{ "id": "ana", "role": "user" }],
        "teams": [{ "id": "t" }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [{ "id": "a", "project": "p", "owner": "ana", "accessibility": "public", "embed": { "origins": [pattern] } }],
    });
    let Ok(facts) = Facts::from_json(organization.to_string()) else { return };
    let (workspace, gate) = (reopened(&facts, Projection::Workspace), reopened(&facts, Projection::Gate(vec!["a".to_owned()])));
    let allows = |snapshot: &Snapshot, origin: &str| {
        let visitor = snapshot.session(Presented { origin: Some(origin), ..Presented::default() }).unwrap();
        visitor.can(Capability::AssistantView, Some("a"), NOW)
    };
    let allowed = allows(&workspace, origin);
    assert_eq!(allows(&gate, origin), allowed);
    for same in [origin.to_ascii_lowercase(), origin.to_ascii_uppercase()] {
        assert_eq!(allows(&workspace, &same), allowed, "{same}");
    }
    if !allowed {
        return;
    }
    // An allowed text is an origin: a scheme, a host, perhaps a port.
    let (scheme, authority) = origin.split_once("://").unwrap();
    assert!(scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)), "{scheme}");
    assert!(
        !authority.is_empty() && authority.bytes().all(|byte| byte.is_ascii_graphic() && !b"/\\?#@%".contains(&byte)),
        "{authority}"
    );
    if pattern == "*" {
        return;
    }
    // Scheme and host are those of the pattern, or the host is a subdomain.
    let (wanted, host) = pattern.split_once("://").unwrap();
    assert!(wanted.eq_ignore_ascii_case(scheme));
    let bare = |authority: &str| match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host.to_ascii_lowercase(),
        _ => authority.to_ascii_lowercase(),
    };
    match bare(host).strip_prefix("*.") {
        Some(domain) => assert!(bare(authority).ends_with(&format!(".{domain}"))),
        None => assert_eq!(bare(authority), bare(host)),
    }
    for elsewhere in
        [format!("{scheme}://evil{authority}"), format!("{origin}.evil.example"), format!("{origin}/"), format!("x{origin}")]
    {
        let below = pattern.contains("*.") && elsewhere.starts_with(&format!("{scheme}://evil"));
        assert!(below || !allows(&workspace, &elsewhere), "{elsewhere}");
    }
}
