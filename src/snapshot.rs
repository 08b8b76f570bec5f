//! Opens snapshots (§5): verifies the signed envelope step by step, then reads and validates the facts in it.

use crate::error::{Code, Error, concat, decimal, quote};
use crate::facts::{Audience, Facts, RawFacts, Scope, one_of, read_object};
use crate::rules::capability::CapabilitySet;
use crate::split::{rsplit_once, split_once};
use crate::token::base64url;
use crate::token::json::{Fault, MAX_DOCUMENT, MAX_INTEGER, Reader, Span};
use crate::token::jwk::{JwkSet, is_ed25519};

/// The header's `typ` of a snapshot.
pub(crate) const SNAPSHOT: &str = "wicketgate-snapshot+jwt";
/// The header's `typ` of a delta.
pub(crate) const DELTA: &str = "wicketgate-delta+jwt";
/// The header's `typ` of a head.
pub(crate) const HEAD: &str = "wicketgate-head+jwt";
/// Longest token accepted unless the caller says otherwise: 64 MiB, three times the workspace of 100,000 assistants.
pub const DEFAULT_MAX_BYTES: u64 = 64 << 20;
/// Longest token ever accepted.
const MOST_BYTES: u64 = MAX_DOCUMENT as u64;
/// Longest header: it holds three short strings.
pub(crate) const MAX_HEADER: usize = 4096;

/// A snapshot on the wire (§5). One form turns into the other without the key.
pub enum Token {
    /// JWS Compact: `header.payload.signature`.
    Compact(String),
    /// Detached (RFC 7515 appendix F): the payload as it is, and `header..signature`.
    Detached {
        /// The JSON text that was signed, byte for byte.
        payload: String,
        /// `header..signature`
        signature: String,
    },
}

/// What the caller expects of a snapshot. The default expects nothing beyond a good signature and the right time.
#[derive(Clone, Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Expect {
    /// `iss` must be this.
    #[cfg_attr(bindings, tsify(optional))]
    pub issuer: Option<String>,
    /// `aud` must be or contain this.
    #[cfg_attr(bindings, tsify(optional))]
    pub audience: Option<String>,
    /// The facts must be of the organization of this id.
    #[cfg_attr(bindings, tsify(optional))]
    pub organization: Option<String>,
    /// The lowest epoch accepted: the highest seen. In a later one every version is accepted.
    #[cfg_attr(bindings, tsify(optional))]
    pub min_epoch: Option<u64>,
    /// In that epoch (0 if absent), `version` must be at least this: the highest seen, so that an old snapshot cannot come back.
    #[cfg_attr(bindings, tsify(optional))]
    pub min_version: Option<u64>,
    /// Seconds by which clocks may differ; widens `nbf` and `exp`.
    #[cfg_attr(bindings, tsify(optional))]
    pub clock_tolerance: u64,
    /// Longest token, in bytes; 64 MiB if absent.
    #[cfg_attr(bindings, tsify(optional))]
    pub max_bytes: Option<u64>,
}

impl Expect {
    /// Reads expectations, in the names of the npm package's options.
    ///
    /// # Errors
    /// [`Code::InvalidOptions`] with the option.
    pub fn from_json(json: &str) -> Result<Expect, Error> {
        let mut expect = Expect::default();
        let mut reader = Reader::new(json.to_owned());
        let mut read = |reader: &mut Reader| -> Result<(), Fault> {
            read_object!(reader, {
                "issuer" => expect.issuer = Some(reader.owned()?),
                "audience" => expect.audience = Some(reader.owned()?),
                "organization" => expect.organization = Some(reader.owned()?),
                "minEpoch" => expect.min_epoch = Some(reader.integer()?),
                "minVersion" => expect.min_version = Some(reader.integer()?),
                "clockTolerance" => expect.clock_tolerance = reader.integer()?,
                "maxBytes" => expect.max_bytes = Some(reader.integer()?),
            });
            reader.finish()
        };
        read(&mut reader).map_err(|fault| Error::at(Code::InvalidOptions, &*fault.path, &fault.reason))?;
        Ok(expect)
    }
}

/// An opened snapshot: verified facts, and when they are valid.
pub struct Snapshot {
    pub(crate) facts: Facts,
    /// The facts as they were opened, and the changes applied since.
    documents: Vec<Span>,
    terms: Terms,
}

