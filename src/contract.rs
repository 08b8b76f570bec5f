//! The contract: the names and numbers that the core, the npm package, the services and the console share.
//!
//! The core's own tables (capabilities, roles, relations, codes, commands, limits) stand where the core uses them. The tables here
//! hold what only the package and the services use. [`typescript`] writes all of them as the module `wicketgate/contract`,
//! `pkg/src/contract.ts`: `make contract`.
//!
//! Not for rules: what the tables mean is decided in `rules` and `authority`.

mod typescript;
mod value;

pub use typescript::{audit_entries, typescript};

use crate::authority::directory::{KeyRefusal, RefusalCode};
use crate::authority::limits::{
    INVITATION_LIFE, LONGEST_ADDRESS, LONGEST_GRACE, LONGEST_INVITATION, LONGEST_NAME, LONGEST_NOTE, LONGEST_ORIGIN,
    LONGEST_WEBHOOK_ADDRESS, MOST_CHANGES, MOST_NETWORKS, MOST_ORIGINS, MOST_WEBHOOKS, RECENT_BYTES, RECENT_EVENTS,
};
use crate::error::Code;
use crate::facts::{MAX_ID, MAX_ISSUED_TIME};
use crate::token::envelope::{DELTA, HEAD, MAX_HEADER, SNAPSHOT};
use crate::token::expect::DEFAULT_MAX_BYTES;
use crate::token::json::{MAX_DEPTH, MAX_DOCUMENT, MAX_INTEGER, MAX_UNKNOWN_FIELDS};

/// A name with its meaning, a sentence.
type Row = (&'static str, &'static str);
/// A problem that a service answers: its code, its HTTP status, and its meaning, a sentence.
type Problem = (&'static str, u16, &'static str);

/// The codes of errors that the npm package finds itself, without the core.
const PACKAGE_CODES: &[Row] = &[
    ("not_initialized", "The WebAssembly module is not loaded yet."),
    ("load_failed", "The WebAssembly module could not be loaded."),
    ("unsupported_engine", "This engine has no Ed25519 in `crypto.subtle`."),
    ("denied", "This may not be done."),
    ("unreachable", "The authority is out of reach."),
    ("not_signed_in", "Nobody is signed in."),
    ("removed_user", "This person is no longer in the organization."),
    ("suspended_user", "This person's access is suspended."),
    ("other_user", "Somebody else has signed in, in this browser."),
    ("storage_failed", "The storage could not be used."),
    ("wrong_assistant", "The token is about another assistant."),
    ("not_granted", "The pass does not hold the capability."),
    ("unavailable", "It cannot be decided at the moment."),
];

/// The problems of the authority's service that are neither refusals of commands ([`refusal_status`]) nor errors of the core
/// ([`CORE_PROBLEMS`]).
const AUTHORITY_PROBLEMS: &[Problem] = &[
    ("bad_request", 400, "The request is not in the form that this address takes."),
    ("invalid_return", 400, "The address to return to is not one of this authority."),
    ("sign_in_failed", 400, "The sign-in was not completed, or took too long."),
    ("not_signed_in", 401, "Nobody is signed in, or the bearer token is missing or wrong."),
    ("cross_origin", 403, "The request does not come from this origin."),
    ("email_not_verified", 403, "The identity provider has not verified the e-mail address."),
    ("removed_user", 403, "This person is no longer in the organization."),
    ("suspended_user", 403, "This person's access is suspended."),
    ("not_found", 404, "There is nothing at this address."),
    ("unknown_review", 404, "No review of that version is kept."),
    ("unknown_organization", 404, "There is no such organization, or none at this host."),
    ("method_not_allowed", 405, "The address does not take this method."),
    ("unknown_version", 404, "The history has no such version: the organization was put back to an earlier state."),
    ("unknown_delivery", 404, "There is no such delivery of an event."),
    ("webhook_paused", 409, "The webhook may not send: the plan withholds it, or its address may not be called."),
    ("already_founded", 409, "The organization has been founded already."),
    ("key_is_configured", 409, "The signing key is configured: it is rotated in the configuration."),
    ("name_taken", 409, "The name or the address is taken or reserved, or looks like one that is."),
    ("rotation_in_progress", 409, "The last rotation of the signing key is not complete."),
    ("version_conflict", 412, "The organization has another version than `If-Version` says."),
    ("too_large", 413, "The body is too large."),
    ("unsupported_media_type", 415, "The body is not `application/json`."),
    ("invalid_import", 422, "The export does not lead to the organization that it names: `path` is the first wrong line."),
    ("idempotency_conflict", 422, "Another command was sent with this `Idempotency-Key`."),
    ("upgrade_required", 426, "This address takes WebSockets alone."),
    ("rate_limited", 429, "Too many requests: try again after `Retry-After`."),
    ("internal", 500, "The authority failed."),
    ("not_configured", 503, "The authority lacks a part of its configuration."),
    ("not_founded", 503, "The organization has not been founded yet."),
    ("organization_suspended", 503, "The operator has suspended this organization."),
    ("unavailable", 503, "The authority cannot be reached at the moment."),
];

