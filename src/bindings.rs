//! What JavaScript is given: conversions and nothing else. One module per `.wasm`.
//!
//! `wasm-bindgen` writes the unsafe code of the boundary; none is written here.

#[cfg(feature = "authority")]
mod authority;
#[cfg(not(feature = "authority"))]
mod checking;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Error;

#[cfg(feature = "authority")]
pub(crate) use tsify::Tsify;
#[cfg(not(feature = "authority"))]
pub(crate) use tsify_macros::Tsify;

/// What tsify's macro implements: it declares types in TypeScript. In the checking module without the crate around it, which brings
/// its conversions along, 2 KB of them even where nobody calls them.
#[cfg(not(feature = "authority"))]
#[expect(dead_code, reason = "the macro wants them")]
pub(crate) trait Tsify {
    type JsType;
    const DECL: &'static str;
    const SERIALIZATION_CONFIG: SerializationConfig;
}

/// Part of [`Tsify`].
#[cfg(not(feature = "authority"))]
#[expect(dead_code, reason = "the macro wants them")]
pub(crate) struct SerializationConfig {
    pub(crate) missing_as_null: bool,
    pub(crate) hashmap_as_object: bool,
    pub(crate) large_number_types_as_bigints: bool,
}

/// Smaller and faster than the standard library's allocator on wasm32.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What is thrown: `{ code, path?, message }`, from which the package makes its `WicketgateError`.
fn thrown(error: Error) -> JsValue {
    object(&[
        ("code", Some(error.code().name().into())),
        ("path", error.path().map(JsValue::from)),
        ("message", Some(error.message().into())),
    ])
}

#[wasm_bindgen]
extern "C" {
    type Object;
    #[wasm_bindgen(constructor)]
    fn new() -> Object;
    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Object, name: &str, value: &JsValue);
}

/// A plain object of what is there. Answers are made by hand: by way of serde they take 8 KB more of WebAssembly.
fn object(entries: &[(&str, Option<JsValue>)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        if let Some(value) = value {
            object.set(name, value);
        }
    }
    object.into()
}

/// Unix seconds from a JavaScript number. What is no time is the end of time: everything has expired by then.
fn seconds(now: f64) -> u64 {
    if now.is_finite() && now >= 0.0 { now as u64 } else { u64::MAX }
}
