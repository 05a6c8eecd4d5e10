//! The closed table of everything Grantor refuses: for each cause, the error
//! code its RFC names and one sentence that the app's developer can act on.
//! No sentence ever repeats what was sent.

/// Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 7591 §3.2.2,
/// OpenID Connect Core §3.1.2.6 and OpenID Connect Unmet Authentication Requirements §3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    AccessDenied,
    AccountSelectionRequired,
    ConsentRequired,
    InsufficientScope,
    InvalidClient,
    InvalidClientMetadata,
    InvalidGrant,
    InvalidRedirectUri,
    InvalidRequest,
    InvalidRequestObject,
    InvalidRequestUri,
    InvalidScope,
    InvalidToken,
    LoginRequired,
    RequestNotSupported,
    RequestUriNotSupported,
    SlowDown,
    UnauthorizedClient,
    UnmetAuthenticationRequirements,
    UnsupportedGrantType,
    UnsupportedResponseType,
}

impl ErrorCode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::ConsentRequired => "consent_required",
            Self::InsufficientScope => "insufficient_scope",
            Self::InvalidClient => "invalid_client",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidToken => "invalid_token",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::SlowDown => "slow_down",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
        }
    }
}

macro_rules! causes {
    ($($cause:ident => $code:ident, $sentence:literal;)*) => {
        /// Why a request was refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Cause { $($cause,)* }

        impl Cause {
            pub const ALL: &'static [Self] = &[$(Self::$cause,)*];

            pub fn code(self) -> ErrorCode {
                match self { $(Self::$cause => ErrorCode::$code,)* }
            }

            /// The `error_description`: visible ASCII without `"` and `\` (RFC 6749 §5.2).
            pub fn description(self) -> &'static str {
                match self { $(Self::$cause => $sentence,)* }
            }

            /// The name in logs, metrics and the developer's request log.
            pub fn name(self) -> &'static str {
                match self { $(Self::$cause => stringify!($cause),)* }
            }
        }
    };
}

