//! What went wrong in systems like this one, by the name of the weakness.
//! `docs/advisories.md` says where each was seen; it names a test for each, here or
//! in the file of its subject, and the last test here holds it to that.

mod factors;
mod hand_over;
mod list;
mod pages;
mod parallel;
mod passkeys;
mod requests;
mod restart;
mod sessions;
mod tokens;
mod upstream;

pub use list::names_of_all_tests;
