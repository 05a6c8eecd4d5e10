use super::*;
use crate::{app::App, language::Language};
use std::{collections::BTreeSet, fs};

struct Given {
    file: String,
    environment: Vec<(String, String)>,
    flags: Flags,
}

fn file(text: impl Into<String>) -> Given {
    Given {
        file: text.into(),
        environment: vec![],
        flags: Flags::default(),
    }
}

fn nothing() -> Given {
    file("")
}

impl Given {
    fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn flag(mut self, key: &str, value: &str) -> Self {
        self.flags = self.flags.with(key, value);
        self
    }

    fn load(self) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grantor.toml");
        fs::write(&path, &self.file).unwrap();
        let loaded = Config::load(Some(&path), &self.environment, &self.flags);
        let folder = format!("{}/", folder.path().display());
        loaded.map_err(|error| error.to_string().replace(&folder, ""))
    }

    fn config(self) -> Config {
        self.load().unwrap_or_else(|error| panic!("{error}"))
    }

    fn error(self) -> String {
        self.load().err().expect("this is refused")
    }
}

#[test]
fn the_defaults_are_those_of_a_first_start() {
    let config = nothing().config();
    assert_eq!(config.service.public_url.issuer(), "http://127.0.0.1:8080");
    assert_eq!(config.network.listen, ["127.0.0.1:8080".parse().unwrap()]);
    assert_eq!(
        config.storage.database(),
        Database::Sqlite("grantor-data/grantor.db".into())
    );
    let MasterKey::File(key) = config.storage.master_key() else {
        panic!("a file by default")
    };
    assert_eq!(key, PathBuf::from("grantor-data/master.key"));
    assert_eq!(config.tokens.access_token_lifetime, Millis::seconds(3600));
    assert_eq!(config.tokens.refresh_token_idle, Millis::days(180));
    assert_eq!(config.sign_in.session_idle, Millis::hours(8));
    assert!(config.legacy.implicit_flow && config.legacy.out_of_band);
    assert!(!config.legacy.legacy_bearer && !config.tokens.pat_never_expires);
    assert!(config.network.trusted_proxies.is_empty());
    assert_eq!(
        config.network.metrics_listen,
        MetricsListen::At("127.0.0.1:9464".parse().unwrap())
    );
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let brand = |given: Given| given.config().service.brand.as_str().to_owned();
    let in_file = || file("brand = 'File'");
    assert_eq!(brand(in_file()), "File");
    assert_eq!(
        brand(in_file().variable("GRANTOR_BRAND", "Variable")),
        "Variable"
    );
    let all = in_file()
        .flag("brand", "Flag")
        .variable("GRANTOR_BRAND", "Variable");
    assert_eq!(brand(all), "Flag");
    assert_eq!(brand(in_file().variable("GRANTOR_BRAND", "")), "File");
}

#[test]
fn every_kind_of_value_can_stand_in_the_file() {
    let config = file(
        "listen = ['127.0.0.1:1', '[::1]:2']\ntrusted_proxies = []\nproxy_protocol = true\n\
         implicit_flow = false\npat_limit = 1_000\nmetrics_listen = 'off'\nlog_format = 'text'",
    )
    .config();
    assert_eq!(config.network.listen.len(), 2);
    assert!(config.network.proxy_protocol && !config.legacy.implicit_flow);
    assert_eq!(config.tokens.pat_limit, 1000);
    assert_eq!(config.network.metrics_listen, MetricsListen::Off);
    assert_eq!(config.logs.log_format, LogFormat::Text);

    let listed = nothing()
        .variable("GRANTOR_TRUSTED_PROXIES", "10.1.2.3/8, fd00::1")
        .config();
    let networks: Vec<_> = listed
        .network
        .trusted_proxies
        .iter()
        .map(IpNet::to_string)
        .collect();
    assert_eq!(networks, ["10.0.0.0/8", "fd00::1/128"]);
}

