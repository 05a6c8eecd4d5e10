//! A platform's own look, and its own languages.

use crate::support::{Call, Site, png};
use grantor::{config::Config, start, world::World};
use std::path::PathBuf;
use tempfile::TempDir;

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 1'><style>path{fill:red}</style><path d='M0 0h2v1z'/></svg>";

fn file(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> Option<PathBuf> {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    Some(path)
}

fn branded(folder: &TempDir) -> impl FnOnce(&mut Config) {
    let logo = file(folder, "logo", SVG);
    let css = file(folder, "brand.css", "\u{feff}.top { color: red }");
    |config| {
        let branding = &mut config.branding;
        branding.brand_logo_file = logo;
        branding.brand_css_file = css;
        branding.brand_color = Some("#7a1f5c".parse().unwrap());
        branding.privacy_policy_url = Some("https://example.com/privacy?a=1&b=2".parse().unwrap());
        branding.terms_url = Some("https://example.com/terms".parse().unwrap());
        branding.support_url = Some("mailto:help@example.com".parse().unwrap());
    }
}

/// The value of the first attribute that begins like this.
fn value<'a>(page: &'a str, start: &str) -> &'a str {
    let (_, rest) = page.split_once(start).expect(start);
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn pages_carry_logo_colour_stylesheet_and_links() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::with(branded(&folder)).await;
    for path in ["/", "/login", "/no/such/page"] {
        let page = site.send(Call::get(path)).await.body;
        let logo = value(&page, "<link rel=\"icon\" href=\"");
        let shown = format!("<img src=\"{logo}\" alt=\"\" width=\"56\" height=\"28\">");
        assert!(page.contains(&shown), "{path}: {page}");
        for link in [
            "<a href=\"https://example.com/privacy?a=1&#38;b=2\">Privacy policy</a>",
            "<a href=\"https://example.com/terms\">Terms of service</a>",
            "<a href=\"mailto:help@example.com\">Help</a>",
        ] {
            assert!(page.contains(link), "{path}: {link} in {page}");
        }
        assert!(!page.contains("Legal notice"), "{path}");
        let ours = page.find("/style.css").unwrap();
        assert!(page.find("/brand.css").unwrap() > ours, "{path}");
    }
    let page = site
        .send(Call::get("/").header("accept-language", "de"))
        .await;
    assert!(page.body.contains(">Datenschutz</a>"));
    let plain = Site::open().await.send(Call::get("/")).await.body;
    assert!(!plain.contains("brand.css") && plain.contains("/mark.svg\" alt=\"\" width=\"28\""));
}

#[tokio::test]
async fn its_files_are_served_for_ever_and_can_do_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::with(branded(&folder)).await;
    let page = site.send(Call::get("/")).await.body;
    let sheet = value(&page, "/style.css\">\n<link rel=\"stylesheet\" href=\"");
    let css = site.send(Call::get(sheet)).await;
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert!(css.header("cache-control").contains("immutable"));
    assert!(
        css.body.starts_with(":root { --brand: #7a1f5c; "),
        "{}",
        css.body
    );
    assert!(
        css.body.ends_with("} }\n.top { color: red }"),
        "{}",
        css.body
    );

    let url = value(&page, "<link rel=\"icon\" href=\"");
    let logo = site.send(Call::get(url)).await;
    assert_eq!((logo.code(), logo.body.as_str()), (200, SVG));
    assert_eq!(logo.header("content-type"), "image/svg+xml");
    assert_eq!(logo.header("x-content-type-options"), "nosniff");
    let policy = logo.header("content-security-policy");
    assert_eq!(
        policy,
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    );
    let icon = site.send(Call::get("/favicon.ico")).await;
    assert_eq!(icon.location(), url);
    // Under another digest it may be another one: nobody keeps it.
    let stale = site
        .send(Call::get("/assets/0000000000000000/logo.svg"))
        .await;
    assert_eq!(stale.header("cache-control"), "no-store");

    let other = Site::open().await.send(Call::get(sheet)).await;
    assert_eq!(other.code(), 404);
}

#[tokio::test]
async fn a_start_says_which_setting_and_file_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut cut = png();
    cut.truncate(50);
    let big = vec![b' '; (256 << 10) + 1];
    type Setting = fn(&mut Config) -> &mut Option<PathBuf>;
    let (logo, css): (Setting, Setting) = (
        |config| &mut config.branding.brand_logo_file,
        |config| &mut config.branding.brand_css_file,
    );
    for (setting, name, content, says) in [
        (logo, "cut.png", Some(cut), "is damaged"),
        (
            logo,
            "page.svg",
            Some(b"<html>".to_vec()),
            "is no SVG, PNG or WebP picture",
        ),
        (logo, "none.svg", None, "cannot be read"),
        (css, "big.css", Some(big), "is larger than 256 KiB"),
        (css, "empty.css", Some(vec![]), "is empty"),
        (
            css,
            "latin.css",
            Some(b"/* \xe4 */".to_vec()),
            "is no text in UTF-8",
        ),
    ] {
        let path = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let flags = grantor::config::Flags::default();
        let flags = flags.with("data", data.path().to_str().unwrap());
        let mut config = Config::load(None, &[], &flags).unwrap();
        *setting(&mut config) = Some(path.clone());
        let error = start::open(config, World::real()).await.err().expect(name);
        let error = format!("{error:#}");
        let setting = if name.ends_with("css") {
            "brand_css_file"
        } else {
            "brand_logo_file"
        };
        let start = format!("{setting} {}: {says}", path.display());
        assert!(error.starts_with(&start), "{error}");
    }
}

#[tokio::test]
async fn a_platform_speaks_the_languages_that_it_names() {
    let site = Site::with(|config| config.service.languages = "fr,de".parse().unwrap()).await;
    for (wish, language) in [
        ("de-CH", "de"),
        ("ar,en;q=0.5", "fr"),
        ("en,de;q=0.1", "de"),
    ] {
        let page = site
            .send(Call::get("/").header("accept-language", wish))
            .await;
        let start = format!("<html lang=\"{language}\"");
        assert!(page.body.contains(&start), "{wish}: {}", page.body);
    }
    let metadata = site
        .send(Call::get("/.well-known/openid-configuration"))
        .await;
    let told = metadata.json()["ui_locales_supported"].clone();
    assert_eq!(told, serde_json::json!(["fr", "de"]));
}
