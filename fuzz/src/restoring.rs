//! Restoring dumps: a restored directory continues like the original.

use wicketgate::{Actor, Command, Directory, Projection};

use crate::NOW;
use crate::commands::{issue, issued};
use crate::signing::key;

pub(crate) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(mut directory) = Directory::restore(text) else { return };
    let dump = directory.dump().unwrap();
    let mut again = Directory::restore(&dump).unwrap();
    assert_eq!(again.dump().unwrap(), dump);
    let invited: Vec<String> = directory.invitations().into_iter().map(|invitation| invitation.user).take(3).collect();
    let resend = |user: &String| format!(r#"{{"type":"resend_invitation","user":{}}}"#, serde_json::to_string(user).unwrap());
    let commands = invited.iter().map(resend).chain([
        r#"{"type":"create_team","name":"New"}"#.to_owned(),
        r#"{"type":"invite_user","email":"new@acme.example"}"#.to_owned(),
        r#"{"type":"apply_role_set","set":"assigned_agents"}"#.to_owned(),
    ]);
    for json in commands {
        let execute = |directory: &mut Directory| {
            let command = Command::from_json(&json).unwrap();
            directory.execute(&Actor::System, command, NOW, &[7; 32]).map(|decided| decided.event).map_err(|refusal| refusal.code)
        };
        assert_eq!(execute(&mut directory), execute(&mut again), "{json}");
    }
    assert_eq!(directory.dump().unwrap(), again.dump().unwrap());
    assert!(issued(&directory, &Projection::Workspace).is_some());
    let version = directory.version();
    assert!(directory.delta(version, issue(&Projection::Workspace), &key()).is_ok());
}