/// What the issuer says of the facts, once it is judged. Its texts are those of the facts.
#[derive(Clone, Copy)]
struct Terms {
    audience: Audience,
    moment: Moment,
    state: Option<Span>,
    issued_at: Option<u64>,
    expires_at: u64,
    /// Valid from here …
    valid_from: u64,
    /// … until before here, clock tolerance included.
    valid_until: u64,
}

/// Of when the facts are: epoch, then version. So ordered, no moment is before one that it replaced.
type Moment = (u64, u64);

impl Snapshot {
    /// Opens a snapshot at `now` (Unix seconds).
    ///
    /// # Errors
    /// The code of the first step that fails, in the order of §5. Nothing of the payload is read before the signature holds.
    pub fn open(token: Token, keys: &JwkSet, expect: &Expect, now: u64) -> Result<Snapshot, Error> {
        let (claims, seed) = Claims::open(token, SNAPSHOT, 0, keys, expect)?;
        let terms = claims.judge(expect, now)?;
        // 13. invalid_facts
        let facts = Facts::resolve(claims.facts?, claims.reader.into_text(), &terms.audience, seed)?;
        Ok(Snapshot { facts, documents: vec![claims.document], terms })
    }

    /// Turns this into the later snapshot that a delta leads to, at the cost of what changed. Asked the same, it answers as the
    /// later one opened afresh.
    ///
    /// # Errors
    /// As [`Snapshot::open`], and [`Code::WrongState`] unless the delta starts from this very snapshot. After an error this is what it
    /// was. Whatever the error, opening the later snapshot in full is the way on.
    pub fn apply(&mut self, delta: Token, keys: &JwkSet, expect: &Expect, now: u64) -> Result<(), Error> {
        let (claims, _) = Claims::open(delta, DELTA, self.facts.end(), keys, expect)?;
        let terms = claims.judge(expect, now)?;
        let organization = claims.text(claims.organization);
        if organization != Some(self.organization()) {
            return Err(mismatch(Code::WrongOrganization, "organization.id", organization, self.organization()));
        }
        refuse_older(terms.moment, self.terms.moment)?;
        if terms.moment.0 != self.epoch() {
            return Err(Error::at(Code::WrongState, "epoch", "the delta is of another epoch"));
        }
        let (version, state) = claims.from;
        if self.state().is_none() || (version, claims.text(state)) != (Some(self.version()), self.state()) {
            return Err(Error::at(Code::WrongState, "from", "the delta starts from another state"));
        }
        if (terms.audience.scope, claims.text(terms.audience.subject)) != (self.scope(), self.subject()) {
            return Err(Error::at(Code::WrongState, "scope", "the delta is for somebody else"));
        }
        let changes = claims.facts?;
        if self.facts.outgrown() {
            return Err(Error::new(Code::TooLarge, "the changes have outgrown the snapshot: open the later one in full"));
        }
        self.facts.put_changes(changes, &claims.reader.into_text(), &terms.audience)?;

        self.documents.push(claims.document);
        self.terms = terms;
        Ok(())
    }

    /// Which facts it carries, and so who can be asked about.
    pub fn scope(&self) -> Scope {
        self.terms.audience.scope
    }

    /// The user it is for; of a member snapshot only.
    pub fn subject(&self) -> Option<&str> {
        self.terms.audience.subject.map(|subject| self.facts.text(subject))
    }

    /// The organization's id.
    pub fn organization(&self) -> &str {
        self.facts.organization()
    }

    /// The epoch of the organization's facts: an authority that goes back to an earlier state raises it. Any version of a later epoch
    /// is later. 0 if the issuer says nothing.
    pub fn epoch(&self) -> u64 {
        self.terms.moment.0
    }

    /// The version of the organization's facts; within an epoch it only grows.
    pub fn version(&self) -> u64 {
        self.terms.moment.1
    }

    /// The name of these exact facts, if the issuer gave one.
    pub fn state(&self) -> Option<&str> {
        self.terms.state.map(|state| self.facts.text(state))
    }

    /// When it was issued, Unix seconds, if the issuer says.
    pub fn issued_at(&self) -> Option<u64> {
        self.terms.issued_at
    }

