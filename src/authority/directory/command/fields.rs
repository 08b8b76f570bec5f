//! The fields of a command: what each can be, and reading them from JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{RoleSet, Secret, WebhookAddress};
use crate::authority::directory::api_keys::KeyScope;
use crate::document::Holding;
use crate::error::{harmless, quote};
use crate::facts::{Accessibility, LinkLevel, Status};
use crate::rules::role::Level;
use crate::token::json::{JsonReader, MAX_INTEGER};

/// The values that a field of a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// `true` or `false`.
    Boolean,
    /// An integer from 0 to 2⁵³ − 1.
    Integer,
    /// An integer from 0 to 2⁵³ − 1, or `null`.
    IntegerOrNull,
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// A string, or `null`.
    TextOrNull,
    /// A list of holdings: objects with `user`, `role` and, if it ends, `expires`.
    Holdings,
    /// A list of strings, or `null`.
    TextsOrNull,
    /// An object whose values are strings.
    TextByKey,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A list of these strings.
    ListOf(&'static [&'static str]),
}

/// Why a command as JSON cannot be read. An empty path is the whole command.
#[derive(Debug)]
pub(in crate::authority::directory) struct FieldError {
    pub(in crate::authority::directory) path: String,
    pub(in crate::authority::directory) reason: String,
}

impl FieldError {
    pub(in crate::authority::directory) fn at(path: impl Into<String>, reason: impl Into<String>) -> FieldError {
        FieldError { path: path.into(), reason: reason.into() }
    }
}

/// The fields of a command that have not been read yet.
pub(in crate::authority::directory) struct Fields(pub(super) Map<String, Value>);

impl Fields {
    pub(in crate::authority::directory) fn required<T: Field>(&mut self, name: &str) -> Result<T, FieldError> {
        let value = self.0.remove(name).ok_or_else(|| FieldError::at(name, "missing"))?;
        T::read(value, name)
    }

    pub(in crate::authority::directory) fn optional<T: Field>(&mut self, name: &str) -> Result<Option<T>, FieldError> {
        self.take(name).map(|value| T::read(value, name)).transpose()
    }

    /// A field of a form that only the caller knows.
    pub(in crate::authority::directory) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }
}

/// Reads a JSON object strictly: fields that `read` leaves are refused.
pub(in crate::authority::directory) fn read_object<T>(
    json: &str,
    read: impl FnOnce(&mut Fields) -> Result<T, FieldError>,
) -> Result<T, FieldError> {
    // The strict reader refuses duplicate keys and deep nesting, which the lenient one behind it lets pass.
    let mut reader = JsonReader::new(json.to_owned());
    let checked = reader.skip().and_then(|()| reader.finish());
    checked.map_err(|fault| FieldError::at(fault.path.clone(), fault.reason.clone()))?;
    let Ok(Value::Object(values)) = serde_json::from_str(json) else {
        return Err(FieldError::at("", "expected an object"));
    };
    let mut fields = Fields(values);
    let value = read(&mut fields)?;
    fields.0.keys().next().map_or(Ok(value), |unknown| Err(FieldError::at(harmless(unknown), "there is no such field")))
}

/// Reads a list of objects, as strictly.
pub(in crate::authority::directory) fn read_objects<T>(
    value: Value,
    path: &str,
    mut read: impl FnMut(&mut Fields) -> Result<T, FieldError>,
) -> Result<Vec<T>, FieldError> {
    let Value::Array(items) = value else { return Err(FieldError::at(path, "expected an array")) };
    (0..).zip(items).map(|(n, item): (usize, _)| read_object_at(item, &format!("{path}[{n}]"), &mut read)).collect()
}

/// Reads an object in a field, as strictly.
pub(in crate::authority::directory) fn read_object_at<T>(
    value: Value,
    path: &str,
    read: impl FnOnce(&mut Fields) -> Result<T, FieldError>,
) -> Result<T, FieldError> {
    let Value::Object(values) = value else { return Err(FieldError::at(path, "expected an object")) };
    let mut fields = Fields(values);
    let value = read(&mut fields).and_then(|value| match fields.0.keys().next() {
        Some(unknown) => Err(FieldError::at(harmless(unknown), "there is no such field")),
        None => Ok(value),
    });
    value.map_err(|error| FieldError::at(format!("{path}.{}", error.path), error.reason))
}

/// A type that a field of a command can have.
pub(in crate::authority::directory) trait Field: Sized {
    const KIND: FieldKind;

    fn read(value: Value, path: &str) -> Result<Self, FieldError>;
}

impl Field for String {
    const KIND: FieldKind = FieldKind::Text;

    fn read(value: Value, path: &str) -> Result<String, FieldError> {
        if let Value::String(text) = value { Ok(text) } else { Err(FieldError::at(path, "expected a string")) }
    }
}