/// The errors of the core that the authority's service answers, with their HTTP status.
const CORE_PROBLEMS: &[(Code, u16)] =
    &[(Code::InvalidFacts, 400), (Code::UnsupportedFormat, 400), (Code::DeltaUnavailable, 409), (Code::Tampered, 500)];

/// The HTTP status of a refused request with an API key.
const fn key_refusal_status(refusal: KeyRefusal) -> u16 {
    match refusal {
        KeyRefusal::InvalidApiKey => 401,
        KeyRefusal::AddressNotAllowed | KeyRefusal::MissingScope => 403,
    }
}

/// The HTTP status of a refused command.
const fn refusal_status(code: RefusalCode) -> u16 {
    match code {
        RefusalCode::InvalidCommand => 400,
        RefusalCode::NotAllowed | RefusalCode::BeyondOwnRole | RefusalCode::WrongAddress => 403,
        RefusalCode::UnknownUser
        | RefusalCode::UnknownTeam
        | RefusalCode::UnknownProject
        | RefusalCode::UnknownAssistant
        | RefusalCode::UnknownRole
        | RefusalCode::UnknownLink
        | RefusalCode::UnknownWebhook
        | RefusalCode::UnknownApiKey
        | RefusalCode::UnknownInvitation => 404,
        RefusalCode::OwnRole
        | RefusalCode::LastGlobalAdmin
        | RefusalCode::AlreadyExists
        | RefusalCode::TooMany
        | RefusalCode::InUse
        | RefusalCode::NotEmpty
        | RefusalCode::OwnsAssistants
        | RefusalCode::OnlyMe
        | RefusalCode::OnlyTeam
        | RefusalCode::InactiveUser => 409,
        RefusalCode::InvitationInvalid | RefusalCode::InvitationExpired => 410,
    }
}

/// The problems of the gate: of the library (`passResponse`, `authorize`) and of the Worker around it.
const GATE_PROBLEMS: &[Problem] = &[
    ("bad_request", 400, "The body is not in the form that this address takes."),
    (
        "invalid_pass",
        401,
        "The pass is missing, invalid, for another target, or its link or membership no longer holds: one answer for all.",
    ),
    ("cross_origin", 403, "`POST /v1/pass` comes from another origin, or without an origin."),
    ("insufficient_pass", 403, "The pass is valid, without the capability."),
    ("not_found", 404, "There is nothing at this address."),
    (
        "refused",
        404,
        "The assistant is unknown or not public, the key is wrong or expired, or the site is not allowed: one answer for all.",
    ),
    ("method_not_allowed", 405, "The address does not take this method."),
    ("too_large", 413, "The body is too large."),
    ("unsupported_media_type", 415, "The body is not `application/json`."),
    ("rate_limited", 429, "Too many requests: try again after `Retry-After`."),
    ("unavailable", 503, "It cannot be decided at the moment: try again after `Retry-After`."),
];

/// The header's `typ` of each kind of token.
const TOKEN_TYPES: &[(&str, &str, &str)] = &[
    ("snapshot", SNAPSHOT, "The facts of an organization."),
    ("delta", DELTA, "The change from one snapshot to the next."),
    ("head", HEAD, "What is current, without facts."),
    ("pass", "wicketgate-pass+jwt", "What a visitor may do with one assistant, for some minutes."),
];

/// The `aud` of what the services of this repository sign.
const AUDIENCES: &[(&str, &str, &str)] = &[
    ("member", "wicketgate-console", "Snapshots, deltas and heads for people who are signed in."),
    ("gate", "wicketgate-gate", "Snapshots and heads for the gate."),
    ("chat", "wicketgate-chat", "Passes for the chat back end."),
];

/// Header fields of the HTTP interfaces that no standard names.
const HEADERS: &[(&str, &str, &str)] = &[
    ("signature", "Wicketgate-Signature", "Beside a payload: the rest of its token, `header..signature`."),
    ("ifVersion", "If-Version", "With a command: the version of the organization that it was made for."),
    ("idempotencyKey", "Idempotency-Key", "With a command: repeated with the same key, it is done once."),
    ("actAs", "Wicketgate-Act-As", "With an API key: the id of the user on whose behalf it acts."),
];

/// The protocols that `/v1/updates` takes from a client that cannot add header fields to its request.
const UPDATES_PROTOCOLS: &[(&str, &str, &str)] = &[
    ("protocol", "wicketgate", "The protocol that is chosen."),
    ("bearer", "wicketgate.bearer.", "Before an API key: a second protocol, which is read and never chosen."),
];

