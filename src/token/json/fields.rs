//! Reading an object field by field, and the most common values of fields.

use super::{JsonReader, Read};
use crate::error::{concat, quote};

/// Reads an object field by field: `read_object!(reader, { "name" => statement, … })`.
macro_rules! read_object {
    ($reader:expr, { $($($name:literal)|+ => $read:expr,)* }) => {{
        const FIELDS: &[&str] = &[$($($name),+),*];
        let mut object = $reader.object()?;
        while let Some(field) = $reader.field(&mut object, FIELDS)? {
            let mut index = 0; // A constant at each field, once the compiler has counted.
            $(
                let first = index;
                index += [$($name),+].len();
                if (first..index).contains(&field) {
                    $read;
                }
            )*
        }
    }};
}
pub(crate) use read_object;

/// Reads an array, each item by `read`.
pub(crate) fn items(reader: &mut JsonReader, read: &mut dyn FnMut(&mut JsonReader) -> Read<()>) -> Read<()> {
    let mut array = reader.array()?;
    while reader.item(&mut array)? {
        read(reader)?;
    }
    Ok(())
}

/// The value of a field that must not be missing.
pub(crate) fn required<T>(value: Option<T>, reader: &JsonReader, name: &str) -> Read<T> {
    value.ok_or_else(|| reader.fault(concat(&["missing `", name, "`"])))
}

/// A string that is one of a few names: its value.
pub(crate) fn one_of<T: Copy>(reader: &mut JsonReader, choices: &[(&str, T)]) -> Read<T> {
    let span = reader.string()?;
    let text = reader.get(span);
    choices.iter().find(|choice| choice.0 == text).map(|choice| choice.1).ok_or_else(|| {
        let mut reason = concat(&[&quote(text), " is not one of"]);
        for (n, (name, _)) in choices.iter().enumerate() {
            reason.push_str(if n == 0 { " " } else { ", " });
            reason.push_str(name);
        }
        reader.fault(reason)
    })
}
