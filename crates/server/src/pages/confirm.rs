//! "Are you sure?", for what cannot be taken back: deleting an app or an account, ending
//! all tokens.

use askama::Template;

use super::{Field, Frame};

/// Posts to `action`; with `typed`, the field `confirm`.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    pub frame: Frame,
    /// The question, without the name of what it is about.
    pub title: String,
    /// What it is about: an app's name.
    pub subject: Option<String>,
    /// What will happen, one sentence each.
    pub consequences: Vec<String>,
    pub action: String,
    /// What the button says: a verb and its object.
    pub button: String,
    /// Where "Keep it" leads.
    pub back: String,
    pub typed: Option<Typed>,
}

/// A text to be typed, so that no hasty click suffices.
pub struct Typed {
    pub wanted: String,
    pub field: Field,
}

#[cfg(test)]
impl Confirm {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::{account_delete, admin::keys, app_delete, tokens};
        let all = [
            app_delete::samples(),
            account_delete::samples(),
            tokens::confirm_samples(),
            keys::confirm_samples(),
        ];
        all.into_iter().flatten().collect()
    }
}