    /// `exp`: from then on, or the clock tolerance later, it denies everything. Unix seconds.
    pub fn expires_at(&self) -> u64 {
        self.terms.expires_at
    }

    /// The verified facts as JSON texts, as they were signed: those that were opened, and the [`crate::document::Changes`] of each
    /// delta applied since.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|document| self.facts.text(*document))
    }

    /// What the organization's plan withholds from everybody.
    pub fn withheld(&self) -> CapabilitySet {
        self.facts.withheld
    }

    /// Whether the snapshot may be used at `now` (Unix seconds).
    pub fn is_valid(&self, now: u64) -> bool {
        (self.terms.valid_from..self.terms.valid_until).contains(&now)
    }

    /// The time around `now`, from inclusive and until exclusive, in which no answer changes by itself.
    pub fn steady(&self, now: u64) -> (u64, u64) {
        let own = [self.terms.valid_from, self.terms.valid_until];
        let from = own.into_iter().filter(|at| *at <= now).fold(self.facts.last_change(now), u64::max);
        let until = own.into_iter().filter(|at| *at > now).fold(self.facts.next_change(now), u64::min);
        (from, until)
    }
}

/// What is current: a signed head (§5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organization's id.
    pub organization: String,
    /// The assistant that it is about, if it is not about the whole organization.
    pub assistant: Option<String>,
    /// The epoch of the organization's facts; 0 if the issuer says nothing.
    pub epoch: u64,
    /// The version of the organization's facts; of a head about an assistant, the version in which its gate snapshot last changed.
    pub version: u64,
    /// When it was issued, Unix seconds, if the issuer says.
    pub issued_at: Option<u64>,
    /// `exp`, Unix seconds.
    pub expires_at: u64,
}

