//! Defines the conditions `bindings`, under which the exports to JavaScript are compiled (the feature `bindings`, on wasm32), and `pending`,
//! for the exports that let the platform compute a signature's equation: the whole checking module has them.
//! The condition `lists` is for list filters: everywhere but in the modules that pages download, which do not grow by them.
//! The condition `member_module` is given by the build of the smaller checking module, which opens member snapshots alone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(bindings, lists, pending, member_module)");
    let is = |name, value| std::env::var(name).is_ok_and(|found| found == value);
    let authority = std::env::var_os("CARGO_FEATURE_AUTHORITY").is_some();
    let bindings = is("CARGO_CFG_TARGET_ARCH", "wasm32") && std::env::var_os("CARGO_FEATURE_BINDINGS").is_some();
    if bindings {
        println!("cargo::rustc-cfg=bindings");
        let member = std::env::var_os("CARGO_CFG_MEMBER_MODULE").is_some();
        if !authority && !member {
            println!("cargo::rustc-cfg=pending");
        }
    }
    if authority || !bindings {
        println!("cargo::rustc-cfg=lists");
    }
}
