//! The lines of a file as fields with names, whatever the format.

use super::{Format, record::Fields};
use anyhow::{Context, bail};
use grantor_jose::json::{JsonError, parse_object};
use serde_json::Value;
use std::io::{BufRead, Read};

/// The longest line that is read.
const LONGEST: usize = 64 * 1024;

pub enum Lines {
    Json {
        source: Box<dyn BufRead>,
        number: u64,
    },
    Csv {
        names: Vec<String>,
        records: csv::StringRecordsIntoIter<Box<dyn BufRead>>,
    },
}

impl Lines {
    pub fn open(source: Box<dyn BufRead>, format: Format) -> anyhow::Result<Self> {
        if format == Format::Jsonl {
            return Ok(Self::Json { source, number: 0 });
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let names = reader.headers().context("the first line")?;
        if names.len() == 1 && names.iter().any(|name| name.contains([';', '\t'])) {
            bail!(
                "the first line is one column: columns stand between commas, and not between semicolons or tabs"
            );
        }
        let names = names.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Self::Csv {
            names,
            records: reader.into_records(),
        })
    }
}

impl Iterator for Lines {
    type Item = (u64, Result<Fields, String>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Json { source, number } => next_json(source, number),
            Self::Csv { names, records } => {
                let record = records.next()?;
                let at = match &record {
                    Ok(record) => record.position().map(csv::Position::line),
                    Err(error) => error.position().map(csv::Position::line),
                };
                let fields = match record {
                    Ok(record) => of_columns(names, &record),
                    Err(error) => Err(error.to_string()),
                };
                Some((at.unwrap_or(0), fields))
            }
        }
    }
}

fn next_json(
    source: &mut Box<dyn BufRead>,
    number: &mut u64,
) -> Option<(u64, Result<Fields, String>)> {
    loop {
        let mut line = Vec::new();
        let most = LONGEST as u64 + 1;
        let read = source.by_ref().take(most).read_until(b'\n', &mut line);
        *number += 1;
        match read {
            Ok(0) => return None,
            Err(error) => {
                // What cannot be read now ends here, and not in a line without an end.
                *source = Box::new(std::io::empty());
                return Some((*number, Err(error.to_string())));
            }
            Ok(_) if line.len() > LONGEST => {
                // The rest of it, so that the next line is one again.
                let mut rest = line;
                while rest.last() != Some(&b'\n') {
                    rest.clear();
                    match source.by_ref().take(most).read_until(b'\n', &mut rest) {
                        Ok(1..) => {}
                        _ => break,
                    }
                }
                return Some((*number, Err("the line is longer than 64 KiB".into())));
            }
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => return Some((*number, of_json(&line))),
        }
    }
}

fn of_json(line: &[u8]) -> Result<Fields, String> {
    let object = parse_object(line.trim_ascii_end(), LONGEST).map_err(|error| match error {
        // Its line is the file's, which is told already.
        JsonError::Syntax { column, .. } => format!("the JSON text is broken at column {column}"),
        JsonError::NotAnObject => "a line is one JSON object: {…}".to_owned(),
        other => other.to_string(),
    })?;
    let mut fields = Fields::new();
    for (name, value) in object {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Bool(it) => it.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Object(address) if name == "address" => {
                for (name, value) in address {
                    let text = value
                        .as_str()
                        .ok_or("address has a value that is no text")?;
                    fields.insert(name, text.to_owned());
                }
                continue;
            }
            Value::Array(_) | Value::Object(_) => return Err(format!("{name} is no text")),
        };
        fields.insert(name, text);
    }
    Ok(fields)
}

fn of_columns(names: &[String], record: &csv::StringRecord) -> Result<Fields, String> {
    if record.len() != names.len() {
        let (has, first) = (record.len(), names.len());
        return Err(format!("{has} columns, where the first line has {first}"));
    }
    let pairs = names.iter().cloned().zip(record.iter().map(str::to_owned));
    Ok(pairs.collect())
}
