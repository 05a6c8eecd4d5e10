//! Names that somebody may not take, because readers would believe them: the platform's
//! own, and those of apps that the operator vouches for.

use crate::{
    app::App,
    failure::Failure,
    language::{Language, Told},
};
use grantor_protocol::name::{
    AppName, DisplayName, app_imitates, confusable_with, person_imitates,
};

/// Reserved on every instance, beside its own brand.
const SOFTWARE: &str = "Grantor";

/// What the name of an app is mistaken for.
pub enum Mistaken {
    /// The platform, by this name of it.
    Platform(String),
    VerifiedApp,
}

impl Told for Mistaken {
    fn told(&self, language: Language) -> String {
        match self {
            Self::Platform(brand) => {
                let said = language.say("appform-imitates-platform");
                said.words("brand", brand).plain()
            }
            Self::VerifiedApp => language.text("appform-imitates-verified"),
        }
    }
}

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

    /// What is wrong with an app's name.
    pub async fn check_app_name(
        &self,
        name: &AppName,
        naming: Naming<'_>,
    ) -> Result<Option<Mistaken>, Failure> {
        let name = name.as_str();
        if naming.present == Some(name) {
            return Ok(None);
        }
        if let Some(brand) = self.brands().into_iter().find(|it| app_imitates(name, it)) {
            return Ok(Some(Mistaken::Platform(brand.to_owned())));
        }
        let verified = self.store.verified_apps().await?;
        let taken = verified
            .iter()
            .any(|it| it.owner != naming.owner && confusable_with(&it.name, name));
        Ok(taken.then_some(Mistaken::VerifiedApp))
    }

    /// What is wrong with a person's name; `present`: the name so far, which may stay.
    pub fn check_display_name(&self, name: &DisplayName, present: Option<&str>) -> Option<String> {
        let name = name.as_str();
        let imitates = || {
            self.brands()
                .iter()
                .any(|brand| person_imitates(name, brand))
        };
        (present != Some(name) && imitates()).then(|| {
            "This name looks like the platform’s own; choose one that says who you are.".to_owned()
        })
    }
}