causes! {
    // The authorization endpoint.
    ResponseTypeMissing => InvalidRequest, "response_type is missing; for a server app it is 'code'.";
    ResponseTypeUnknown => UnsupportedResponseType, "This response_type is not supported here; use 'code'.";
    ResponseTypeUnregistered => UnauthorizedClient, "This app has not registered this response_type.";
    ResponseModeUnfit => InvalidRequest, "response_mode is 'query' (for response_type=code alone), 'fragment' or 'form_post'.";
    ImplicitOff => UnauthorizedClient, "This app may not use a response_type with 'token'; its owner can switch the implicit flow on in the developer console, but 'code' with PKCE is safer.";
    ImplicitNeedsHttps => InvalidRequest, "A response_type with 'token' or 'id_token' needs a redirect URL that starts with https://; anything else can be sent a code only.";
    OpenidMissing => InvalidScope, "A response_type with 'id_token' needs the scope 'openid'.";
    NonceMissing => InvalidRequest, "nonce is required with a response_type that has 'id_token'.";
    NonceTooLong => InvalidRequest, "nonce is longer than 1024 bytes.";
    ClaimsMalformed => InvalidRequest, "claims must be a JSON object as OpenID Connect Core 5.5 has it, 4096 bytes at most.";
    AcrUnmet => UnmetAuthenticationRequirements, "No login here reaches the acr that the request insists on.";
    HintInvalid => InvalidRequest, "id_token_hint is not an ID token that this server issued to this app.";
    NotHinted => LoginRequired, "Another user is logged in than the one whom id_token_hint or claims names.";
    StateMissing => InvalidRequest, "state is required unless the request carries a PKCE code_challenge.";
    StateTooLong => InvalidRequest, "state is longer than 2048 bytes.";
    ChallengeMethod => InvalidRequest, "code_challenge_method must be S256; 'plain' and a missing method are refused.";
    ChallengeMalformed => InvalidRequest, "code_challenge must be the base64url form of a SHA-256, 43 characters, sent together with code_challenge_method=S256.";
    ChallengeMissing => InvalidRequest, "This app must use PKCE: send code_challenge and code_challenge_method=S256.";
    ScopeMalformed => InvalidScope, "scope must be a list of scope names separated by single spaces, 255 bytes at most.";
    ScopeUnknown => InvalidScope, "scope names something that is not offered here; scopes_supported in the metadata lists what is.";
    ScopeNeedsRole => InvalidScope, "scope names something that only people with a role in the administration here can grant.";
    PromptInvalid => InvalidRequest, "prompt must be login, consent or select_account, or none on its own.";
    MaxAgeInvalid => InvalidRequest, "max_age must be a whole number of seconds.";
    RequestObject => RequestNotSupported, "The request parameter is not supported here.";
    RequestUri => RequestUriNotSupported, "This server fetches no request_uri: send the object itself as request, or ask the operator to switch outbound requests on.";
    RequestTwice => InvalidRequest, "Send request or request_uri, not both.";
    RequestObjectMalformed => InvalidRequestObject, "The request object must be a JWT of 7168 bytes at most whose claims are parameters as the authorization request has them.";
    RequestObjectEncryption => InvalidRequestObject, "The encrypted request object cannot be opened: encrypt it to a key of this server's jwks_uri whose use is enc, and read that document at most five minutes before.";
    RequestObjectAlgorithm => InvalidRequestObject, "The request object is not signed as this app has registered (request_object_signing_alg): RS256, PS256, ES256 or EdDSA, or none where that is registered.";
    RequestObjectKeys => InvalidRequestObject, "The app's public keys could not be read, or none of them fits the request object: its header must name one by kid, unless only one fits its alg.";
    RequestObjectSignature => InvalidRequestObject, "The signature of the request object does not fit the app's public key, or its typ is that of another kind of token.";
    RequestObjectForOthers => InvalidRequestObject, "In the request object iss is the client_id and aud the issuer, where they are there; sub is not the client_id.";
    RequestObjectTime => InvalidRequestObject, "The request object has expired or is not valid yet.";
    RequestObjectNested => InvalidRequestObject, "A request object may not contain request or request_uri.";
    RequestObjectDiffers => InvalidRequestObject, "client_id and response_type must be the same in the request object and outside of it.";
    RequestObjectTooLong => InvalidRequestObject, "The request object behind request_uri is too long for a URL: 7168 bytes at most, with all that stands outside of it.";
    RequestUriUnregistered => InvalidRequestUri, "This request_uri is not among those that the app has registered (request_uris).";
    RequestUriUnreachable => InvalidRequestUri, "The request_uri gave no object: it must be public, answer by https with status 200 within 5 seconds and without a redirect, and have 7168 bytes at most.";
    Denied => AccessDenied, "The user did not allow this app.";
    NotLoggedIn => LoginRequired, "prompt=none, but the user has to log in first.";
    NotConsented => ConsentRequired, "prompt=none, but the user has to agree first.";
    OtherAccount => AccountSelectionRequired, "prompt=none, but another account than the one in login_hint is logged in.";

    // Client authentication.
    ClientMissing => InvalidClient, "No client authentication: send client_id and client_secret in the body or as HTTP Basic.";
    ClientTwice => InvalidRequest, "Client credentials came in more than one way: send them as HTTP Basic, in the body or as client_assertion.";
    ClientMalformed => InvalidClient, "The Authorization header is not valid HTTP Basic; ID and secret are form-encoded, joined by a colon and base64-encoded.";
    ClientUnknown => InvalidClient, "There is no such app: check client_id.";
    ClientSuspended => InvalidClient, "This app has been suspended; its page in the developer console says why.";
    SecretMissing => InvalidClient, "This app must send its client_secret.";
    SecretWrong => InvalidClient, "The client_secret is not a current secret of this app: check that it was copied whole and has not been removed.";
    AuthMethodOther => InvalidClient, "This app has registered another token_endpoint_auth_method than the one it used.";
    AssertionMissing => InvalidClient, "This app must send client_assertion: it has registered client_secret_jwt or private_key_jwt.";
    AssertionType => InvalidClient, "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.";
    AssertionMalformed => InvalidClient, "client_assertion must be a signed JWT in compact form, 8192 bytes at most, with no typ or the typ 'JWT'.";
    AssertionAlgorithm => InvalidClient, "client_assertion is not signed with the algorithm that this app has registered, or with one that private_key_jwt may use.";
    AssertionKeyUnknown => InvalidClient, "None of the app's public keys fits client_assertion: its header must name one by kid, unless only one fits its alg.";
    AssertionSignature => InvalidClient, "The signature of client_assertion does not fit the app's public key (private_key_jwt) or secret (client_secret_jwt).";
    AssertionIncomplete => InvalidClient, "client_assertion needs iss, sub, aud, exp and jti; iss, sub and jti are strings, exp is a number of seconds.";
    AssertionIssuer => InvalidClient, "iss and sub of client_assertion must both be the client_id.";
    AssertionAudience => InvalidClient, "aud of client_assertion must be the issuer or the URL of the token endpoint.";
    AssertionTime => InvalidClient, "client_assertion has expired or is not valid yet: make a new one for each request, and check the clock.";
    AssertionTooLong => InvalidClient, "exp of client_assertion is more than an hour away.";
    AssertionReused => InvalidClient, "This client_assertion was used before: make a new one, with a new jti, for each request.";
    SecretNotKept => InvalidClient, "client_secret_jwt needs a secret that was made after this method was chosen: make a new one in the developer console.";
    ClientKeysOff => InvalidClient, "This server fetches no jwks_uri: register the keys themselves as jwks, or ask the operator to switch outbound requests on.";
    ClientKeysUnreachable => InvalidClient, "The app's jwks_uri gave no JWK Set: it must be public, answer by https with status 200 within 5 seconds and without a redirect, and have 64 KiB at most.";
    ClientKeysMissing => InvalidClient, "The app has no public keys here: register jwks or jwks_uri.";
    EncryptionKeyMissing => InvalidClient, "None of the app's public keys fits the encryption that it has registered.";
    SecretUnexpected => InvalidClient, "This app is a public client and has no secret; send client_id only.";

    // The token endpoint.
    FormUnreadable => InvalidRequest, "The body must be application/x-www-form-urlencoded with each parameter once.";
    GrantTypeMissing => InvalidRequest, "grant_type is missing; it is authorization_code or refresh_token.";
    GrantTypeUnknown => UnsupportedGrantType, "grant_type must be authorization_code or refresh_token.";
    CodeMissing => InvalidRequest, "code is missing.";
    CodeUnknown => InvalidGrant, "This authorization code is not known here: check that it was sent whole. Codes that were used or expired long ago are forgotten.";
    CodeOfOtherClient => InvalidGrant, "This authorization code was issued to another client_id.";
    CodeRedirectDiffers => InvalidGrant, "redirect_uri differs from the one in the authorization request; it must be the same, byte for byte.";
    CodeUsed => InvalidGrant, "This authorization code was already used; what it bought has been revoked. Start a new authorization.";
    CodeExpired => InvalidGrant, "This authorization code has expired; exchange it at once after the redirect.";
    VerifierMissing => InvalidGrant, "code_verifier is missing: the authorization request carried a code_challenge.";
    VerifierUnexpected => InvalidGrant, "code_verifier was sent, but the authorization request carried no code_challenge.";
    VerifierWrong => InvalidGrant, "code_verifier does not match the code_challenge of the authorization request.";
    ProofMissing => InvalidGrant, "This app must use PKCE, or its client_secret with an out-of-band code.";
    SessionEnded => InvalidGrant, "The user has logged out, and this login ended with the session; ask for offline_access where it should not.";
    RefreshMissing => InvalidRequest, "refresh_token is missing.";
    RefreshUnknown => InvalidGrant, "This is not a refresh token of this server: check that it was copied whole.";
    RefreshOfOtherClient => InvalidGrant, "This refresh token was issued to another client_id.";
    RefreshReused => InvalidGrant, "This refresh token was replaced by a newer one that is in use; as a precaution all tokens of this authorization were revoked.";
    RefreshRevoked => InvalidGrant, "This refresh token was revoked.";
    RefreshIdle => InvalidGrant, "This refresh token was not used for so long that it expired.";
    RefreshTooOld => InvalidGrant, "This authorization is as old as one may get here; send the user through a new one.";
    RefreshWornOut => InvalidGrant, "This authorization was refreshed as often as one can be; start a new one.";
    RefreshRedirectDiffers => InvalidGrant, "redirect_uri is not registered for this app; leave it out on refresh.";
    ScopeWidened => InvalidScope, "scope asks for more than the user allowed; a refresh may only narrow.";
    GrantEnded => InvalidGrant, "The user has ended this app's access.";
    UserDisabled => InvalidGrant, "This user's account is not active.";
    TooManyErrors => SlowDown, "Too many failed requests; wait as long as Retry-After says.";

    // Dynamic registration.
    RegistrationToken => InvalidToken, "This token is not good for that: it is mistyped, of another app, used up or expired.";

    // Revocation, introspection, inspection.
    TokenMissing => InvalidRequest, "token is missing.";

    // The bearer-protected API.
    BearerMissing => InvalidToken, "Send the token as 'Authorization: Bearer TOKEN'.";
    BearerMalformed => InvalidRequest, "The Authorization header is not 'Bearer TOKEN'.";
    BearerTwice => InvalidRequest, "The token came both in the Authorization header and in the form; send it once.";
    BearerUnknown => InvalidToken, "There is no such token: it was deauthorized, or it was not copied whole.";
    BearerExpired => InvalidToken, "The token has expired.";
    BearerRevoked => InvalidToken, "The token was revoked.";
    ScopeMissing => InsufficientScope, "The token does not have the scope that this request needs.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_keep_to_the_characters_of_rfc6749() {
        for cause in Cause::ALL {
            let allowed = |byte: u8| (0x20..=0x7e).contains(&byte) && !b"\"\\".contains(&byte);
            assert!(cause.description().bytes().all(allowed), "{cause:?}");
        }
    }
}
