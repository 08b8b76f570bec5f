//! Every decision of `tests/vectors`, with its reasons, through signing and opening.

mod common;

use common::{opened, vectors};
use wicketgate::{Decision, Presented, Projection};

#[test]
fn every_vector_is_decided_as_written() {
    let mut cases = 0;
    for file in vectors() {
        let snapshot = opened(&file.organization, Projection::Workspace, file.now);
        for case in &file.cases {
            let asker = &case.principal;
            let session = snapshot
                .session(Presented { user: asker.user.as_deref(), link: asker.link.as_deref(), origin: asker.origin.as_deref() })
                .unwrap();
            let decision = session.check_name(&case.can, case.on.as_deref(), file.now);
            let (because, denied) = match &decision {
                Decision::Allowed(because) => (Some(because.iter().map(|because| common::name(because.relation)).collect()), None),
                Decision::Denied(denied) => (None, Some(common::name(denied))),
            };
            let context = format!("{}: {asker:?} {} {:?}", file.name, case.can, case.on);
            assert_eq!(decision.allowed(), case.allowed, "{context}");
            assert_eq!(denied, case.denied, "{context}");
            if case.because.is_some() {
                assert_eq!(because, case.because, "{context}");
            }
            if let Some(capability) = wicketgate::Capability::from_name(&case.can) {
                assert_eq!(session.can(capability, case.on.as_deref(), file.now), case.allowed, "{context}");
            }
            cases += 1;
        }
    }
    assert!(cases > 12_000, "only {cases} cases were found");
}
