//! The module `wicketgate/contract` is what the tables say.
#![cfg(not(target_arch = "wasm32"))]

#[test]
fn is_what_the_program_writes() {
    let committed = include_str!("../pkg/src/contract.ts");
    let written = wicketgate::contract::typescript();
    if let Some((committed, written)) = committed.lines().zip(written.lines()).find(|(committed, written)| committed != written) {
        panic!("pkg/src/contract.ts is not what the tables say, run `make contract`:\n  {committed}\n  {written}");
    }
    assert_eq!(committed.len(), written.len(), "run `make contract`");
}