/// The codes with which `/v1/updates` closes a WebSocket.
const CLOSE_CODES: &[(&str, u16, &str)] = &[
    ("nothingExpected", 1008, "The client sent something other than `ping` (RFC 6455, section 7.4.1)."),
    ("sessionEnded", 4401, "The session has ended: sign in again."),
    ("tooMany", 4429, "Too many updates of one person are open: try again in a minute."),
];

/// Regular expressions (ECMA-262) that texts of the formats match.
const PATTERNS: &[(&str, &str, &str)] = &[
    (
        "id",
        r"^[A-Za-z0-9_.:@-]{1,128}$",
        "An id of a user, team, project, assistant, role or link. `.` and `..` are not given to anything new.",
    ),
    ("name", r"^[^\p{Cc}\u2028\u2029]{1,200}$", "A name, on one line. Characters that cannot be seen are restricted further."),
    ("linkKey", r"^wk_[A-Za-z0-9_-]{43}$", "The key of a share link."),
    ("apiKey", r"^wgk_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}$", "The secret of an API key. The last six characters are a checksum."),
    ("invitationToken", r"^wi_[A-Za-z0-9_-]{43}$", "The token of an invitation."),
];

/// Numbers that a reader or a client has to know. Times are seconds.
const LIMITS: &[(&str, u64, &str)] = &[
    ("tokenBytes", DEFAULT_MAX_BYTES, "Bytes of a token, unless `maxBytes` says otherwise."),
    ("documentBytes", MAX_DOCUMENT as u64, "Bytes of a token at most, whatever `maxBytes` says."),
    ("headerCharacters", MAX_HEADER as u64, "Characters of a token's header, base64url."),
    ("jsonDepth", MAX_DEPTH as u64, "Depth of arrays and objects in JSON, of tokens and of bodies."),
    ("unknownFields", MAX_UNKNOWN_FIELDS as u64, "Unknown fields in one object."),
    ("integer", MAX_INTEGER, "The largest integer, 2^53 - 1."),
    ("idCharacters", MAX_ID as u64, "Characters of an id."),
    ("issuedTime", MAX_ISSUED_TIME, "The latest time that is signed, Unix seconds: the year 5138."),
    ("nameCharacters", LONGEST_NAME as u64, "Characters of a name."),
    ("addressBytes", LONGEST_ADDRESS as u64, "Bytes of an e-mail address."),
    ("noteCharacters", LONGEST_NOTE as u64, "Characters of the note of a review."),
    ("origins", MOST_ORIGINS as u64, "Origin patterns of the embedding of an assistant."),
    ("originBytes", LONGEST_ORIGIN as u64, "Bytes of an origin pattern."),
    ("webhooks", MOST_WEBHOOKS as u64, "Webhooks of an organization."),
    ("webhookAddressBytes", LONGEST_WEBHOOK_ADDRESS as u64, "Bytes of the address of a webhook."),
    ("apiKeyNetworks", MOST_NETWORKS as u64, "Networks from which an API key is accepted."),
    ("apiKeyGraceSecondsMost", LONGEST_GRACE, "How long the secret before a rotation is accepted at most."),
    ("invitationSeconds", INVITATION_LIFE, "How long an invitation is good by default."),
    ("invitationSecondsMost", LONGEST_INVITATION, "How long an invitation is good at most."),
    ("previewChanges", MOST_CHANGES as u64, "Changes that a preview lists; the others are counted."),
    ("deltaEvents", RECENT_EVENTS as u64, "Events back from which a delta can begin."),
    ("deltaBytes", RECENT_BYTES as u64, "Bytes of these events, together."),
    ("bodyBytes", 64 << 10, "Bytes of the body of a request to the authority's service."),
    ("batchBytes", 1 << 20, "Bytes of the body of a batch of commands."),
    ("batchCommands", 1000, "Commands of a batch."),
    ("batchMails", 100, "Commands of a batch that a mail follows."),
    ("reconcileLineCharacters", 4 << 20, "UTF-16 units of a line of desired facts."),
    ("factsBytes", 30 << 20, "Bytes of the facts that an organization is founded with."),
    ("auditPage", 1000, "Events on a page of the history."),
    ("updatesOfPerson", 20, "Open WebSockets of one person: a new one closes the oldest."),
    ("keyRequests", 2500, "Requests with one API key in ten seconds."),
    ("organizationKeyRequests", 5000, "Requests with all API keys of an organization in ten seconds."),
    ("sessionsOfPerson", 20, "Sessions of one person: a new one ends the oldest."),
    ("passBodyBytes", 4 << 10, "Bytes of the body of `POST /v1/pass`."),
    ("passBytes", 4 << 10, "Bytes of a pass."),
    ("passSeconds", 15 * 60, "How long a pass lasts at most."),
];