#[test]
fn an_error_names_the_line_and_the_key() {
    let text = "# a comment\nbrand = 'B'\n\naccess_token_lifetime = 5\ncolour = 'red'\n";
    assert_eq!(
        file(text).error(),
        "grantor.toml:4: access_token_lifetime: must be a whole number from 60 to 86400\n\
         grantor.toml:5: colour: there is no such setting; `grantor serve --help` lists them all"
    );
    let syntax = file("brand = 'B'\nlisten = [\n").error();
    assert!(syntax.starts_with("grantor.toml:"), "{syntax}");
    let twice = file("brand = 'A'\nbrand = 'B'\n").error();
    assert!(twice.starts_with("grantor.toml:2: "), "{twice}");
    let nested = file("[network]\nlisten = '127.0.0.1:1'\n").error();
    assert!(nested.starts_with("grantor.toml:1: network: "), "{nested}");
    let single = file("brand = 'B'\n[scopes]\nname = 'a'\n").error();
    assert!(
        single.starts_with("grantor.toml:2: scopes: is written [[scopes]]"),
        "{single}"
    );
}

#[test]
fn a_text_without_quotes_is_told_of_its_quotes_and_not_repeated() {
    for line in [
        "brand = Hunter2",
        "database = postgresql://user:Hunter2@db/grantor",
        "listen = 127.0.0.1:8080",
        "brand_color = #0d5c63",
        "brand =",
    ] {
        let key = line.split(' ').next().unwrap();
        let error = file(format!("sign_up = 'open'\n{line}\npat_limit = 5\n").leak()).error();
        assert!(
            error.starts_with(&format!("grantor.toml:2: {key}: a text stands in quotes")),
            "{line}: {error}"
        );
        assert!(!error.contains("Hunter2"), "{error}");
    }
    let other = file("listen = ['127.0.0.1:1'\n").error();
    assert!(!other.contains("quotes"), "{other}");
}

#[test]
fn an_error_names_the_variable_or_the_flag() {
    assert_eq!(
        nothing()
            .variable("GRANTOR_SIGN_UP", "maybe")
            .flag("code_lifetime", "61")
            .error(),
        "GRANTOR_SIGN_UP: sign_up: must be one of open, mail, closed\n\
         --code-lifetime: code_lifetime: must be a whole number from 10 to 60"
    );
    assert!(
        nothing()
            .variable("GRANTOR_PUBLC_URL", "x")
            .error()
            .contains("no such setting")
    );
}

#[test]
fn what_kubernetes_adds_for_a_service_called_grantor_is_passed_over() {
    let given = nothing()
        .variable("GRANTOR_PORT", "tcp://10.0.0.1:80")
        .variable("GRANTOR_PORT_80_TCP_ADDR", "10.0.0.1")
        .variable("GRANTOR_SERVICE_HOST", "10.0.0.1")
        .variable("GRANTOR_METRICS_SERVICE_PORT", "9464");
    given.config();
}

#[test]
fn a_named_file_must_be_there() {
    let missing = std::path::Path::new("/nowhere/grantor.toml");
    let error = Config::load(Some(missing), &[], &Flags::default())
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.starts_with("/nowhere/grantor.toml: cannot be read: "),
        "{error}"
    );
    let variable = [(
        "GRANTOR_CONFIG".to_owned(),
        "/nowhere/other.toml".to_owned(),
    )];
    let error = Config::load(None, &variable, &Flags::default())
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.starts_with("/nowhere/other.toml: cannot be read: "),
        "{error}"
    );
}

