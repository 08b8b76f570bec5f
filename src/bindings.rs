//! The exports to JavaScript: conversions only, no rules. One module for each `.wasm` file.
//!
//! `wasm-bindgen` generates the unsafe code of the boundary; there is none here.

#[cfg(feature = "authority")]
mod authority;
#[cfg(not(feature = "authority"))]
mod checking;
#[cfg(feature = "authority")]
mod executing;
#[cfg(feature = "authority")]
mod filtering;
#[cfg(feature = "authority")]
mod large;
#[cfg(feature = "authority")]
mod machines;
#[cfg(pending)]
mod pending;
#[cfg(feature = "authority")]
mod reconciling;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Error;

#[cfg(feature = "authority")]
pub(crate) use tsify::Tsify;
#[cfg(not(feature = "authority"))]
pub(crate) use tsify_macros::Tsify;

/// The trait that tsify's macro implements, for declaring types in TypeScript. The checking module does without the tsify crate, whose
/// conversions add 2 KB even unused.
#[cfg(not(feature = "authority"))]
#[expect(dead_code, reason = "the macro needs them")]
pub(crate) trait Tsify {
    type JsType;
    const DECL: &'static str;
    const SERIALIZATION_CONFIG: SerializationConfig;
}

/// Part of [`Tsify`].
#[cfg(not(feature = "authority"))]
#[expect(dead_code, reason = "the macro needs them")]
pub(crate) struct SerializationConfig {
    pub(crate) missing_as_null: bool,
    pub(crate) hashmap_as_object: bool,
    pub(crate) large_number_types_as_bigints: bool,
}

/// Smaller and faster than the standard library's allocator on wasm32.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The thrown value, `{ code, path?, message }`. The package turns it into a `WicketgateError`.
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

/// A plain object of the entries with a value. Answers are built by hand, because serde adds 8 KB of WebAssembly.
fn object(entries: &[(&str, Option<JsValue>)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        if let Some(value) = value {
            object.set(name, value);
        }
    }
    object.into()
}

/// Unix seconds from a JavaScript number. A value that is not a time becomes the latest time, at which everything has expired.
fn seconds(now: f64) -> u64 {
    if now.is_finite() && now >= 0.0 { now as u64 } else { u64::MAX }
}
