//! Opening in two calls: between them the platform's Ed25519 computes the equation of the signature (`docs/decisions`, record 14). For
//! the package alone: no public function takes the platform's answer from a caller.

use wasm_bindgen::prelude::*;

use super::checking::{RawSnapshot, given, head_object};
use super::{seconds, thrown};
use crate::token::claims::VerifiedClaims;
use crate::token::envelope::{HEAD, SNAPSHOT, read};
use crate::token::pending::Pending;
use crate::{Expect, Head, Snapshot};

/// A token whose signature is not verified yet. It keeps the bytes, so that the answer is about exactly those that are read afterwards.
#[wasm_bindgen]
pub struct RawPending {
    pending: Pending,
    /// Whether it is a head, and not a snapshot.
    head: bool,
    expect: Expect,
    now: u64,
}

/// Takes the steps before the equation of the signature. The parameters are those of `open`; `head`: the token is a head.
#[wasm_bindgen]
pub fn begin(
    token: Vec<u8>,
    signature: Option<String>,
    keys: &str,
    expect: &str,
    now: f64,
    head: bool,
) -> Result<RawPending, JsValue> {
    let (token, keys, expect) = given(token, signature, keys, expect).map_err(thrown)?;
    let token = read(token, if head { HEAD } else { SNAPSHOT }, &keys, &expect).map_err(thrown)?;
    let pending = Pending::new(token).map_err(thrown)?;
    Ok(RawPending { pending, head, expect, now: seconds(now) })
}

#[wasm_bindgen]
impl RawPending {
    /// The public key (32 bytes), the signature (64 bytes), and the signed bytes.
    pub fn question(&self) -> Vec<u8> {
        self.pending.question()
    }

    /// Takes the other steps. `holds`: the platform has just said that the equation of `question` holds; otherwise the core computes it.
    #[wasm_bindgen(unchecked_return_type = "RawSnapshot | Head")]
    pub fn finish(self, holds: bool) -> Result<JsValue, JsValue> {
        let RawPending { pending, head, expect, now } = self;
        let opened = pending.finish(holds).and_then(|verified| {
            let claims = VerifiedClaims::of(verified, if head { HEAD } else { SNAPSHOT }, 0)?;
            Ok(if head {
                head_object(Head::of(claims.0, &expect, now)?)
            } else {
                RawSnapshot::of(Snapshot::of(claims, &expect, now)?).into()
            })
        });
        opened.map_err(thrown)
    }
}
