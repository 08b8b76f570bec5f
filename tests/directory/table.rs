//! The table of commands, the model and `docs/authority.md` name the same commands with the same fields.

use super::model;
use wicketgate::{Command, CommandField, CommandRow};

/// A command's name, its required fields and its optional fields.
type Row<'a> = (&'a str, Vec<&'a str>, Vec<&'a str>);

fn row(CommandRow { name, required, optional, .. }: &CommandRow) -> Row<'static> {
    let names = |fields: &'static [CommandField]| fields.iter().map(|field| field.name).collect();
    (name, names(required), names(optional))
}

fn table() -> Vec<Row<'static>> {
    Command::TABLE.iter().map(row).collect()
}

#[test]
fn the_model_knows_every_command() {
    let words = |fields: &'static str| fields.split_whitespace().collect();
    let model: Vec<Row<'_>> =
        model::FIELDS.iter().map(|(name, required, optional)| (*name, words(required), words(optional))).collect();
    assert_eq!(table(), model);
    assert_eq!(Command::TABLE.iter().map(|row| row.name).collect::<Vec<_>>(), Command::NAMES);
}

#[test]
fn the_documentation_has_a_row_for_every_command() {
    let document = include_str!("../../docs/authority.md");
    let commands = document.split("\n## ").find(|section| section.starts_with("Commands\n")).unwrap();
    let mut documented: Vec<Row<'_>> = commands.lines().filter_map(cells).flat_map(documented_rows).collect();
    let mut table = table();
    for rows in [&mut documented, &mut table] {
        for (_, required, optional) in rows.iter_mut() {
            required.sort_unstable();
            optional.sort_unstable();
        }
        rows.sort_unstable();
    }
    assert_eq!(documented, table);
}

/// The first two cells of a row of a Markdown table.
fn cells(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    Some((cells.next()?, cells.next()?))
}

/// The commands of one row: a row names several where their fields are the same. Tables of requests (`GET /v1/…`) have none.
fn documented_rows<'a>((names, fields): (&'a str, &'a str)) -> Vec<Row<'a>> {
    let fields = || items(fields).into_iter().filter_map(code);
    let required = || fields().filter(|field| !field.ends_with('?')).collect();
    let optional = || fields().filter_map(|field| field.strip_suffix('?')).collect();
    let names = items(names).into_iter().filter_map(code).filter(|name| *name != "type" && !name.contains(' '));
    names.map(|name| (name, required(), optional())).collect()
}

/// The items of a list with commas; a comma in parentheses does not end an item.
fn items(list: &str) -> Vec<&str> {
    let mut depth = 0;
    list.split(|character| {
        depth += i32::from(character == '(') - i32::from(character == ')');
        depth == 0 && character == ','
    })
    .map(str::trim)
    .collect()
}

/// The code that an item begins with.
fn code(item: &str) -> Option<&str> {
    item.strip_prefix('`')?.split('`').next()
}
