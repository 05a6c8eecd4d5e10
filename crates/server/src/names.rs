//! Names that somebody may not take, because readers would believe them: the platform's
//! own, and those of apps that the operator vouches for.

use crate::{app::App, failure::Failure, language::Language};
use grantor_protocol::name::{
    AppName, DisplayName, app_imitates, confusable_with, person_imitates,
};

/// Reserved on every instance, beside its own brand.
const SOFTWARE: &str = "Grantor";
const IMITATES: &str = "wrong-name-platform";

/// Whose app a name is for: its owner's other apps may be called alike.
#[derive(Clone, Copy)]
pub struct Naming<'a> {
    pub owner: i64,
    /// The name so far, which may stay.
    pub present: Option<&'a str>,
}

impl App {
    fn brands(&self) -> [&str; 2] {
        [self.config.service.brand.as_str(), SOFTWARE]
    }

    /// What is wrong with an app's name, in a sentence for who chose it.
    pub async fn check_app_name(
        &self,
        name: &AppName,
        naming: Naming<'_>,
        language: Language,
    ) -> Result<Option<String>, Failure> {
        let name = name.as_str();
        if naming.present == Some(name) {
            return Ok(None);
        }
        if let Some(brand) = self.brands().into_iter().find(|it| app_imitates(name, it)) {
            let said = language.say("app-name-is-the-platforms");
            return Ok(Some(said.words("brand", brand).plain()));
        }
        let verified = self.store.verified_apps().await?;
        let taken = verified
            .iter()
            .any(|it| it.owner != naming.owner && confusable_with(&it.name, name));
        Ok(taken.then(|| language.text("app-name-is-taken")))
    }

    /// What is wrong with a person's name; `present`: the name so far, which may stay.
    pub fn check_display_name(&self, name: &DisplayName, present: Option<&str>) -> Option<String> {
        let name = name.as_str();
        let imitates = || {
            self.brands()
                .iter()
                .any(|brand| person_imitates(name, brand))
        };
        let wrong = present != Some(name) && imitates();
        wrong.then(|| Language::English.text(IMITATES))
    }

    /// A person's name as she typed it, or what is wrong with it, in her language.
    pub fn read_display_name(
        &self,
        typed: &str,
        present: Option<&str>,
        language: Language,
    ) -> Result<DisplayName, String> {
        let name = DisplayName::parse(typed).map_err(|error| language.wrong_text(error))?;
        match self.check_display_name(&name, present) {
            Some(_) => Err(language.text(IMITATES)),
            None => Ok(name),
        }
    }
}
