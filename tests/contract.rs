//! The modules that are written from the tables are what the tables say.
#![cfg(not(target_arch = "wasm32"))]

#[test]
fn is_what_the_program_writes() {
    for (path, committed, written) in [
        ("pkg/src/contract.ts", include_str!("../pkg/src/contract.ts"), wicketgate::contract::typescript()),
        (
            "www/src/pages/audit/entries.ts",
            include_str!("../www/src/pages/audit/entries.ts"),
            wicketgate::contract::audit_entries(),
        ),
    ] {
        let different = committed.lines().zip(written.lines()).find(|(committed, written)| committed != written);
        assert_eq!(different, None, "{path} is not what the tables say, run `make contract`");
        assert_eq!(committed.len(), written.len(), "{path}: run `make contract`");
    }
}
