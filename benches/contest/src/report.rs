//! Results: what was measured, and the table, summary and documentation made of it.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::growth::Growth;

/// One comparison.
pub struct Case {
    /// Its name in the summary.
    pub id: String,
    /// What was done, in words.
    pub job: String,
    /// Nanoseconds of ours.
    pub ours_ns: f64,
    /// What it is held against.
    pub reference: String,
    /// Nanoseconds of that; nothing when this run had no such peer.
    pub reference_ns: Option<f64>,
    /// The most that ours may take of the reference, where a goal is set.
    pub goal: Option<f64>,
    /// The quarters of the ratios of single rounds, where they were kept.
    pub spread: Option<[f64; 2]>,
}

impl Case {
    /// Ours over the reference.
    pub fn ratio(&self) -> Option<f64> {
        self.reference_ns.map(|reference| self.ours_ns / reference)
    }

    fn verdict(&self) -> &'static str {
        match (self.ratio(), self.goal) {
            (Some(ratio), Some(goal)) if ratio <= goal => "met",
            (Some(_), Some(_)) => "**missed**",
            (None, Some(_)) => "not measured",
            (_, None) => "",
        }
    }
}

/// Everything a run found out.
#[derive(Default)]
pub struct Report {
    cases: Vec<Case>,
    notes: Vec<String>,
    growth: Vec<Growth>,
}

impl Report {
    /// Adds a comparison; `goal` is the most that ours may take of the reference.
    pub fn compare(
        &mut self,
        id: &str,
        job: &str,
        ours_ns: f64,
        reference: &str,
        reference_ns: f64,
        goal: Option<f64>,
    ) {
        self.add(Case {
            id: id.to_owned(),
            job: job.to_owned(),
            ours_ns,
            reference: reference.to_owned(),
            reference_ns: Some(reference_ns),
            goal,
            spread: None,
        });
    }

    /// Adds a comparison of the medians of rounds that ran in turns, with the spread of the ratio.
    pub fn compare_rounds(
        &mut self,
        id: &str,
        job: &str,
        ours: &[f64],
        reference: &str,
        theirs: &[f64],
        goal: Option<f64>,
    ) {
        let ratios: Vec<_> = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
        self.add(Case {
            id: id.to_owned(),
            job: job.to_owned(),
            ours_ns: quantile(ours, 0.5),
            reference: reference.to_owned(),
            reference_ns: Some(quantile(theirs, 0.5)),
            goal,
            spread: Some([quantile(&ratios, 0.25), quantile(&ratios, 0.75)]),
        });
    }

    /// Adds a comparison as it is.
    pub fn add(&mut self, case: Case) {
        eprintln!("{}", row(&case));
        self.cases.push(case);
    }

    /// Adds a sentence that belongs to no comparison.
    pub fn note(&mut self, text: String) {
        eprintln!("{text}");
        self.notes.push(text);
    }

    /// Adds a line of the plot.
    pub fn grow(&mut self, growth: Growth) {
        self.growth.push(growth);
    }

    /// `{"case": {"ours_ns", "reference", "reference_ns", "ratio", "goal", "spread"}}`.
    pub fn summary(&self) -> Value {
        let case = |case: &Case| {
            let value = json!({
                "ours_ns": case.ours_ns,
                "reference": case.reference,
                "reference_ns": case.reference_ns,
                "ratio": case.ratio(),
                "goal": case.goal,
                "spread": case.spread,
            });
            (case.id.clone(), value)
        };
        Value::Object(self.cases.iter().map(case).collect::<Map<_, _>>())
    }

    /// The comparisons as a Markdown table.
    pub fn table(&self) -> String {
        let mut out =
            String::from("| job | ours | reference | it takes | ratio | goal | |\n|---|--:|---|--:|--:|--:|---|\n");
        for case in &self.cases {
            out.push_str(&row(case));
            out.push('\n');
        }
        out
    }

    /// Writes the page of this name in `docs`, and the plot beside it.
    pub fn document(&self, docs: &Path, page: &str, introduction: &str, about: &str) -> io::Result<()> {
        std::fs::create_dir_all(docs)?;
        let mut text = format!("{introduction}\n{about}\n\n## Ratios\n\n{}", self.table());
        let missed: Vec<_> = self.cases.iter().filter(|case| case.verdict() == "**missed**").collect();
        if !missed.is_empty() {
            text.push_str("\n### Missed goals\n\n");
        }
        for case in missed {
            let (ratio, goal) = (case.ratio().unwrap_or_default(), case.goal.unwrap_or_default());
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "- {}: {} of {} where {} is the goal",
                case.job,
                times(ratio),
                case.reference,
                times(goal)
            );
        }
        if !self.notes.is_empty() {
            text.push_str("\n## Besides\n\n");
            self.notes.iter().for_each(|note| text.push_str(&format!("- {note}\n")));
        }
        if !self.growth.is_empty() {
            text.push_str("\n## How cost grows\n\n![cost by entries in the vault](growth.svg)\n\n");
            text.push_str(&crate::growth::table(&self.growth));
            std::fs::write(docs.join("growth.svg"), crate::growth::svg(&self.growth))?;
        }
        std::fs::write(docs.join(page), text)
    }
}

fn row(case: &Case) -> String {
    let spread = case.spread.map_or_else(String::new, |[low, high]| format!(" ({} to {})", times(low), times(high)));
    format!(
        "| {} | {} | {} | {} | {} | {} | {} |",
        case.job,
        time(case.ours_ns),
        case.reference,
        case.reference_ns.map_or_else(|| "-".to_owned(), time),
        case.ratio().map_or_else(|| "-".to_owned(), times) + &spread,
        case.goal.map_or_else(|| "-".to_owned(), |goal| format!("at most {}", times(goal))),
        case.verdict(),
    )
}

/// What this part of the values is not above.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part).round() as usize]
}

/// A time with three digits and its unit.
pub fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "us"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    format!("{} {unit}", digits(value))
}

fn times(ratio: f64) -> String {
    if ratio < 0.4 { format!("1/{}", digits(1.0 / ratio)) } else { format!("{ratio:.2}x") }
}

fn digits(value: f64) -> String {
    match value {
        value if value < 9.995 => format!("{value:.2}"),
        value if value < 99.95 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

/// How the page of all jobs begins.
pub const INTRODUCTION: &str = "# Benchmarks

Made by `make bench`; with a million entries by `make bench-long`. Do not edit: the next run writes
it anew. What the other languages take stands in [benchmarks-languages.md](benchmarks-languages.md).

Each row is a ratio within one run: ours and the reference took turns in short rounds, and the
figure of each is the median of the faster half of its rounds, since what else runs on a machine
only ever makes a round slower. Times are those of the calling thread on a processor, except for
single commits, whose times are those on the wall. A ratio of 1/30 means thirty times faster than
the reference; a goal is the most that ours may take of it.
";
