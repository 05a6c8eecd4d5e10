//! The flows that the plans are made of.

use grantor_protocol::authorize::ResponseType;
use std::fmt;

/// A response type, and whether it is answered by a form.
#[derive(Clone, Copy)]
pub struct Variant {
    pub response: ResponseType,
    pub form_post: bool,
}

impl Variant {
    /// Basic, implicit and hybrid; and the same three by a form.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let of_openid = |it: &&ResponseType| **it != ResponseType::TOKEN;
        let types = ResponseType::ALL.iter().filter(of_openid);
        types.flat_map(|response| {
            [false, true].map(|form_post| Self {
                response: *response,
                form_post,
            })
        })
    }

    /// Those whose app gets a code.
    pub fn with_code() -> impl Iterator<Item = Self> {
        Self::all().filter(|variant| variant.response.code)
    }

    /// No token of either kind comes beside the ID token.
    pub fn is_id_token_alone(self) -> bool {
        self.response == ResponseType::ID_TOKEN
    }
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.form_post { " by form" } else { "" };
        write!(f, "{}{mode}", self.response.name())
    }
}
