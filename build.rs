//! Defines the condition `bindings`, under which the exports to JavaScript are compiled: the feature `bindings`, on wasm32.
//! The condition `member_module` is given by the build of the smaller checking module, which opens member snapshots alone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(bindings)");
    println!("cargo::rustc-check-cfg=cfg(member_module)");
    let is = |name, value| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && std::env::var_os("CARGO_FEATURE_BINDINGS").is_some() {
        println!("cargo::rustc-cfg=bindings");
    }
}
