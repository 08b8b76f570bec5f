//! Prints the module `wicketgate/contract`, or with the argument `audit` the sentences of the audit log. `make contract` writes them to
//! `pkg/src/contract.ts` and `www/src/pages/audit/entries.ts`.

fn main() {
    let audit = std::env::args().nth(1).is_some_and(|module| module == "audit");
    print!("{}", if audit { wicketgate::contract::audit_entries() } else { wicketgate::contract::typescript() });
}
