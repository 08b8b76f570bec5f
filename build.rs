//! Defines the condition `bindings`, under which the exports to JavaScript are compiled: the feature `bindings`, on wasm32.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(bindings)");
    let is = |name, value| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && std::env::var_os("CARGO_FEATURE_BINDINGS").is_some() {
        println!("cargo::rustc-cfg=bindings");
    }
}