#[test]
fn values_out_of_bounds_are_refused() {
    for (key, bad) in [
        ("public_url", "http://auth.example.com"),
        ("public_url", "https://auth.example.com/other"),
        ("public_url", "https://user@auth.example.com"),
        ("public_url", "https://auth.example.com?x=1"),
        ("public_url", "ftp://auth.example.com"),
        ("public_url", "auth.example.com"),
        ("brand", " "),
        ("brand", "12345678901234567890123456789012345678901"),
        ("brand", "two\nlines"),
        ("token_prefix", "g"),
        ("token_prefix", "Gr"),
        ("token_prefix", "g_r"),
        ("listen", "localhost:8080"),
        ("listen", ""),
        ("trusted_proxies", "10.0.0.0/33"),
        ("database", "postgres://user:hunter2@db:port/grantor"),
        ("database", "postgres://user:hunter2@/grantor"),
        ("database", "/var/lib/grantor.db"),
        ("metrics_listen", "on"),
        ("access_token_lifetime", "86401"),
        ("pat_limit", "0"),
        ("pat_limit", "-1"),
        ("pat_limit", "many"),
        ("log_level", "loud"),
        ("implicit_flow", "yes"),
        ("max_connections", "1000001"),
    ] {
        let error = nothing().flag(key, bad).error();
        assert!(
            error.contains(&format!("{key}: ")),
            "{key} = {bad}: {error}"
        );
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn the_public_url_gives_origin_issuer_and_host() {
    for (text, origin, issuer, host) in [
        (
            "https://A.example",
            "https://a.example",
            "https://a.example",
            "a.example",
        ),
        (
            "https://a.example:443/",
            "https://a.example",
            "https://a.example",
            "a.example",
        ),
        (
            "https://a.example/api/1.0",
            "https://a.example",
            "https://a.example/api/1.0",
            "a.example",
        ),
        (
            "http://[::1]:8080",
            "http://[::1]:8080",
            "http://[::1]:8080",
            "::1",
        ),
        (
            "http://app.localhost:1",
            "http://app.localhost:1",
            "http://app.localhost:1",
            "app.localhost",
        ),
    ] {
        let url: PublicUrl = text.parse().unwrap();
        assert_eq!(
            (url.origin(), url.issuer(), url.host()),
            (origin, issuer, host)
        );
        assert_eq!(url.is_https(), text.starts_with("https"));
    }
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    assert!(
        file("tls_key = 'key.pem'")
            .error()
            .contains("tls_certificate and tls_key")
    );
    assert!(
        file("pat_default_days = 90\npat_max_days = 30")
            .error()
            .contains("pat_default_days")
    );
    assert!(
        file("session_idle_hours = 48\nsession_absolute_days = 1")
            .error()
            .contains("session")
    );
    let tls = file("tls_key = 'k'\ntls_certificate = 'c'\ntls_self_signed = true").error();
    assert!(tls.contains("tls_self_signed"), "{tls}");
}

#[test]
fn mail_settings_belong_together() {
    let good = "smtp_server = 'mail.example.com'\nmail_from = 'a@example.com'\nsmtp_user = 'a'";
    let config = file(good).variable("GRANTOR_SMTP_PASSWORD", "p").config();
    let given = config.mail.given_password.as_ref();
    assert_eq!(given.map(GivenSmtpPassword::reveal), Some("p"));
    assert_eq!(config.mail.smtp_tls.port(), 465);
    assert!(config.mail.is_on() && !nothing().config().mail.is_on());
    for (text, says) in [
        ("smtp_server = 'mail.example.com'", "mail_from"),
        ("mail_folder = 'mails'", "mail_from"),
        (
            "mail_folder = 'm'\nsmtp_server = 'localhost'\nmail_from = 'a@b.example'",
            "exclude each other",
        ),
        ("smtp_user = 'a'", "belong together"),
        ("smtp_password_file = 'p'", "belong together"),
        (
            "smtp_server = '192.0.2.1'\nsmtp_tls = 'off'\nmail_from = 'a@b.example'",
            "on this machine",
        ),
        ("sign_up = 'mail'", "needs a mail server"),
        ("smtp_tls = 'maybe'", "implicit, starttls, off"),
        ("smtp_password = 'p'", "no such setting"),
    ] {
        let error = file(text).error();
        assert!(error.contains(says), "{text}: {error}");
    }
    let both = file("smtp_user = 'a'\nsmtp_password_file = 'p'");
    let both = both.variable("GRANTOR_SMTP_PASSWORD", "p").error();
    assert!(both.contains("keep one"), "{both}");
}

#[test]
fn languages_are_some_of_ours_in_order() {
    let tags = |given: Given| given.config().service.languages.tags();
    assert_eq!(tags(nothing()), ["en", "de", "fr", "es", "ar"]);
    assert_eq!(tags(file("languages = ['fr', 'ar']")), ["fr", "ar"]);
    assert_eq!(tags(nothing().flag("languages", "de, en")), ["de", "en"]);
    let one = nothing().variable("GRANTOR_LANGUAGES", "es").config();
    assert_eq!(one.service.languages.first(), Language::Spanish);
    for text in [
        "languages = []",
        "languages = ['pt']",
        "languages = ['de-AT']",
    ] {
        let error = file(text).error();
        let says = "grantor.toml:1: languages: must be some of en, de, fr, es, ar";
        assert!(error.starts_with(says), "{text}: {error}");
    }
    let twice = file("languages = ['de', 'en', 'de']").error();
    assert!(twice.ends_with("languages: de is there twice"), "{twice}");
}

#[test]
fn a_brand_is_a_colour_and_links_that_can_be_used() {
    let good = "brand_color = '#0d5c63'\nterms_url = 'https://example.com/terms'\nsupport_url = 'mailto:help@example.com'";
    let branding = file(good).config().branding;
    assert_eq!(branding.brand_color.unwrap().to_string(), "#0d5c63");
    assert_eq!(
        branding.terms_url.unwrap().as_str(),
        "https://example.com/terms"
    );
    assert_eq!(
        branding.support_url.unwrap().as_str(),
        "mailto:help@example.com"
    );
    for (text, says) in [
        ("brand_color = 'red'", "brand_color: must be like #0d5c63"),
        ("brand_color = '#ffcc00'", "choose a darker colour"),
        (
            "terms_url = 'http://example.com'",
            "terms_url: must be like https://",
        ),
        (
            "privacy_policy_url = 'javascript:alert(1)'",
            "privacy_policy_url: must be like",
        ),
        (
            "legal_notice_url = '/imprint'",
            "legal_notice_url: must be like",
        ),
        ("support_url = 'mailto:'", "or mailto:help@example.com"),
        (
            "support_url = 'help@example.com'",
            "or mailto:help@example.com",
        ),
    ] {
        let error = file(text).error();
        assert!(
            error.starts_with("grantor.toml:1: ") && error.contains(says),
            "{text}: {error}"
        );
    }
}

#[test]
fn the_master_key_comes_from_the_environment_or_a_file() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let config = nothing().variable("GRANTOR_MASTER_KEY", key).config();
    let MasterKey::Given(key_bytes) = config.storage.master_key() else {
        panic!("given")
    };
    assert_eq!(key_bytes.reveal()[..4], [0, 1, 2, 3]);

    let short = nothing().variable("GRANTOR_MASTER_KEY", "AAECAw==").error();
    assert!(
        short.starts_with("GRANTOR_MASTER_KEY: ") && !short.contains("AAEC"),
        "{short}"
    );
    assert!(file("master_key = 'x'").error().contains("no such setting"));
    let both = file("master_key_file = 'f'")
        .variable("GRANTOR_MASTER_KEY", key)
        .error();
    assert!(both.contains("keep one"), "{both}");
}

#[test]
fn scopes_are_declared_in_the_file() {
    let text = "[[scopes]]\nname = 'a:read'\ndescription = 'See it'\n\
                [[scopes]]\nname = 'a:write'\ndescription = 'Change it'\n";
    let scopes = file(text).config().scopes;
    assert_eq!(scopes[0], Scope::new("a:read", "See it").unwrap());
    assert_eq!(scopes.len(), 2);
    for (text, line) in [
        ("[[scopes]]\nname = 'a b'\ndescription = 'x'\n", 1),
        ("[[scopes]]\nname = 'email'\ndescription = 'x'\n", 1),
        ("\n[[scopes]]\nname = 'a'\n", 2),
        ("[[scopes]]\nname = 'a'\ndescription = ''\n", 1),
        ("[[scopes]]\nname = 'a'\ndescription = 'x'\nicon = 'y'\n", 1),
        (
            "[[scopes]]\nname='a'\ndescription='x'\n[[scopes]]\nname='a'\ndescription='y'\n",
            4,
        ),
        ("scopes = 'a'\n", 1),
        ("[[scopes]]\nname = 'a'\ndescription = 1\n", 1),
        ("[[scopes]]\nname = 'a'\ndescription.en = 1\n", 1),
        ("[[scopes]]\nname = 'a'\ndescription.it = 'x'\n", 1),
        ("[[scopes]]\nname = 'a'\ndescription.en = ''\n", 1),
    ] {
        let error = file(text).error();
        assert!(
            error.starts_with(&format!("grantor.toml:{line}: scopes: ")),
            "{text}: {error}"
        );
    }
}

#[test]
fn the_document_names_the_scopes_of_the_servers_own() {
    let document = include_str!("../../../../docs/configuration.md");
    let (_, names) = document
        .split_once("not one of the server's own: ")
        .unwrap();
    let (names, _) = names.split_once(')').unwrap();
    let named: BTreeSet<_> = names.split('`').skip(1).step_by(2).collect();
    for name in &named {
        assert!(Scope::new(name, "x").is_err(), "{name}");
    }
    let own = grantor_protocol::scope::BUILT_IN.iter().copied();
    let missing: Vec<_> = own.filter(|name| !named.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_scope_is_described_in_the_readers_language_or_in_the_first() {
    let text = "languages = ['de', 'fr', 'es']\n[[scopes]]\nname = 'a'\n\
                description = { de = 'Sehen', fr = 'Voir' }\n\
                [[scopes]]\nname = 'b'\ndescription = 'See'\n";
    let config = file(text).config();
    let said = |scope, language| App::sentence(&config, scope, language);
    assert_eq!(said("a", Language::French), "Voir");
    assert_eq!(said("a", Language::German), "Sehen");
    assert_eq!(said("a", Language::Spanish), "Sehen");
    assert_eq!(said("a", Language::English), "Sehen");
    assert_eq!(said("b", Language::French), "See");

    for (description, reason) in [
        (
            "{ de = 'x', es = 'y' }",
            "a is described in es, which is none of the languages offered (de, fr)",
        ),
        ("{ fr = 'x' }", "a needs a description in de"),
        ("{}", "a needs a description in de"),
        (
            "{ it = 'x' }",
            "a is described in it: there are en, de, fr, es, ar",
        ),
    ] {
        let declared = format!("[[scopes]]\nname = 'a'\ndescription = {description}\n");
        let text = format!("languages = 'de,fr'\n{declared}");
        let error = file(text).error();
        assert!(error.contains(reason), "{description}: {error}");
    }
}

#[test]
fn switches_are_flags_with_and_without_a_value() {
    use clap::{Args as _, Command, FromArgMatches as _};
    let parse = |arguments: &[&str]| {
        let command = Flags::augment_args(Command::new("serve").no_binary_name(true));
        let flags = Flags::from_arg_matches(&command.try_get_matches_from(arguments).unwrap());
        Config::load(Some("/dev/null".as_ref()), &[], &flags.unwrap())
            .unwrap_or_else(|e| panic!("{e}"))
    };
    assert!(parse(&["--legacy-bearer"]).legacy.legacy_bearer);
    assert!(!parse(&["--implicit-flow=false"]).legacy.implicit_flow);
    let several = [
        "--listen",
        "127.0.0.1:1",
        "--listen",
        "127.0.0.1:2,127.0.0.1:3",
    ];
    assert_eq!(parse(&several).network.listen.len(), 3);
}

#[test]
fn every_setting_is_in_the_help_and_in_the_document() {
    use clap::{Args as _, Command};
    let help = Flags::augment_args(Command::new("serve"))
        .render_long_help()
        .to_string();
    let document = include_str!("../../../../docs/configuration.md");
    for arg in load::settings().get_arguments() {
        let (key, variable) = (arg.get_id().as_str(), load::variable(arg));
        let flag = format!("--{}", key.replace('_', "-"));
        assert_eq!(
            arg.get_long().map(|long| format!("--{long}")),
            Some(flag.clone())
        );
        let defaults = arg
            .get_default_values()
            .first()
            .map(|it| it.to_string_lossy());
        let shown = defaults
            .as_ref()
            .map_or("–".to_owned(), |default| format!("`{default}`"));
        let row = format!("| `{key}` | `{variable}` | {shown} |");
        assert!(document.contains(&row), "docs/configuration.md lacks {row}");
        assert!(help.contains(&flag), "--help lacks {flag}");
        assert!(
            help.contains(&format!("[env: {variable}]")),
            "--help lacks {variable}"
        );
        let default = defaults.is_none_or(|it| help.contains(&format!("[default: {it}]")));
        assert!(default, "--help lacks the default of {flag}");
        assert!(arg.get_help().is_some(), "{flag} says nothing about itself");
    }
}

#[test]
fn the_example_in_the_document_can_be_used() {
    let document = include_str!("../../../../docs/configuration.md");
    let (_, rest) = document.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    assert_eq!(file(example).config().scopes.len(), 2);
}

mod elsewhere;
