//! Readers of the vectors and the opening fixtures, and the comparison with their answers. Used natively and in a browser.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wicketgate::{Capability, Decision, Expect, JwkSet, Presented, Snapshot, Token};

/// A file of `tests/vectors`. The questions and the organization are written by hand or drawn at random; the answers are derived.
#[derive(Deserialize)]
pub struct Vectors {
    pub about: String,
    /// Seconds since 1970.
    pub now: u64,
    pub organization: Value,
    pub cases: Vec<Case>,
}

/// One question with its answer. The fields stand in the order in which the files have them.
#[derive(Clone, Deserialize, Serialize)]
pub struct Case {
    /// The sentence of the requirements that the question tests, in `seed.json` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    #[serde(rename = "as")]
    pub asker: Asker,
    pub can: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// The answer. A question that is new in a file has none until the file is written again.
    #[serde(default)]
    pub allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denied: Option<String>,
}

impl Case {
    /// A question without an answer.
    pub fn question(asker: Asker, can: &str, on: Option<String>) -> Case {
        Case { rule: None, asker, can: can.to_owned(), on, allowed: false, because: None, denied: None }
    }
}

/// Who asks: a user, the holder of a link's key, the visitor of an embedding page, or several of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct Asker {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Asker {
    pub fn presented(&self) -> Presented<'_> {
        Presented { user: self.user.as_deref(), link: self.link.as_deref(), origin: self.origin.as_deref() }
    }
}

/// Asks every question of a file, compares the answers, and returns the number of questions.
pub fn decide_as_written(name: &str, json: &str) -> usize {
    let file: Vectors = serde_json::from_str(json).unwrap();
    let snapshot = opened_as_written(&file.organization, file.now);
    for case in &file.cases {
        let session = snapshot.session(case.asker.presented()).unwrap();
        let context = format!("{name}: {:?} {} {:?}", case.asker, case.can, case.on);
        let decision = session.check_name(&case.can, case.on.as_deref(), file.now);
        assert_eq!(decision.allowed(), case.allowed, "{context}");
        match decision {
            Decision::Denied(denied) => assert_eq!(Some(self::name(denied)), case.denied, "{context}"),
            Decision::Allowed(because) => {
                let relations: Vec<String> = because.iter().map(|because| self::name(because.relation)).collect();
                // The cases of `seed.json` name no relations.
                assert!(case.because.as_ref().is_none_or(|expected| *expected == relations), "{context}: {relations:?}");
            }
        }
        if let Some(capability) = Capability::from_name(&case.can) {
            assert_eq!(session.can(capability, case.on.as_deref(), file.now), case.allowed, "{context}");
        }
    }
    file.cases.len()
}

/// Signs the organization as a workspace snapshot, its lists in the document's order, and opens it.
pub fn opened_as_written(organization: &Value, now: u64) -> Snapshot {
    let claims = json!({ "exp": now + 3600, "scope": "workspace", "version": 1, "organization": organization });
    let header = json!({ "alg": "EdDSA", "typ": "wicketgate-snapshot+jwt", "kid": "k1" });
    let keys = json!({ "keys": [public(&key(), "k1")] });
    let keys = JwkSet::from_json(&keys.to_string()).unwrap();
    let token = Token::Compact(signed(&header.to_string(), claims.to_string().as_bytes()));
    Snapshot::open(token, &keys, &Expect::default(), now).unwrap()
}

/// A token, the conditions under which it is opened, and the expected result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fixture {
    pub name: String,
    /// The code of the refusal. `None`: the token opens.
    pub code: Option<String>,
    /// The path of the fault in the token, if the fault has one.
    pub path: Option<String>,
    /// The compact token, or with `signature` the payload of a detached one.
    pub token: String,
    /// `header..signature` of a detached token.
    pub signature: Option<String>,
    pub keys: Value,
    pub options: Value,
    pub now: u64,
}

impl Fixture {
    pub fn open(&self) -> Result<Snapshot, wicketgate::Error> {
        let keys = JwkSet::from_json(&self.keys.to_string()).unwrap();
        let expect = Expect::from_json(&self.options.to_string()).unwrap();
        let token = match &self.signature {
            None => Token::Compact(self.token.clone()),
            Some(signature) => Token::Detached { payload: self.token.clone(), signature: signature.clone() },
        };
        Snapshot::open(token, &keys, &expect, self.now)
    }

    /// Opens the token and compares code and path with the expected ones.
    pub fn open_as_named(&self) {
        match (self.open(), &self.code) {
            (Ok(_), None) => {}
            (Err(error), Some(code)) => {
                let message = error.to_string();
                assert_eq!(name(error.code()), *code, "{}: {message}", self.name);
                assert_eq!(error.path(), self.path.as_deref(), "{}: {message}", self.name);
                assert!(!message.contains('\n'), "{}: {message}", self.name);
            }
            (found, _) => panic!("{}: {found:?}, expected {:?}", self.name, self.code),
        }
    }
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn public(key: &SigningKey, kid: &str) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(key.verifying_key().as_bytes()), "kid": kid, "alg": "EdDSA", "use": "sig" })
}

/// Signs a header and a payload, valid or not.
pub fn signed(header: &str, payload: &[u8]) -> String {
    let input = format!("{}.{}", encode(header), encode(payload));
    let signature = key().sign(input.as_bytes());
    format!("{input}.{}", encode(signature.to_bytes()))
}

/// The name of a relation, a denial or a code in documents.
pub fn name(value: impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}
