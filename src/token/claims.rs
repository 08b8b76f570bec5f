//! The claims in a verified payload: step 6a, reading them, and steps 7 to 12, comparing them (`docs/snapshot-format.md`, §5).

use crate::error::{Code, Error, concat, decimal};
use crate::facts::{RawFacts, Recipient, Scope};
use crate::token::envelope::{DELTA, Token, Verified, read};
use crate::token::expect::Expect;
use crate::token::json::{JsonReader, MAX_INTEGER, Read, Span, one_of, read_object};
use crate::token::jwk::JwkSet;

/// The claims about the facts, once they are checked. Their spans are those of the payload.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) recipient: Recipient,
    pub(crate) moment: Moment,
    pub(crate) state: Option<Span>,
    pub(crate) issued_at: Option<u64>,
    pub(crate) expires_at: u64,
    /// Valid from this time on, clock tolerance included.
    pub(crate) valid_from: u64,
    /// Valid before this time, clock tolerance included.
    pub(crate) valid_until: u64,
}

/// Epoch, then version: in this order later facts compare as greater.
pub(crate) type Moment = (u64, u64);

/// The claims of a snapshot, delta or head, and the facts among them. The signature holds; nothing is compared yet.
pub(crate) struct VerifiedClaims {
    pub(crate) reader: JsonReader,
    issuer: Option<Span>,
    audience: Vec<Span>,
    subject: Option<Span>,
    /// The assistant that a head is about.
    pub(crate) assistant: Option<Span>,
    issued_at: Option<u64>,
    not_before: u64,
    expires_at: u64,
    scope: Scope,
    moment: Moment,
    state: Option<Span>,
    /// Version and state that a delta starts from.
    pub(crate) from: (Option<u64>, Option<Span>),
    /// The organization's id.
    pub(crate) organization: Option<Span>,
    /// The JSON text of the facts.
    pub(crate) document: Span,
    /// The facts, or the first fault in them: it is refused as the last step.
    pub(crate) facts: Result<RawFacts, Error>,
}

impl VerifiedClaims {
    /// Takes the steps on the envelope and reads the claims. Their spans count from `base`. The second value is a seed that nobody
    /// can choose.
    pub(crate) fn open(token: Token, typ: &str, base: u32, keys: &JwkSet, expect: &Expect) -> Result<(VerifiedClaims, u64), Error> {
        VerifiedClaims::of(read(token, typ, keys, expect)?.verify()?, typ, base)
    }

    /// Reads the claims of a verified payload, as [`VerifiedClaims::open`] does.
    pub(crate) fn of(Verified { payload, seed }: Verified, typ: &str, base: u32) -> Result<(VerifiedClaims, u64), Error> {
        let mut claims = VerifiedClaims {
            reader: JsonReader::behind(base, payload),
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
        // §5 step 6a: malformed. The claims are read in one pass; a fault in the facts waits until the claims hold.
        claims.read(typ == DELTA).map_err(|fault| Error::at(Code::Malformed, &*fault.path, &fault.reason))?;
        Ok((claims, seed))
    }

    pub(crate) fn text(&self, span: Option<Span>) -> Option<&str> {
        span.map(|span| self.reader.get(span))
    }

    /// Takes steps 7 to 12: compares the claims with the caller's expectations and with the time.
    pub(crate) fn check(&self, expect: &Expect, now: u64) -> Result<Terms, Error> {
        let VerifiedClaims { moment, state, issued_at, expires_at, .. } = *self;
        // §5 step 7: wrong_issuer.
        let found = self.text(self.issuer);
        if let Some(issuer) = expect.issuer.as_deref()
            && found != Some(issuer)
        {
            return Err(Error::mismatch(Code::WrongIssuer, "iss", found, issuer));
        }

        // §5 step 8: wrong_audience.
        if let Some(audience) = expect.audience.as_deref()
            && !self.audience.iter().any(|one| self.reader.get(*one) == audience)
        {
            return Err(Error::mismatch(Code::WrongAudience, "aud", self.text(self.audience.first().copied()), audience));
        }

        // §5 step 9: wrong_organization.
        let found = self.text(self.organization);
        if let Some(organization) = expect.organization.as_deref()
            && found != Some(organization)
        {
            return Err(Error::mismatch(Code::WrongOrganization, "organization.id", found, organization));
        }

        // §5 step 10: not_yet_valid.
        let valid_from = self.not_before.saturating_sub(expect.clock_tolerance);
        if now < valid_from {
            return Err(not_now(Code::NotYetValid, "nbf", "valid from ", self.not_before, now));
        }

        // §5 step 11: expired.
        let valid_until = expires_at.saturating_add(expect.clock_tolerance);
        if now >= valid_until {
            return Err(not_now(Code::Expired, "exp", "expired at ", expires_at, now));
        }

        // §5 step 12: rolled_back.
        refuse_older(moment, (expect.min_epoch.unwrap_or(0), expect.min_version.unwrap_or(0)))?;
        let recipient = Recipient { scope: self.scope, subject: self.subject };
        Ok(Terms { recipient, moment, state, issued_at, expires_at, valid_from, valid_until })
    }

    fn read(&mut self, partial: bool) -> Read<()> {
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

/// Refuses facts older than `least`.
pub(crate) fn refuse_older(found: Moment, least: Moment) -> Result<(), Error> {
    if found >= least {
        return Ok(());
    }
    let (path, found, least) = if found.0 < least.0 { ("epoch", found.0, least.0) } else { ("version", found.1, least.1) };
    Err(Error::at(Code::RolledBack, path, &concat(&[&decimal(found), " is older than ", &decimal(least)])))
}

/// The error of a time that is not now: `rule` is `valid from ` or `expired at `.
fn not_now(code: Code, path: &str, rule: &str, at: u64, now: u64) -> Error {
    Error::at(code, path, &concat(&[rule, &decimal(at), ", now is ", &decimal(now)]))
}

type ReadFacts = (Option<Span>, Span, Result<RawFacts, Error>);

/// The organization's id, its JSON text, and its facts. Faulty facts are passed over: the claims are compared first.
fn read_facts(reader: &mut JsonReader, partial: bool) -> Read<ReadFacts> {
    let start = reader.mark();
    let fault = match RawFacts::read(reader, partial) {
        Ok(facts) => return Ok((facts.id(), reader.since(start), Ok(facts))),
        Err(fault) if fault.syntax => return Err(fault),
        Err(fault) => fault,
    };
    reader.retry(start);
    let id = match RawFacts::read_id(reader) {
        Err(other) if other.syntax => return Err(other),
        Ok(id) => id,
        // `organization` is not an object, or its id is not a string.
        Err(_) => {
            reader.retry(start);
            reader.skip()?;
            None
        }
    };
    reader.strict();
    let path = fault.path.strip_prefix("organization").unwrap_or(&fault.path);
    let path = path.strip_prefix('.').unwrap_or(path);
    Ok((id, reader.since(start), Err(Error::at(Code::InvalidFacts, path, &fault.reason))))
}
