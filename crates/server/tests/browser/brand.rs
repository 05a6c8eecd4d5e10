//! Pages in a platform's own look.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    stage::{ADA, Stage},
};

const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 84 28">
<style>path { fill: #a3164f } @media (prefers-color-scheme: dark) { path { fill: #ff9ac2 } }</style>
<path d="M0 4h20v20H0zM28 4h28v8H28zM28 16h56v8H28z"/></svg>"##;
const CSS: &str = ":root { --round: 2px; } .brand bdi { letter-spacing: 0.2em; }";

fn stage(folder: &std::path::Path) -> Stage {
    let file = |name: &str, content: &str| {
        let path = folder.join(name);
        std::fs::write(&path, content).expect("a file");
        path.display().to_string()
    };
    Stage::with_config(&format!(
        "brand = 'Orchard'\nbrand_color = '#d6246e'\nbrand_logo_file = '{}'\nbrand_css_file = '{}'\n\
         privacy_policy_url = 'https://orchard.example/privacy'\nterms_url = 'https://orchard.example/terms'\n\
         legal_notice_url = 'https://orchard.example/imprint'\nsupport_url = 'mailto:help@orchard.example'\n",
        file("logo.svg", LOGO),
        file("orchard.css", CSS),
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_take_a_platforms_look() {
    let folder = tempfile::tempdir().expect("a folder");
    let stage = stage(folder.path());
    browse(Scripts::On, async |ada| {
        ada.open(&stage.url("/")).await;
        let loaded = "const logo = document.querySelector('.brand img');
            return [logo.naturalWidth > 0, logo.width, logo.height]";
        assert_eq!(
            ada.script(loaded, vec![]).await,
            serde_json::json!([true, 84, 28])
        );
        let styled = "const style = (css) => getComputedStyle(document.querySelector(css));
            return [style('a.main').backgroundColor, style('.brand bdi').letterSpacing]";
        assert_eq!(
            ada.script(styled, vec![]).await,
            serde_json::json!(["rgb(214, 36, 110)", "3.4px"])
        );
        audit(ada, "brand-home").await;
        ada.open(&stage.url("/login")).await;
        audit(ada, "brand-login").await;
        stage.sign_in(ada, ADA).await;
        ada.open(&stage.url("/tokens")).await;
        audit(ada, "brand-tokens").await;
    })
    .await;
}
