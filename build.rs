//! Defines the conditions `bindings`, under which the exports to JavaScript are compiled (the feature `bindings`, on wasm32), and `pending`,
//! for the exports that let the platform compute a signature's equation: the checking module has them.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(bindings, pending)");
    let is = |name, value| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && std::env::var_os("CARGO_FEATURE_BINDINGS").is_some() {
        println!("cargo::rustc-cfg=bindings");
        if std::env::var_os("CARGO_FEATURE_AUTHORITY").is_none() {
            println!("cargo::rustc-cfg=pending");
        }
    }
}
