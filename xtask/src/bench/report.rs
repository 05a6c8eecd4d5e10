//! What a benchmark found: the measured part of `docs/performance.md`, and a plot.

use super::{
    Driver,
    grants::{self, Grown},
    latency::Latency,
    nodes,
};
use crate::shell::answer;
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fmt::Write, fs};

const PAGE: &str = "docs/performance.md";
const PLOT: &str = "docs/images/performance.svg";
/// More of a core than that for something else, and a run does not count.
const DISTURBED: f64 = 0.05;
const NAMES: [(&str, &str); 6] = [
    ("discovery", "metadata"),
    ("userinfo", "bearer check or userinfo"),
    ("introspect", "introspection"),
    ("refresh", "refresh, confidential app"),
    ("authorize", "authorize, consent remembered"),
    ("code", "code flow (authorize and exchange)"),
];

/// The median of three runs.
#[derive(Clone)]
pub struct Row {
    operation: String,
    /// Operations a second.
    pub rate: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
    /// Cores: of the server, of a database beside it, of everything else.
    pub server: f64,
    pub database: f64,
    other: f64,
    /// MiB.
    pub resident: f64,
    /// H beside it, and what part of that its rate is, where that was measured.
    h: Option<(f64, f64)>,
}

/// With an ID token.
pub struct Signed {
    pub algorithm: &'static str,
    /// A second, of nothing but them.
    pub signatures: f64,
    pub code: Row,
    pub refresh: Row,
}

#[derive(Default)]
pub struct Report {
    pub sqlite: Vec<Row>,
    pub postgres: Vec<Row>,
    pub signed: Vec<Signed>,
    /// Name and rows.
    pub peers: Vec<(&'static str, Vec<Row>)>,
    /// Bytes.
    pub disk: u64,
    pub latency: Option<Latency>,
    /// With one node, and with several.
    pub nodes: Vec<(Row, Row)>,
    /// Smallest first.
    pub grown: Vec<Grown>,
}

impl Row {
    /// From the driver's own words.
    pub fn read(json: &str) -> Result<Self> {
        let said: Value = serde_json::from_str(json)?;
        let number = |name: &str| said[name].as_f64().with_context(|| format!("no {name}"));
        Ok(Self {
            operation: said["op"].as_str().context("no op")?.to_owned(),
            rate: number("rps_median")?,
            p50: number("p50_us")? / 1e3,
            p99: number("p99_us")? / 1e3,
            server: number("server_cpu")?,
            database: number("database_cpu")?,
            other: number("other_cpu")?,
            resident: number("rss_mib")?,
            h: None,
        })
    }

    pub fn beside(self, h: f64) -> Self {
        Self {
            h: Some((h, self.rate / h)),
            ..self
        }
    }

    /// The one in the middle by its rate, with the middle part of H of all.
    pub fn median(mut rows: Vec<Self>) -> Option<Self> {
        let mut parts: Vec<_> = rows.iter().filter_map(|row| row.h).collect();
        parts.sort_by(|one, other| one.1.total_cmp(&other.1));
        rows.sort_by(|one, other| one.rate.total_cmp(&other.rate));
        let middle = rows.len() / 2;
        Some(Self {
            h: parts.get(middle).copied(),
            ..rows.into_iter().nth(middle)?
        })
    }

    fn of_h(&self) -> String {
        self.h
            .map_or_else(|| "–".into(), |(_, part)| format!("{part:.2}"))
    }
}

impl Report {
    /// Writes what was measured into the page, and the plot.
    pub fn write(&self, driver: &Driver) -> Result<()> {
        let mut page = fs::read_to_string(PAGE)?;
        if !self.sqlite.is_empty() {
            page = replace(&page, "measured", &self.tables(driver)?)?;
            fs::write(PLOT, self.plot()?)?;
        }
        if let Some(latency) = &self.latency {
            page = replace(&page, "measured: latency", &latency.table()?)?;
        }
        if !self.nodes.is_empty() {
            page = replace(&page, "measured: nodes", &nodes::table(&self.nodes)?)?;
        }
        if !self.grown.is_empty() {
            page = replace(&page, "measured: grants", &grants::table(&self.grown)?)?;
        }
        fs::write(PAGE, page)?;
        println!("\nwrote {PAGE}");
        Ok(())
    }

