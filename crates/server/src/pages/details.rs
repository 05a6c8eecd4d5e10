//! `/account/details`: what a user says of herself beside her name and photo, for
//! apps that ask.

use askama::Template;

use super::{
    Field, Frame, Place,
    page::{Page, html, html_with},
};
use crate::{
    context::Fields,
    failure::Answer,
    front::see_other,
    language::{Language, Languages},
};
use axum::http::StatusCode;
use grantor_protocol::openid::profile::{FieldError, Profile, Wrong};
use grantor_store::users::About;

/// Posts the fields of [`GROUPS`] to its own address.
#[derive(Template)]
#[template(path = "details.html")]
pub struct Details {
    pub frame: Frame,
    /// The languages of the pages; the first is that of mails to whoever chooses none.
    pub offered: Languages,
    /// What an app that asks for `email` sees.
    pub email: String,
    /// One for each input, in the order of [`GROUPS`].
    pub fields: Vec<(&'static str, Field)>,
}

/// Inputs that go out by one scope. What they say are messages.
pub struct Group {
    pub id: &'static str,
    pub title: &'static str,
    /// Which apps see it.
    pub seen_by: &'static str,
    pub inputs: &'static [Input],
}

pub struct Input {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: Option<&'static str>,
    /// For the browser (`autocomplete`).
    pub fill: &'static str,
    /// Written from left to right whatever the language.
    pub ltr: bool,
}

const fn text(name: &'static str, label: &'static str, fill: &'static str) -> Input {
    Input {
        name,
        label,
        hint: None,
        fill,
        ltr: false,
    }
}

const fn code(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    fill: &'static str,
) -> Input {
    Input {
        name,
        label,
        hint: Some(hint),
        fill,
        ltr: true,
    }
}

#[rustfmt::skip]
pub const GROUPS: [Group; 4] = [
    Group {
        id: "names",
        title: "details-names",
        seen_by: "details-seen-profile",
        inputs: &[
            text("given_name", "details-given_name", "given-name"),
            text("middle_name", "details-middle_name", "additional-name"),
            text("family_name", "details-family_name", "family-name"),
            text("nickname", "details-nickname", "nickname"),
            text("preferred_username", "details-preferred_username", "off"),
        ],
    },
    Group {
        id: "about",
        title: "details-about",
        seen_by: "details-seen-profile",
        inputs: &[
            code("profile", "details-profile", "details-url-hint", "url"),
            code("website", "details-website", "details-url-hint", "url"),
            text("gender", "details-gender", "sex"),
            code("birthdate", "details-birthdate", "details-birthdate-hint", "bday"),
            code(LOCALE, "details-locale", "details-locale-hint", "language"),
            code("zoneinfo", "details-zoneinfo", "details-zoneinfo-hint", "off"),
        ],
    },
    Group {
        id: "phone",
        title: "details-phone",
        seen_by: "details-seen-phone",
        inputs: &[
            code("phone_number", "details-phone_number", "details-phone_number-hint", "tel"),
        ],
    },
    Group {
        id: "address",
        title: "details-address",
        seen_by: "details-seen-address",
        inputs: &[
            text("street_address", "details-street_address", "address-line1"),
            text("postal_code", "details-postal_code", "postal-code"),
            text("locality", "details-locality", "address-level2"),
            text("region", "details-region", "address-level1"),
            text("country", "details-country", "country-name"),
        ],
    },
];

/// Chosen from the languages of the pages.
const LOCALE: &str = "locale";

const DONE: &[(&str, &str)] = &[("saved", "details-saved")];

impl Details {
    fn new<'a>(
        (frame, offered): (Frame, &Languages),
        email: &str,
        value: impl Fn(&'static str) -> &'a str,
        wrong: &[Wrong],
    ) -> Self {
        let inputs = GROUPS.iter().flat_map(|group| group.inputs);
        let field = |name: &'static str| {
            let error = wrong.iter().find(|(field, _)| *field == name);
            Field {
                value: value(name).to_owned(),
                error: error.map(|(_, sentence)| sentence.clone()),
            }
        };
        Self {
            frame,
            offered: offered.clone(),
            email: email.to_owned(),
            fields: inputs.map(|it| (it.name, field(it.name))).collect(),
        }
    }

    fn field(&self, name: &str) -> Field {
        let found = self.fields.iter().find(|(field, _)| *field == name);
        found.map(|(_, field)| field.clone()).unwrap_or_default()
    }

    fn hint(&self, input: &Input) -> String {
        input
            .hint
            .map_or_else(String::new, |id| self.frame.text(id))
    }

