//! Truth tables: a decision is asked for every combination of its facts, and the
//! answers are drawn as aligned text.
//!
//! Rows with the same verdict that differ in one fact alone are drawn as one row:
//! `·` stands for every value of that fact, `a or b` for some, `not a` for all
//! but one. Merging loses nothing: the rows are disjoint and cover every case.

use std::collections::HashMap;

/// A fact's name and everything it can be.
pub type Fact = (&'static str, &'static [&'static str]);

/// One combination of facts.
pub struct Case {
    facts: Vec<Fact>,
    values: Vec<usize>,
}

impl Case {
    pub fn values(&self) -> &[usize] {
        &self.values
    }

    /// This case with more facts, at these of their values.
    pub fn with(&self, facts: &[Fact], values: &[usize]) -> Self {
        Self {
            facts: [&self.facts, facts].concat(),
            values: [&self.values, values].concat(),
        }
    }

    pub fn get(&self, fact: &str) -> &'static str {
        let at = self.facts.iter().position(|(name, _)| *name == fact);
        let at = at.unwrap_or_else(|| panic!("no fact is called {fact}"));
        self.facts[at].1[self.values[at]]
    }

    /// Whether `fact` is `value`; a value it can never have is a mistake.
    pub fn is(&self, fact: &str, value: &str) -> bool {
        let known = self
            .facts
            .iter()
            .any(|(name, values)| *name == fact && values.contains(&value));
        assert!(known, "{fact} is never {value}");
        self.get(fact) == value
    }
}

/// Every combination of `facts`.
pub fn cases(facts: &[Fact]) -> impl Iterator<Item = Case> + '_ {
    let total: usize = facts.iter().map(|(_, values)| values.len()).product();
    (0..total).map(move |mut number| {
        let mut values = vec![0; facts.len()];
        for (value, (_, all)) in values.iter_mut().zip(facts).rev() {
            *value = number % all.len();
            number /= all.len();
        }
        let facts = facts.to_vec();
        Case { facts, values }
    })
}

struct Row {
    /// For each fact, a set of its values as bits.
    cells: Vec<u32>,
    verdict: String,
}

pub struct Table<'t> {
    facts: &'t [Fact],
    rows: Vec<Row>,
}

impl<'t> Table<'t> {
    /// Asks `decide` for every case; `None` says that the case cannot happen.
    pub fn of(facts: &'t [Fact], decide: impl Fn(&Case) -> Option<String>) -> Self {
        let row = |case: Case| {
            let verdict = decide(&case)?;
            let cells = case.values.iter().map(|&value| 1 << value).collect();
            Some(Row { cells, verdict })
        };
        Self {
            facts,
            rows: cases(facts).filter_map(row).collect(),
        }
    }

    /// One row for each case.
    pub fn in_full(&self, good: &str) -> String {
        self.draw(&self.rows, good)
    }

    /// As few rows as merging gives, later facts first.
    pub fn merged(&self, good: &str) -> String {
        let mut rows: Vec<_> = self.rows.iter().map(Row::copy).collect();
        loop {
            let before = rows.len();
            for fact in (0..self.facts.len()).rev() {
                rows = merge(rows, fact);
            }
            if rows.len() == before {
                return self.draw(&rows, good);
            }
        }
    }

    fn draw(&self, rows: &[Row], good: &str) -> String {
        let names = self.facts.iter().map(|(name, _)| *name).chain(["verdict"]);
        let mut lines: Vec<Vec<String>> = vec![names.map(str::to_owned).collect()];
        for row in rows {
            let cells = row.cells.iter().zip(self.facts);
            let mut line: Vec<_> = cells.map(|(&set, (_, all))| show(set, all)).collect();
            line.push(row.verdict.clone());
            lines.push(line);
        }
        let mut text = aligned(&lines);
        let cases = self.rows.len();
        let passed = self.rows.iter().filter(|row| row.verdict.starts_with(good));
        text.push_str(&format!(
            "\n{cases} cases in {} rows: {} {good}.\n",
            rows.len(),
            passed.count()
        ));
        text
    }
}

impl Row {
    fn copy(&self) -> Self {
        Self {
            cells: self.cells.clone(),
            verdict: self.verdict.clone(),
        }
    }
}

/// Joins rows that differ in `fact` alone.
fn merge(rows: Vec<Row>, fact: usize) -> Vec<Row> {
    let mut places: HashMap<(Vec<u32>, String), usize> = HashMap::new();
    let mut merged: Vec<Row> = Vec::new();
    for row in rows {
        let mut others = row.cells.clone();
        others[fact] = 0;
        let place = *places
            .entry((others, row.verdict.clone()))
            .or_insert(merged.len());
        match merged.get_mut(place) {
            Some(earlier) => earlier.cells[fact] |= row.cells[fact],
            None => merged.push(row),
        }
    }
    merged
}

fn show(set: u32, all: &[&str]) -> String {
    let has = |at: &usize| set & (1 << at) != 0;
    let (here, missing): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(has);
    match (here.len(), missing.as_slice()) {
        (1, _) => all[here[0]].to_owned(),
        (_, []) => "·".to_owned(),
        (_, [one]) => format!("not {}", all[*one]),
        _ => here
            .iter()
            .map(|&at| all[at])
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

/// Compares a drawing with the one in `snapshots/<name>.snap`.
pub fn keep(name: &str, drawing: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, drawing));
}

/// Lines of cells as columns; the last column is set off.
pub fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..columns)
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let mut text = String::new();
    for line in lines {
        let (verdict, facts) = line.split_last().expect("a verdict");
        for (cell, &width) in facts.iter().zip(&widths) {
            text.push_str(&format!("{cell:width$}  "));
        }
        text.push_str(&format!("→ {verdict}\n"));
    }
    text
}

#[test]
fn merging_loses_no_case() {
    const FACTS: &[Fact] = &[
        ("a", &["0", "1", "2"]),
        ("b", &["0", "1"]),
        ("c", &["0", "1"]),
    ];
    let odd = |case: &Case| {
        let verdict = if case.is("a", "1") || (case.is("b", "1") && case.is("c", "0")) {
            "yes"
        } else {
            "no"
        };
        Some(verdict.to_owned())
    };
    let table = Table::of(FACTS, odd);
    let drawn = "\
a      b  c  → verdict
not 1  0  ·  → no
not 1  1  0  → yes
not 1  1  1  → no
1      ·  ·  → yes

12 cases in 4 rows: 6 yes.
";
    assert_eq!(table.merged("yes"), drawn);
}