    fn tables(&self, driver: &Driver) -> Result<String> {
        let mut text = String::new();
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
        let cpu = cpu.map_or("", |line| line.trim_start_matches(['\t', ' ', ':']));
        let rows = self.sqlite.iter().chain(&self.postgres);
        let h: Vec<_> = rows.filter_map(|row| Some(row.h?.0)).collect();
        writeln!(
            text,
            "Measured on {}, {cpu}; {} connections, {} s a run, median of three. H, a bare JSON endpoint on the same accept loop, in turn with each row, run by run: {} to {}. A row with † was disturbed: something else took more than 0.05 of a core, on PostgreSQL's rows the database itself.",
            answer("date -I")?.trim(),
            driver.connections,
            driver.seconds,
            rate(h.iter().copied().fold(f64::INFINITY, f64::min)),
            rate(h.iter().copied().fold(0., f64::max)),
        )?;
        for (title, rows) in [("SQLite", &self.sqlite), ("PostgreSQL", &self.postgres)] {
            writeln!(
                text,
                "\n| {title} | per second | p50 | p99 | of H |\n|---|---|---|---|---|"
            )?;
            for (name, row) in named(rows) {
                let (rate, mark) = (rate(row.rate), mark(row));
                writeln!(
                    text,
                    "| {name}{mark} | {rate} | {:.1} ms | {:.1} ms | {} |",
                    row.p50,
                    row.p99,
                    row.of_h()
                )?;
            }
        }
        self.write_signed(&mut text)?;
        self.write_peers(&mut text)?;
        let resident = self
            .sqlite
            .iter()
            .map(|row| row.resident)
            .fold(0., f64::max);
        writeln!(
            text,
            "\nResident memory of the server on SQLite at most {resident:.0} MiB; its data folder afterwards {} MiB.\n\n![Operations a second, on a logarithmic scale](images/performance.svg)",
            self.disk >> 20
        )?;
        Ok(text)
    }

    fn write_signed(&self, text: &mut String) -> Result<()> {
        writeln!(
            text,
            "\n| with an ID token | bare signatures | code flow | p99 | of bare | of H | refresh | p99 | of bare | of H |\n|---|---|---|---|---|---|---|---|---|---|"
        )?;
        for signed in &self.signed {
            write!(
                text,
                "| {}{} | {} |",
                signed.algorithm,
                mark(&signed.code),
                rate(signed.signatures)
            )?;
            for row in [&signed.code, &signed.refresh] {
                write!(
                    text,
                    " {} | {:.1} ms | {:.2} | {} |",
                    rate(row.rate),
                    row.p99,
                    row.rate / signed.signatures,
                    row.of_h()
                )?;
            }
            writeln!(text)?;
        }
        Ok(())
    }

    /// Beside ours with the same ID token where there is one.
    fn write_peers(&self, text: &mut String) -> Result<()> {
        if self.peers.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = self.peers.iter().map(|(name, _)| *name).collect();
        writeln!(
            text,
            "\n| per second · p99 | Grantor, SQLite | {} |",
            names.join(" | ")
        )?;
        writeln!(text, "|---|---|{}", "---|".repeat(names.len()))?;
        for (operation, name) in NAMES {
            write!(text, "| {name} |")?;
            for rows in self.compared() {
                let row = rows.iter().find(|row| row.operation == operation);
                match row {
                    Some(row) => write!(
                        text,
                        " {} · {:.1} ms{} |",
                        rate(row.rate),
                        row.p99,
                        mark(row)
                    )?,
                    None => write!(text, " – |")?,
                }
            }
            writeln!(text)?;
        }
        Ok(())
    }