    /// The languages to choose from, each with its tag and the language of its name; and the
    /// one that she has now, if it is another: an app or a directory may know what to do with it.
    fn languages(&self, present: &str) -> Vec<(String, Option<&'static str>, String)> {
        let ours = self.offered.iter();
        let ours = ours.map(|it| {
            (
                it.tag().to_owned(),
                Some(it.tag()),
                it.own_name().to_owned(),
            )
        });
        let ours: Vec<_> = ours.collect();
        let is_ours = present.is_empty() || ours.iter().any(|(tag, ..)| tag == present);
        let other = || {
            let known = Language::of_tag(present);
            let name = known.map_or_else(
                || present.into(),
                |known| format!("{} ({present})", known.own_name()),
            );
            (present.to_owned(), known.map(Language::tag), name)
        };
        let other = (!is_ours).then(other);
        ours.into_iter().chain(other).collect()
    }

    fn is_wrong(&self) -> bool {
        self.fields.iter().any(|(_, field)| field.error.is_some())
    }
}

pub async fn show(page: Page) -> Answer {
    let user = page.user()?;
    let frame = page.frame_telling(Place::Account, DONE);
    let offered = &page.app.config.service.languages;
    let stored = |name| match name {
        LOCALE => language(&user.profile, offered),
        _ => user.profile.get(name).unwrap_or(""),
    };
    html(&Details::new((frame, offered), &user.email, stored, &[]))
}

/// Hers, as the form has it: one of ours that a directory prefers for her comes first.
fn language<'p>(profile: &'p Profile, offered: &Languages) -> &'p str {
    let preferred = profile.preferred_language.as_ref();
    let preferred = preferred.and_then(|_| offered.of_profile(profile));
    let own = || profile.locale.as_deref().unwrap_or("");
    preferred.map_or_else(own, |it| it.tag())
}

pub async fn save(page: Page, fields: Fields) -> Answer {
    let user = page.user()?;
    let typed = |name| fields.text(name);
    let offered = &page.app.config.service.languages;
    let stays = fields.text(LOCALE) == language(&user.profile, offered);
    let profile = match user.profile.parse_next(typed) {
        // Chosen anew, it is the one language that she has.
        Ok(profile) if stays => Profile {
            locale: user.profile.locale.clone(),
            preferred_language: user.profile.preferred_language.clone(),
            ..profile
        },
        Ok(profile) => profile,
        Err(wrong) => {
            let frame = page.frame(Place::Account);
            let wrong = said(wrong, page.context.language);
            let again = Details::new((frame, offered), &user.email, typed, &wrong);
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    let event = page.event("account.edited")?;
    let about = About {
        name: &user.name,
        photo: user.photo.as_deref(),
        profile: &profile,
    };
    page.app.store.set_profile(user.id, &about, event).await?;
    Ok(see_other("/account/details?done=saved"))
}

fn said(wrong: Vec<(&'static str, FieldError)>, language: Language) -> Vec<Wrong> {
    let said = wrong.into_iter();
    said.map(|(field, error)| (field, sentence(error, language)))
        .collect()
}

fn sentence(error: FieldError, language: Language) -> String {
    match error {
        FieldError::Url(error) => language.wrong_url(error),
        FieldError::Text(error) => language.wrong_text(error),
        FieldError::Birthdate => language.text("details-wrong-birthdate"),
        FieldError::Zoneinfo => language.text("details-wrong-zoneinfo"),
        FieldError::Locale => language.text("details-wrong-locale"),
        FieldError::Phone => language.text("details-wrong-phone"),
    }
}

#[cfg(test)]
impl Details {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let all: Languages = "en,de,fr,es,ar".parse().unwrap();
        let frame = || Frame::sample(Place::Account);
        let ada = |name| match name {
            "given_name" => "Ada",
            "family_name" => "Lovelace",
            "birthdate" => "1815-12-10",
            "website" => "https://ada.example/notes",
            "phone_number" => "+44 20 7946 0000",
            "locality" => "London",
            "locale" => "en-GB",
            _ => "",
        };
        let rtl = |name| match name {
            "given_name" => "عمر",
            "family_name" => "الخيام",
            "website" => {
                "https://a-very-long-host-name-that-never-seems-to-end.subdomain.of.clock.example/and/then/a/path"
            }
            "locality" => "نیشابور",
            "locale" => "ar",
            _ => "",
        };
        let hostile = |_| super::tests::HOSTILE;
        let wrong = said(Profile::parse(hostile).unwrap_err(), super::spoken());
        vec![
            (
                "details",
                Self::new((frame(), &all), "ada@example.org", |_| "", &[]),
            ),
            (
                "details-full",
                Self::new((frame(), &all), "ada@example.org", ada, &[]),
            ),
            (
                "details-rtl",
                Self::new((frame(), &all), "omar@example.org", rtl, &[]),
            ),
            (
                "details-wrong",
                Self::new((frame(), &all), super::tests::HOSTILE, hostile, &wrong),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::GROUPS;
    use grantor_protocol::openid::profile::FIELDS;

    #[test]
    fn every_field_has_one_input() {
        let inputs = GROUPS.iter().flat_map(|group| group.inputs);
        let mut names: Vec<_> = inputs.map(|it| it.name).collect();
        let mut fields = FIELDS.to_vec();
        names.sort_unstable();
        fields.sort_unstable();
        assert_eq!(names, fields);
    }
}
