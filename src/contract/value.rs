//! Values of TypeScript: literals, lists and objects, on one line where they fit.

/// Characters of a line.
const WIDTH: usize = 132;

/// A value.
pub(super) enum Value {
    Literal(String),
    List(Vec<Value>),
    Object(Vec<Property>),
}

/// A property of an object, with a comment before it or none.
pub(super) struct Property {
    pub(super) comment: Option<&'static str>,
    pub(super) key: &'static str,
    pub(super) value: Value,
}

impl Value {
    /// A text. The tables hold no control characters.
    pub(super) fn text(text: &str) -> Value {
        Value::Literal(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
    }

    pub(super) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Value {
        Value::List(texts.into_iter().map(Value::text).collect())
    }

    /// A number with its thousands apart: `16_384`.
    pub(super) fn number(number: u64) -> Value {
        let digits = number.to_string();
        let apart = |n: usize| n > 0 && (digits.len() - n).is_multiple_of(3);
        let grouped = digits.chars().enumerate().flat_map(|(n, digit)| apart(n).then_some('_').into_iter().chain([digit]));
        Value::Literal(grouped.collect())
    }

    pub(super) fn object(properties: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        let property = |(key, value)| Property { comment: None, key, value };
        Value::Object(properties.into_iter().map(property).collect())
    }

    /// The value with a line for each item, from the column `indent` on.
    pub(super) fn broken(&self, indent: usize) -> String {
        let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
        match self {
            Value::Literal(text) => text.clone(),
            Value::List(items) => {
                let line = |item: &Value| format!("{inner}{},\n", item.fitted(indent + 2, indent + 3));
                format!("[\n{}{outer}]", items.iter().map(line).collect::<String>())
            }
            Value::Object(properties) => {
                let line = |Property { comment, key, value }: &Property| {
                    let comment = comment.map(|comment| format!("{inner}/** {comment} */\n")).unwrap_or_default();
                    let key = quoted(key);
                    let value = value.fitted(indent + 2, indent + 2 + key.len() + 3);
                    format!("{comment}{inner}{key}: {value},\n")
                };
                format!("{{\n{}{outer}}}", properties.iter().map(line).collect::<String>())
            }
        }
    }

    /// The value on one line if it has room beside the `used` characters of that line.
    fn fitted(&self, indent: usize, used: usize) -> String {
        let line = self.line();
        if used + line.chars().count() <= WIDTH { line } else { self.broken(indent) }
    }

    fn line(&self) -> String {
        match self {
            Value::Literal(text) => text.clone(),
            Value::List(items) => format!("[{}]", joined(items.iter().map(Value::line))),
            Value::Object(properties) if properties.is_empty() => "{}".to_owned(),
            Value::Object(properties) => {
                let property = |Property { key, value, .. }: &Property| format!("{}: {}", quoted(key), value.line());
                format!("{{ {} }}", joined(properties.iter().map(property)))
            }
        }
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// A name as the key of an object, in quotes where it needs them.
fn quoted(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}