impl Head {
    /// Opens a head at `now` (Unix seconds).
    ///
    /// # Errors
    /// As [`Snapshot::open`].
    pub fn open(token: Token, keys: &JwkSet, expect: &Expect, now: u64) -> Result<Head, Error> {
        let (claims, _) = Claims::open(token, HEAD, 0, keys, expect)?;
        let Terms { moment: (epoch, version), issued_at, expires_at, .. } = claims.judge(expect, now)?;
        let organization = claims.text(claims.organization).unwrap_or_default().to_owned();
        let assistant = claims.text(claims.assistant).map(str::to_owned);
        claims.facts.map(|_| Head { organization, assistant, epoch, version, issued_at, expires_at })
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("organization", &self.organization())
            .field("scope", &self.scope())
            .field("epoch", &self.epoch())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

fn malformed(reason: &str) -> Error {
    Error::new(Code::Malformed, reason)
}

fn mismatch(code: Code, path: &str, found: Option<&str>, wanted: &str) -> Error {
    Error::at(code, path, &concat(&[&found_text(found), ", expected ", &quote(wanted)]))
}

fn found_text(found: Option<&str>) -> String {
    found.map_or_else(|| "absent".to_owned(), quote)
}

/// Refuses what is older than `least`.
fn refuse_older(found: Moment, least: Moment) -> Result<(), Error> {
    if found >= least {
        return Ok(());
    }
    let (path, found, least) = if found.0 < least.0 { ("epoch", found.0, least.0) } else { ("version", found.1, least.1) };
    Err(Error::at(Code::RolledBack, path, &concat(&[&decimal(found), " is older than ", &decimal(least)])))
}

/// `what` was at `at`, or will be: not now.
fn not_now(code: Code, path: &str, what: &str, at: u64, now: u64) -> Error {
    Error::at(code, path, &concat(&[what, &decimal(at), ", now is ", &decimal(now)]))
}

/// Steps 2 to 6 on the envelope. Returns the payload, and half of the signature's R as a seed nobody can choose.
fn verify(token: Token, typ: &str, keys: &JwkSet) -> Result<(String, u64), Error> {
    // 2. malformed: three segments of canonical base64url, the first of them a JSON object.
    let (envelope, detached) = match &token {
        Token::Compact(compact) => (compact, false),
        Token::Detached { signature, .. } => (signature, true),
    };
    let segments = split_once(envelope, b'.').and_then(|(header, rest)| {
        let (payload, signature) = rsplit_once(rest, b'.')?;
        (!detached || payload.is_empty()).then_some((header, payload, signature))
    });
    let (header, payload, signature) = match segments {
        Some(segments) => segments,
        _ if detached => return Err(malformed("expected a detached signature, `header..signature`")),
        _ => return Err(malformed("expected three segments, `header.payload.signature`")),
    };
    if header.len() > MAX_HEADER {
        return Err(malformed("the header is too long"));
    }
    let not_base64url = |segment: &str| malformed(&concat(&["the ", segment, " is not base64url without padding"]));
    // Not decoded yet: nothing is copied before the signature holds.
    if !base64url::is_base64url(payload) {
        return Err(not_base64url("payload"));
    }
    let signature_bytes = base64url::decode(signature).ok_or_else(|| not_base64url("signature"))?;
    let header_bytes = base64url::decode(header).ok_or_else(|| not_base64url("header"))?;
    let header_parameters = Header::read(utf8(header_bytes, "header")?)?;
    let parameter = |span: Option<Span>| span.map(|span| header_parameters.reader.get(span));

    // 3. wrong_type
    let found = parameter(header_parameters.typ);
    if found != Some(typ) {
        return Err(mismatch(Code::WrongType, "typ", found, typ));
    }
    // 4. unsupported_algorithm
    let alg = parameter(header_parameters.alg);
    if !alg.is_some_and(is_ed25519) {
        return Err(mismatch(Code::UnsupportedAlgorithm, "alg", alg, "EdDSA"));
    }
    // 5. unknown_key: from the caller's set, by `kid`, and from nowhere else.
    if let Some(name) = &header_parameters.foreign_key {
        return Err(Error::at(Code::UnknownKey, name.as_str(), "keys come from the caller's JWK Set only"));
    }
    let kid = parameter(header_parameters.kid);
    let Some(key) = kid.and_then(|kid| keys.find(kid)) else {
        let reason = concat(&[&found_text(kid), ", expected the `kid` of exactly one Ed25519 key of the JWK Set"]);
        return Err(Error::at(Code::UnknownKey, "kid", &reason));
    };
    // 6. bad_signature: canonical S, no small-order points (RFC 8032 §5.1.7, strictly).
    let holds = match &token {
        Token::Compact(compact) => {
            let signed = compact.as_bytes().get(..header.len() + 1 + payload.len()).unwrap_or_default();
            key.verify(signed, &signature_bytes)
        }
        Token::Detached { payload, .. } => key.verify(&signing_input(header, payload.as_bytes()), &signature_bytes),
    };
    if !holds {
        return Err(Error::new(Code::BadSignature, "the signature does not hold"));
    }

    let (from, length) = (header.len() + 1, payload.len());
    let seed = signature_bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let payload = match token {
        Token::Detached { payload, .. } => payload,
        Token::Compact(compact) => {
            // Decoded where it stands: a workspace is tens of megabytes.
            let mut bytes = compact.into_bytes();
            bytes.truncate(from + length);
            base64url::decode_in_place(&mut bytes, from);
            utf8(bytes, "payload")?
        }
    };
    Ok((payload, seed))
}

/// What is signed (RFC 7515 §5.1): the header as it stands, and the payload encoded.
fn signing_input(header: &str, payload: &[u8]) -> Vec<u8> {
    let mut input = Vec::with_capacity(header.len() + 1 + payload.len().div_ceil(3) * 4);
    input.extend_from_slice(header.as_bytes());
    input.push(b'.');
    base64url::encode(payload, &mut input);
    input
}

fn utf8(bytes: Vec<u8>, name: &str) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| malformed(&concat(&["the ", name, " is not UTF-8"])))
}

/// The JOSE header's parameters that decide.
struct Header {
    reader: Reader,
    alg: Option<Span>,
    typ: Option<Span>,
    kid: Option<Span>,
    /// The first parameter that brings or points to a key.
    foreign_key: Option<String>,
}

impl Header {
    fn read(text: String) -> Result<Header, Error> {
        let mut header = Header { reader: Reader::new(text), alg: None, typ: None, kid: None, foreign_key: None };
        let fault = |fault: Fault| Error::at(Code::Malformed, &*fault.path, &concat(&[&fault.reason, ", in the header"]));
        header.parameters().map_err(fault)?;
        Ok(header)
    }

