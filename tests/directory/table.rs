//! The table of commands and the model name the same commands with the same fields, and the sentences of the table name fields.

use super::model;
use wicketgate::{Command, CommandField, CommandRow};

/// A command's name, its required fields and its optional fields.
type Row<'a> = (&'a str, Vec<&'a str>, Vec<&'a str>);

fn row(CommandRow { name, required, optional, .. }: &CommandRow) -> Row<'static> {
    let names = |fields: &'static [CommandField]| fields.iter().map(|field| field.name).collect();
    (name, names(required), names(optional))
}

#[test]
fn the_model_knows_every_command() {
    let table: Vec<Row<'_>> = Command::TABLE.iter().map(row).collect();
    let model: Vec<Row<'_>> = model::TABLE.iter().map(|row| (row.name, row.required.to_vec(), row.optional.to_vec())).collect();
    assert_eq!(table, model);
    assert_eq!(Command::TABLE.iter().map(|row| row.name).collect::<Vec<_>>(), Command::NAMES);
}

/// A sentence names fields of its command or of the event, and outside of brackets only fields that are always there.
#[test]
fn the_sentences_name_fields_of_their_commands() {
    for row in Command::TABLE {
        let fields: Vec<&str> = row.required.iter().chain(row.optional).map(|field| field.name).chain(["was", "user"]).collect();
        for value in row.sentence.split('{').skip(1) {
            let (form, named) = value.split_once('}').and_then(|(value, _)| value.split_once(' ')).unwrap();
            assert!(!form.is_empty() && named.split('/').all(|name| fields.contains(&name)), "{}: {value}", row.name);
        }
        let always =
            row.sentence.split('[').enumerate().map(|(n, part)| if n == 0 { part } else { part.split_once(']').unwrap().1 });
        for value in always.flat_map(|part| part.split('{').skip(1)) {
            let named = value.split_once('}').unwrap().0.split_once(' ').unwrap().1;
            let required = |name: &str| row.required.iter().any(|field| field.name == name);
            assert!(named.split('/').any(required) || named == "user", "{}: `{named}` can be absent", row.name);
        }
    }
}
