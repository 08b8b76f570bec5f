//! Unknown fields in facts that a caller gives: the error suggests the field that was meant.

use crate::error::{Code, Error, concat, harmless, quote};
use crate::token::json::UnknownField;

/// Fields that only changes have.
const OF_CHANGES: [&str; 2] = ["gone", "without"];
/// A name may have one slip for each so many letters.
const LETTERS_A_SLIP: usize = 3;

/// The error for a field that facts do not have; with `changes`, that changes do not have.
pub(crate) fn no_such_field(field: &UnknownField, changes: bool) -> Error {
    let known: Vec<&str> = field.known.iter().copied().filter(|name| changes || !OF_CHANGES.contains(name)).collect();
    let reason = match nearest(&field.name, &known) {
        Some(meant) => concat(&["there is no such field; did you mean ", &quote(meant), "?"]),
        None => {
            let known: Vec<String> = known.into_iter().map(quote).collect();
            concat(&["there is no such field; there are ", &known.join(", ")])
        }
    };
    Error::at(Code::InvalidFacts, &*field.path, &reason)
}

/// The known name with the fewest slips, if they are few.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name: Vec<char> = harmless(name).to_lowercase().chars().collect();
    let most = (name.len() / LETTERS_A_SLIP).max(1);
    let near = known.iter().map(|known| (slips(&name, &known.chars().collect::<Vec<char>>()), *known));
    near.filter(|(slips, _)| *slips <= most).min().map(|(_, known)| known)
}

/// The number of letters that are missing, added, replaced or swapped with their neighbour (optimal string alignment).
fn slips(name: &[char], other: &[char]) -> usize {
    let mut rows: [Vec<usize>; 2] = [Vec::new(), (0..=other.len()).collect()];
    for (n, letter) in name.iter().enumerate() {
        let mut row = vec![n + 1];
        for (m, wanted) in other.iter().enumerate() {
            let at = |row: &[usize], m: usize| row.get(m).copied().unwrap_or(usize::MAX / 2);
            let [above, last] = &rows;
            let added_or_missing = at(last, m + 1).min(at(&row, m)) + 1;
            let replaced = at(last, m) + usize::from(letter != wanted);
            let before = |m: usize| m.checked_sub(1);
            let swapped =
                before(n).and_then(|n| name.get(n)) == Some(wanted) && before(m).and_then(|m| other.get(m)) == Some(letter);
            let swapped = if swapped { before(m).map_or(usize::MAX / 2, |m| at(above, m) + 1) } else { usize::MAX / 2 };
            row.push(added_or_missing.min(replaced).min(swapped));
        }
        rows.swap(0, 1);
        rows[1] = row;
    }
    rows[1].last().copied().unwrap_or(name.len())
}

#[cfg(test)]
mod tests {
    use super::{nearest, slips};

    const USER: [&str; 5] = ["id", "role", "status", "email", "name"];

    #[test]
    fn knows_what_was_meant() {
        for (name, known, meant) in [
            ("emial", &USER[..], Some("email")),
            ("Email", &USER[..], Some("email")),
            ("mail", &USER[..], Some("email")),
            ("rol", &USER[..], Some("role")),
            ("membres", &["id", "name", "creator", "members"][..], Some("members")),
            ("accessiblity", &["accessibility"][..], Some("accessibility")),
            ("withold", &["name", "withholds"][..], Some("withholds")),
            ("expiry", &["user", "role", "expires"][..], Some("expires")),
            ("policies", &["id", "plan", "roles", "users", "teams", "projects", "assistants"][..], None),
            ("admin", &USER[..], None),
            ("", &USER[..], None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }

    #[test]
    fn counts_slips() {
        let count = |one: &str, other: &str| slips(&one.chars().collect::<Vec<_>>(), &other.chars().collect::<Vec<_>>());
        for (one, other, slips) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("abcd", "badc", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!((count(one, other), count(other, one)), (slips, slips), "{one} {other}");
        }
    }
}
