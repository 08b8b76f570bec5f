//! What machines have in a directory: API keys and webhooks.

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::authority::{RawDirectory, from_json, to_js};
use super::{Tsify, seconds};
use crate::{KeyRefusal, KeyRequest, KeyScope};

/// What comes of a request with an API key: refused, with the id of the key if its secret is good; or the id of the key.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
enum Admission {
    Refused {
        refused: KeyRefusal,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        key: Option<String>,
    },
    Admitted {
        key: String,
    },
}

/// The digest of the secret of an API key; none for a text that cannot be one.
#[wasm_bindgen]
pub fn api_key_digest(text: &str) -> Option<String> {
    crate::api_key_digest(text)
}

#[wasm_bindgen]
impl RawDirectory {
    /// The id of the key that a request presents, or why it is refused.
    #[wasm_bindgen(unchecked_return_type = "Admission")]
    pub fn admit_key(&self, digest: &str, address: Option<String>, scopes: &str, now: f64) -> Result<JsValue, JsValue> {
        let scopes: Vec<KeyScope> = from_json(scopes)?;
        let request = KeyRequest { digest, address: address.as_deref(), scopes: &scopes };
        to_js(&match self.0.admit_key(request, seconds(now)) {
            Ok(key) => Admission::Admitted { key: key.to_owned() },
            Err(refused) => Admission::Refused { refused: refused.refusal, key: refused.key.map(str::to_owned) },
        })
    }

    #[wasm_bindgen(unchecked_return_type = "ApiKeyView[]")]
    pub fn api_keys(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.api_keys())
    }

    pub fn allow_loopback(&mut self) {
        self.0.allow_loopback();
    }

    #[wasm_bindgen(unchecked_return_type = "Webhook[]")]
    pub fn webhooks(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.webhooks())
    }

    pub fn manages_webhooks(&self, actor: &str, now: f64) -> Result<bool, JsValue> {
        Ok(self.0.manages_webhooks(&from_json(actor)?, seconds(now)))
    }

    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn webhook_managers(&self, most: usize) -> Array {
        self.0.webhook_managers(most).into_iter().map(JsValue::from).collect()
    }
}
