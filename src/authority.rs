//! The authority: the directory and its history, what each recipient may see of it, and the signing of that.

mod affected;
pub(crate) mod delta;
pub(crate) mod directory;
pub(crate) mod issue;
pub(crate) mod limits;
mod misspelt;
mod projection;
