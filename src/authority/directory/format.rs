//! The format of stored texts: events and dumps carry its number.
//!
//! | format | |
//! | --- | --- |
//! | 0 | Without a number. The `actor` of an event is the id of a user. |
//! | 1 | `"format": 1`. The `actor` of an event is an object, with `via` beside it: a key may act. |

use crate::error::{Code, Error};

/// The format that is written. Earlier ones are read too.
pub(super) const FORMAT: u64 = 1;

/// Refuses a text of a later format.
pub(super) fn check(format: u64, what: &str) -> Result<(), Error> {
    let later = || {
        let message = format!("{what} has the format {format}; this version reads up to {FORMAT}");
        Err(Error::new(Code::UnsupportedFormat, message))
    };
    if format <= FORMAT { Ok(()) } else { later() }
}