    fn parameters(&mut self) -> Result<(), Fault> {
        let reader = &mut self.reader;
        read_object!(reader, {
            "alg" => self.alg = Some(reader.string()?),
            "typ" => self.typ = Some(reader.string()?),
            "kid" => self.kid = Some(reader.string()?),
            "jwk" | "jku" | "x5u" | "x5c" | "x5t" | "x5t#S256" => {
                self.foreign_key.get_or_insert_with(|| reader.path());
                reader.skip()?;
            },
            // RFC 7515 §4.1.11: extensions that must be understood; there are none.
            "crit" => return Err(reader.fault("no critical extension is understood")),
        });
        reader.finish()
    }
}

/// The claims of a snapshot, delta or head (§5), and the facts in it as far as they could be read.
struct Claims {
    reader: Reader,
    issuer: Option<Span>,
    audience: Vec<Span>,
    subject: Option<Span>,
    /// What a head is about.
    assistant: Option<Span>,
    issued_at: Option<u64>,
    not_before: u64,
    expires_at: u64,
    scope: Scope,
    moment: Moment,
    state: Option<Span>,
    /// Version and state that a delta starts from.
    from: (Option<u64>, Option<Span>),
    /// The organization's id.
    organization: Option<Span>,
    document: Span,
    facts: Result<RawFacts, Error>,
}

impl Claims {
    /// Steps 1 to 6 on the envelope, and the claims in it; their spans count from `base`. With them comes a seed that nobody can
    /// choose.
    fn open(token: Token, typ: &str, base: u32, keys: &JwkSet, expect: &Expect) -> Result<(Claims, u64), Error> {
        // 1. too_large: nothing is done with a token longer than the caller accepts.
        let limit = expect.max_bytes.unwrap_or(DEFAULT_MAX_BYTES).min(MOST_BYTES);
        let length = match &token {
            Token::Compact(compact) => compact.len() as u64,
            Token::Detached { payload, signature } => payload.len() as u64 + signature.len() as u64,
        };
        if length > limit {
            let reason = concat(&["the token has ", &decimal(length), " bytes, the limit is ", &decimal(limit)]);
            return Err(Error::new(Code::TooLarge, reason));
        }
        // 2.–6. malformed, wrong_type, unsupported_algorithm, unknown_key, bad_signature.
        let (payload, seed) = verify(token, typ, keys)?;
        // From here on the issuer speaks. Its claims are read in one pass, its facts put aside until the claims hold.
        let mut claims = Claims {
            reader: Reader::behind(base, payload),
            issuer: None,
            audience: Vec::new(),
            subject: None,
            assistant: None,
            issued_at: None,
            not_before: 0,
            expires_at: 0,
            scope: Scope::Gate,
            moment: (0, 0),
            state: None,
            from: (None, None),
            organization: None,
            document: Span::default(),
            facts: Ok(RawFacts::default()),
        };
        claims.read(typ == DELTA).map_err(|fault| Error::at(Code::Malformed, &*fault.path, &fault.reason))?;
        Ok((claims, seed))
    }

    fn text(&self, span: Option<Span>) -> Option<&str> {
        span.map(|span| self.reader.get(span))
    }

    /// Steps 7 to 12 on the claims.
    fn judge(&self, expect: &Expect, now: u64) -> Result<Terms, Error> {
        let Claims { moment, state, issued_at, expires_at, .. } = *self;
        // 7. wrong_issuer
        let found = self.text(self.issuer);
        if let Some(issuer) = expect.issuer.as_deref()
            && found != Some(issuer)
        {
            return Err(mismatch(Code::WrongIssuer, "iss", found, issuer));
        }
        // 8. wrong_audience
        if let Some(audience) = expect.audience.as_deref()
            && !self.audience.iter().any(|one| self.reader.get(*one) == audience)
        {
            return Err(mismatch(Code::WrongAudience, "aud", self.text(self.audience.first().copied()), audience));
        }
        // 9. wrong_organization
        let found = self.text(self.organization);
        if let Some(organization) = expect.organization.as_deref()
            && found != Some(organization)
        {
            return Err(mismatch(Code::WrongOrganization, "organization.id", found, organization));
        }
        // 10. not_yet_valid
        let valid_from = self.not_before.saturating_sub(expect.clock_tolerance);
        if now < valid_from {
            return Err(not_now(Code::NotYetValid, "nbf", "valid from ", self.not_before, now));
        }
        // 11. expired
        let valid_until = expires_at.saturating_add(expect.clock_tolerance);
        if now >= valid_until {
            return Err(not_now(Code::Expired, "exp", "expired at ", expires_at, now));
        }
        // 12. rolled_back
        refuse_older(moment, (expect.min_epoch.unwrap_or(0), expect.min_version.unwrap_or(0)))?;
        let audience = Audience { scope: self.scope, subject: self.subject };
        Ok(Terms { audience, moment, state, issued_at, expires_at, valid_from, valid_until })
    }

