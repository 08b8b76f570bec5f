//! What JavaScript is given: conversions and nothing else. One module per `.wasm`.
//!
//! `wasm-bindgen` writes the unsafe code of the boundary; none is written here.

#[cfg(feature = "authority")]
mod authority;
#[cfg(not(feature = "authority"))]
mod checking;

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::error::Error;

/// Smaller and faster than the standard library's allocator on wasm32.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What is thrown: `{ code, path?, message }`, from which the package makes its `WicketgateError`.
fn thrown(error: Error) -> JsValue {
    to_js(error.details()).unwrap_or(JsValue::UNDEFINED)
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true)).map_err(JsValue::from)
}

/// Unix seconds from a JavaScript number. What is no time is the end of time: everything has expired by then.
fn seconds(now: f64) -> u64 {
    if now.is_finite() && now >= 0.0 { now as u64 } else { u64::MAX }
}
