//! The pages: one struct each, beside the handler that fills it, and a template
//! of the same name.
//!
//! A page states facts; the template finds the words. Every struct has
//! `samples()`, and one test renders them all, with hostile names among them.

pub mod format;
mod frame;

pub mod account;
pub mod account_delete;
pub mod address;
pub mod admin;
pub mod app;
pub mod app_delete;
pub mod app_form;
pub mod app_openid;
pub mod app_requests;
pub mod apps;
pub mod authorizations;
pub mod carry;
pub mod confirm;
pub mod consent;
pub mod details;
pub mod docs;
pub mod elsewhere;
pub mod error;
pub mod export;
pub mod factors;
pub mod forgot;
pub mod form_post;
pub mod history;
pub mod home;
pub mod images;
pub mod inspect;
pub mod join;
pub mod login;
pub mod logout;
pub mod new_password;
pub mod out_of_band;
pub mod page;
pub mod passkey_form;
pub mod signup;
pub mod snippets;
pub mod tokens;

pub use frame::{Field, Frame, Notice, Place, ScopeLine, Who};
pub use page::POLICY;

#[cfg(test)]
use frame::spoken;

#[cfg(test)]
pub(crate) mod tests;