    fn read(&mut self, partial: bool) -> Result<(), Fault> {
        let (mut expires_at, mut scope, mut epoch, mut version, mut organization) = (None, None, 0, None, None);
        let reader = &mut self.reader;
        read_object!(reader, {
            "iss" => self.issuer = Some(reader.string()?),
            "aud" => {
                if reader.at_string() {
                    self.audience.push(reader.string()?);
                } else {
                    let mut array = reader.array()?;
                    while reader.item(&mut array)? {
                        self.audience.push(reader.string()?);
                    }
                }
            },
            "sub" => self.subject = Some(reader.string()?),
            "assistant" => self.assistant = Some(reader.string()?),
            "iat" => self.issued_at = Some(reader.integer()?),
            "nbf" => self.not_before = reader.integer()?,
            "exp" => expires_at = Some(reader.integer()?),
            "jti" => { reader.string()?; },
            "scope" => scope = Some(one_of(reader, &Scope::ALL.map(|scope| (scope.name(), scope)))?),
            "epoch" => epoch = reader.integer()?,
            "version" => version = Some(reader.integer()?),
            "state" => self.state = Some(reader.string()?),
            "from" => if partial {
                read_object!(reader, {
                    "version" => self.from.0 = Some(reader.integer()?),
                    "state" => self.from.1 = Some(reader.string()?),
                });
            } else {
                reader.skip()?;
            },
            "organization" => organization = Some(read_facts(reader, partial)?),
        });
        reader.finish()?;

        let missing = |name: &str| reader.fault_at(name, "missing");
        self.expires_at = expires_at.ok_or_else(|| missing("exp"))?;
        self.scope = scope.ok_or_else(|| missing("scope"))?;
        self.moment = (epoch, version.ok_or_else(|| missing("version"))?);
        if version == Some(0) {
            return Err(reader.fault_at("version", &concat(&["expected an integer from 1 to ", &decimal(MAX_INTEGER)])));
        }
        match (self.scope, self.subject) {
            (Scope::Member, None) => return Err(missing("sub")),
            (Scope::Workspace | Scope::Gate, Some(_)) => {
                return Err(reader.fault_at("sub", "only a member snapshot has a subject"));
            }
            _ => {}
        }
        (self.organization, self.document, self.facts) = organization.ok_or_else(|| missing("organization"))?;
        Ok(())
    }
}

type ReadFacts = (Option<Span>, Span, Result<RawFacts, Error>);

/// The organization's id, its document, and its facts. Faulty facts are passed over: the claims around them are judged first.
fn read_facts(reader: &mut Reader, partial: bool) -> Result<ReadFacts, Fault> {
    let (start, place) = (reader.position(), reader.place());
    let fault = match RawFacts::read(reader, partial) {
        Ok(facts) => return Ok((facts.id(), reader.since(start), Ok(facts))),
        Err(fault) if fault.syntax => return Err(fault),
        Err(fault) => fault,
    };
    reader.retry(start, place);
    let id = match RawFacts::read_id(reader) {
        Err(other) if other.syntax => return Err(other),
        Ok(id) => id,
        // `organization` is no object, or its id no string.
        Err(_) => {
            reader.retry(start, place);
            reader.skip()?;
            None
        }
    };
    reader.strict();
    let path = fault.path.strip_prefix("organization").unwrap_or(&fault.path);
    let path = path.strip_prefix('.').unwrap_or(path);
    Ok((id, reader.since(start), Err(Error::at(Code::InvalidFacts, path, &fault.reason))))
}
