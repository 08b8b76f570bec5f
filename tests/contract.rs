//! The modules that are written from the tables are what the tables say.
#![cfg(not(target_arch = "wasm32"))]

fn compare(path: &str, committed: &str, written: &str) {
    if let Some((committed, written)) = committed.lines().zip(written.lines()).find(|(committed, written)| committed != written) {
        panic!("{path} is not what the tables say, run `make contract`:\n  {committed}\n  {written}");
    }
    assert_eq!(committed.len(), written.len(), "{path}: run `make contract`");
}

#[test]
fn is_what_the_program_writes() {
    compare("pkg/src/contract.ts", include_str!("../pkg/src/contract.ts"), &wicketgate::contract::typescript());
    let entries = include_str!("../www/src/pages/audit/entries.ts");
    compare("www/src/pages/audit/entries.ts", entries, &wicketgate::contract::audit_entries());
}