    fn compared(&self) -> Vec<Vec<Row>> {
        let signed = self.signed.iter().find(|it| it.algorithm == "ES256");
        let signed = signed.map(|it| [it.code.clone(), it.refresh.clone()]);
        let signed: Vec<_> = signed.into_iter().flatten().collect();
        let unsigned = self.sqlite.iter();
        let unsigned = unsigned.filter(|row| signed.iter().all(|it| it.operation != row.operation));
        let ours = signed.iter().chain(unsigned).cloned().collect();
        let theirs = self.peers.iter().map(|(_, rows)| rows.clone());
        std::iter::once(ours).chain(theirs).collect()
    }

    /// Bars from 10 to a million operations a second.
    fn plot(&self) -> Result<String> {
        const COLOURS: [&str; 4] = ["#0d5c63", "#c2703d", "#7a7a9d", "#b0a04f"];
        let mut bars = String::new();
        let servers = self.compared();
        let mut y = 30;
        for (operation, name) in NAMES {
            writeln!(bars, r#"<text x="10" y="{}">{name}</text>"#, y + 12)?;
            for (rows, colour) in servers.iter().zip(COLOURS) {
                let Some(row) = rows.iter().find(|row| row.operation == operation) else {
                    continue;
                };
                let width = (row.rate.max(10.).log10() - 1.) * 90.;
                writeln!(
                    bars,
                    r#"<rect x="260" y="{y}" width="{width:.0}" height="14" fill="{colour}"/>"#
                )?;
                writeln!(
                    bars,
                    r#"<text x="{:.0}" y="{}">{}</text>"#,
                    265. + width,
                    y + 12,
                    rate(row.rate)
                )?;
                y += 17;
            }
            y += 12;
        }
        let names =
            std::iter::once("Grantor, SQLite").chain(self.peers.iter().map(|(name, _)| *name));
        for ((name, colour), x) in names.zip(COLOURS).zip((10..).step_by(240)) {
            writeln!(
                bars,
                r#"<rect x="{x}" y="6" width="12" height="12" fill="{colour}"/><text x="{}" y="17">{name}</text>"#,
                x + 18
            )?;
        }
        Ok(format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 {y}" font-family="sans-serif" font-size="13" fill="#333"><rect width="780" height="{y}" fill="#fff"/>
{bars}</svg>
"##
        ))
    }
}

/// The page with another text between the marks of this name.
fn replace(page: &str, name: &str, text: &str) -> Result<String> {
    let [begin, end] = [
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->\n"),
    ];
    let parts = page.split_once(&begin);
    let parts = parts.and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) =
        parts.with_context(|| format!("{PAGE} has no place for what was {name}"))?;
    Ok(format!("{before}{begin}{text}\n{end}{after}"))
}

fn named(rows: &[Row]) -> impl Iterator<Item = (&'static str, &Row)> {
    let find = |operation| rows.iter().find(move |row| row.operation == operation);
    NAMES
        .iter()
        .filter_map(move |(operation, name)| Some((*name, find(*operation)?)))
}

pub fn name(row: &Row) -> &'static str {
    let found = NAMES
        .iter()
        .find(|(operation, _)| *operation == row.operation);
    found.map_or("", |(_, name)| name)
}

pub fn mark(row: &Row) -> &'static str {
    if row.other > DISTURBED { " †" } else { "" }
}

pub fn rate(rate: f64) -> String {
    match rate >= 1000. {
        true => format!("{:.1} k", rate / 1000.),
        false => format!("{rate:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_what_the_driver_says() {
        let said = r#"{"op":"code","rps_median":8600.5,"p50_us":7100,"p99_us":15200,"server_cpu":0.9,"database_cpu":0.0,"other_cpu":0.3,"rss_mib":50.0}"#;
        let row = Row::read(said).unwrap();
        assert_eq!((rate(row.rate), mark(&row)), ("8.6 k".into(), " †"));
        assert_eq!((row.p50, row.p99), (7.1, 15.2));
        assert!(Row::read("{}").is_err());
    }

    #[test]
    fn each_part_of_the_page_has_its_place() {
        let page = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n<!-- y -->\n<!-- end of y -->\n";
        let new = replace(page, "x", "new").unwrap();
        assert_eq!(new, page.replace("old", "new"));
        assert!(replace(page, "z", "new").is_err());
    }
}