impl Field for Secret {
    const KIND: FieldKind = FieldKind::Text;

    fn read(value: Value, path: &str) -> Result<Secret, FieldError> {
        String::read(value, path).map(Secret)
    }
}

impl Field for WebhookAddress {
    const KIND: FieldKind = FieldKind::Text;

    fn read(value: Value, path: &str) -> Result<WebhookAddress, FieldError> {
        String::read(value, path).map(WebhookAddress)
    }
}

impl Field for u64 {
    const KIND: FieldKind = FieldKind::Integer;

    fn read(value: Value, path: &str) -> Result<u64, FieldError> {
        let integer = value.as_u64().filter(|value| *value <= MAX_INTEGER);
        integer.ok_or_else(|| FieldError::at(path, format!("expected an integer from 0 to {MAX_INTEGER}")))
    }
}

/// Fields for which `null` means "none": an absent field means "as it is".
macro_rules! nullable {
    ($($type:ty: $kind:ident,)+) => {$(
        impl Field for Option<$type> {
            const KIND: FieldKind = FieldKind::$kind;

            fn read(value: Value, path: &str) -> Result<Option<$type>, FieldError> {
                if value.is_null() { Ok(None) } else { <$type>::read(value, path).map(Some) }
            }
        }
    )+};
}

nullable! { u64: IntegerOrNull, String: TextOrNull, Vec<String>: TextsOrNull, }

impl Field for bool {
    const KIND: FieldKind = FieldKind::Boolean;

    fn read(value: Value, path: &str) -> Result<bool, FieldError> {
        value.as_bool().ok_or_else(|| FieldError::at(path, "expected true or false"))
    }
}

impl Field for Vec<String> {
    const KIND: FieldKind = FieldKind::Texts;

    fn read(value: Value, path: &str) -> Result<Vec<String>, FieldError> {
        let Value::Array(items) = value else { return Err(FieldError::at(path, "expected an array")) };
        (0..).zip(items).map(|(n, item): (usize, _)| String::read(item, &format!("{path}[{n}]"))).collect()
    }
}

impl Field for Vec<Holding> {
    const KIND: FieldKind = FieldKind::Holdings;

    fn read(value: Value, path: &str) -> Result<Vec<Holding>, FieldError> {
        read_objects(value, path, |fields| {
            let (user, role) = (fields.required("user")?, fields.required("role")?);
            Ok(Holding { user, role, expires: fields.optional("expires")? })
        })
    }
}

impl Field for Vec<KeyScope> {
    const KIND: FieldKind = FieldKind::ListOf(KeyScope::NAMES);

    fn read(value: Value, path: &str) -> Result<Vec<KeyScope>, FieldError> {
        let scope = |(n, name): (usize, String)| {
            let unknown = || FieldError::at(format!("{path}[{n}]"), format!("there is no scope {}", quote(&name)));
            KeyScope::from_name(&name).ok_or_else(unknown)
        };
        (0..).zip(<Vec<String>>::read(value, path)?).map(scope).collect()
    }
}

impl Field for BTreeMap<String, String> {
    const KIND: FieldKind = FieldKind::TextByKey;

    fn read(value: Value, path: &str) -> Result<BTreeMap<String, String>, FieldError> {
        let Value::Object(entries) = value else { return Err(FieldError::at(path, "expected an object")) };
        let entry = |(key, value): (String, Value)| {
            let value = String::read(value, &format!("{path}.{}", harmless(&key)))?;
            Ok((key, value))
        };
        entries.into_iter().map(entry).collect()
    }
}

/// Declares fields that hold one of a few names.
macro_rules! choices {
    ($($type:ty: $($name:literal $value:expr,)+;)+) => {$(
        impl Field for $type {
            const KIND: FieldKind = FieldKind::OneOf(&[$($name,)+]);

            fn read(value: Value, path: &str) -> Result<$type, FieldError> {
                match value.as_str() {
                    $(Some($name) => Ok($value),)+
                    _ => Err(FieldError::at(path, concat!("expected one of", $(" `", $name, "`",)+))),
                }
            }
        }
    )+};
}

choices! {
    Level: "organization" Level::Organization, "team" Level::Team, "assistant" Level::Assistant,;
    Accessibility: "only_me" Accessibility::OnlyMe, "only_team" Accessibility::OnlyTeam, "public" Accessibility::Public,;
    Status: "active" Status::Active, "invited" Status::Invited, "suspended" Status::Suspended,;
    LinkLevel: "view" LinkLevel::View, "edit" LinkLevel::Edit,;
    RoleSet: "built_in" RoleSet::BuiltIn, "assigned_agents" RoleSet::AssignedAgents,;
}
