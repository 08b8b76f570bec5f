//! The authority: the directory and its history, the facts that each recipient may see, and the signing of snapshots.

mod affected;
pub(crate) mod delta;
pub(crate) mod directory;
pub(crate) mod issue;
pub(crate) mod limits;
mod lists;
mod misspelt;
pub(crate) mod pieces;
mod projection;
pub(crate) mod reading;
