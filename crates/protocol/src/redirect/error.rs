/// Why a redirect URI cannot be registered. The sentences are for the app's
/// developer, who typed the URI; none echoes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    #[error("enter a redirect URI, such as https://app.example/callback")]
    Empty,
    #[error("a redirect URI has at most {} bytes", super::MAX_BYTES)]
    TooLong,
    #[error("start the redirect URI with https://")]
    NoScheme,
    #[error(
        "character {position} cannot stand in a URI: percent-encode spaces and letters outside ASCII, write international host names as xn--, and write / where a backslash stands"
    )]
    Character {
        /// Counted from 1.
        position: usize,
    },
    #[error("remove the fragment (from # on): the answer is put there or into the query")]
    Fragment,
    #[error("remove the *: every redirect URI is registered in full, without wildcards")]
    Wildcard,
    #[error("write % only as the start of an escape of two hexadecimal digits, such as %20")]
    Escape,
    #[error(
        "an escape may not stand for a slash, backslash, dot, percent sign or control character"
    )]
    EscapedSeparator,
    #[error("write the scheme and the host in lower case: browsers send them so")]
    Uppercase,
    #[error("this kind of URI runs code or opens files in a browser and cannot be a redirect URI")]
    ForbiddenScheme,
    #[error(
        "this app is not registered as native, so its redirect URI starts with https:// (or http://localhost for development)"
    )]
    CustomSchemeNotNative,
    #[error(
        "a private URI scheme is a domain of yours in reverse, with at least one dot, such as com.example.app:/callback"
    )]
    CustomSchemeNoDomain,
    #[error(
        "after a private URI scheme comes a path or a plain host, such as com.example.app:/callback"
    )]
    CustomSchemeForm,
    #[error(
        "only native apps can have the code shown on the screen: register the app as native or use https://"
    )]
    OobNotNative,
    #[error("use https; plain http is only for 127.0.0.1, [::1] and localhost")]
    HttpNotLoopback,
    #[error("remove the user name or password before the @")]
    UserInfo,
    #[error("the host is not a valid host name")]
    Host,
    #[error("remove the dot at the end of the host")]
    TrailingDot,
    #[error("write an IP address in its plain form, such as 127.0.0.1 or [::1]")]
    Address,
    #[error("the port is a number from 1 to 65535 without leading zeros")]
    Port,
    #[error("remove the port: it is the usual one of this scheme")]
    DefaultPort,
    #[error("remove the . and .. segments from the path")]
    DotSegment,
    #[error("remove the parameter {0} from the query: the answer itself uses that name")]
    ReservedParameter(&'static str),
    #[error("write the URI the way a browser would send it: it reads this one differently")]
    NotCanonical,
}
