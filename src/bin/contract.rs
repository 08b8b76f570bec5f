//! Prints the module `wicketgate/contract`. `make contract` writes it to `pkg/src/contract.ts`.

fn main() {
    print!("{}", wicketgate::contract::typescript());
}
