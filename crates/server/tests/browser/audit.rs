//! A page under every light: does an accessibility checker find fault, does anything
//! scroll sideways, and how does it look?

use crate::person::Person;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

const LIGHTS: [&str; 2] = ["light", "dark"];
const WIDE: u32 = 1280;
const NARROW: u32 = 360;
/// WCAG 2.2, 1.4.10: content reflows down to this width.
const NARROWEST: u32 = 320;

/// Looks at the page in view from all sides, and leaves it wide and light.
pub async fn audit(person: &Person, name: &str) {
    for light in LIGHTS {
        for (width, word) in [(WIDE, "wide"), (NARROW, "narrow")] {
            set_scene(person, light, width).await;
            take_picture(person, &format!("{name}-{light}-{word}")).await;
            expect_accessible(person, &format!("{name}, {light}, {width} wide")).await;
        }
    }
    set_scene(person, "light", NARROWEST).await;
    expect_no_sideways_scrolling(person, name).await;
    set_scene(person, "light", WIDE).await;
}

/// A shorter look, at a page that was looked at from all sides in another language: where
/// there is least room.
pub async fn glance(person: &Person, name: &str) {
    set_scene(person, "light", NARROWEST).await;
    take_picture(person, name).await;
    expect_accessible(person, name).await;
    expect_no_sideways_scrolling(person, name).await;
}

async fn set_scene(person: &Person, light: &str, width: u32) {
    let media = json!({"features": [
        {"name": "prefers-color-scheme", "value": light},
        // A colour in transition is neither the old one nor the new.
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]});
    person.dev_tools("Emulation.setEmulatedMedia", media).await;
    // Whether a scroll bar takes room is the system's affair.
    let bars = json!({"hidden": true});
    person
        .dev_tools("Emulation.setScrollbarsHidden", bars)
        .await;
    let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
    person
        .dev_tools("Emulation.setDeviceMetricsOverride", size)
        .await;
}

async fn take_picture(person: &Person, name: &str) {
    let metrics = person.dev_tools("Page.getLayoutMetrics", json!({})).await;
    let size = &metrics["cssContentSize"];
    let clip =
        json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
    // Beyond the viewport a picture of a page that runs from right to left is shifted.
    let view = &metrics["cssLayoutViewport"]["clientHeight"];
    let beyond = size["height"].as_f64() > view.as_f64();
    let wanted = json!({"clip": clip, "captureBeyondViewport": beyond});
    let answer = person.dev_tools("Page.captureScreenshot", wanted).await;
    let data = answer["data"].as_str().expect("a picture");
    let folder = target().join("screenshots");
    fs::create_dir_all(&folder).expect("a folder for pictures");
    let picture = BASE64_STANDARD.decode(data).expect("base64");
    fs::write(folder.join(format!("{name}.png")), picture).expect("a picture");
}

async fn expect_accessible(person: &Person, what: &str) {
    const RUN: &str = "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(
        found => done(found.violations.map(it => it.id + ': ' + it.help + it.nodes.map(
            node => '\\n  ' + node.html + '\\n    ' + node.failureSummary).join(''))),
        error => done([String(error)]))";
    if person.script("return typeof axe", vec![]).await == "undefined" {
        person.script(checker(), vec![]).await;
    }
    let found = person.long_script(RUN, vec![]).await;
    let found = lines(&found);
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

async fn expect_no_sideways_scrolling(person: &Person, name: &str) {
    const WIDER: &str = "const page = document.documentElement;
        if (page.scrollWidth <= page.clientWidth) return [];
        return [...document.querySelectorAll('body *')]
            .filter(it => it.getBoundingClientRect().right > page.clientWidth
                || it.getBoundingClientRect().left < 0)
            .map(it => it.outerHTML.slice(0, 200))";
    let found = person.script(WIDER, vec![]).await;
    let found = lines(&found);
    assert!(
        found.is_empty(),
        "{name} is wider than {NARROWEST}:\n{}",
        found.join("\n")
    );
}

fn lines(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter().filter_map(Value::as_str).collect()
}

/// The script of the checker, fetched once for all checkouts of a target folder. It is
/// injected by the driver: the page's own policy would let nobody else in.
fn checker() -> &'static str {
    static CHECKER: OnceLock<String> = OnceLock::new();
    CHECKER.get_or_init(|| {
        let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/axe");
        let folder = target().join("tools/axe");
        let script = folder.join("node_modules/axe-core/axe.min.js");
        let lock = "package-lock.json";
        let read = |path: PathBuf| fs::read(path).ok();
        let installed = read(folder.join(lock)) == read(pinned.join(lock)) && script.exists();
        if !installed {
            fs::create_dir_all(&folder).expect("a folder for tools");
            for file in ["package.json", lock] {
                fs::copy(pinned.join(file), folder.join(file)).expect("the pinned version");
            }
            let mut npm = Command::new("npm");
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            let done = npm.current_dir(&folder).status();
            assert!(
                done.expect("npm is needed").success(),
                "npm cannot fetch axe-core"
            );
        }
        fs::read_to_string(script).expect("the checker")
    })
}

fn target() -> &'static Path {
    let inside = Path::new(env!("CARGO_TARGET_TMPDIR"));
    inside.parent().expect("the target folder")
}
