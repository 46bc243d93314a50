//! The template language: what of minijinja is let in, and how a text is made with it.

use std::collections::BTreeMap;
use std::io;

use minijinja::{Environment, ErrorKind, UndefinedBehavior};

/// Why a text is no template, or makes no message; with the line where it is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Syntax(Option<usize>),
    Unsupported(usize),
    UnknownPlaceholder { name: String, line: Option<usize> },
    DoesNotRender(Option<usize>),
    TooLong,
}

/// Refuses what the language does without, and every placeholder that is not among `known`, also
/// in branches that are not taken.
pub(super) fn check(source: &str, known: &[&str]) -> Result<(), Fault> {
    check_tags(source)?;
    let environment = environment();
    let template = environment.template_from_str(source).map_err(|error| Fault::Syntax(error.line()))?;
    let mut unknown: Vec<_> =
        template.undeclared_variables(false).into_iter().filter(|name| !known.contains(&name.as_str())).collect();
    unknown.sort_unstable();
    match unknown.into_iter().next() {
        Some(name) => {
            let line = source.lines().position(|line| words(line).any(|word| word == name)).map(|line| line + 1);
            Err(Fault::UnknownPlaceholder { name, line })
        }
        None => Ok(()),
    }
}

/// The text with `facts` at its placeholders, at most `max` bytes of it. Facts are never read as a
/// template.
pub(super) fn render(source: &str, facts: &BTreeMap<&str, String>, max: usize) -> Result<String, Fault> {
    check_tags(source)?;
    let environment = environment();
    let template = environment.template_from_str(source).map_err(|error| Fault::Syntax(error.line()))?;
    let context = minijinja::Value::from(facts.clone());
    let mut text = Capped { text: Vec::new(), max, full: false };
    let outcome = template.render_captured_to(context, &mut text).map(drop);
    match outcome {
        _ if text.full => Err(Fault::TooLong),
        Ok(()) => String::from_utf8(text.text).map_err(|_| Fault::DoesNotRender(None)),
        Err(error) if error.kind() == ErrorKind::OutOfFuel => Err(Fault::TooLong),
        Err(error) => Err(Fault::DoesNotRender(error.line())),
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment
}

/// Walks over the tags: only conditions, and in expressions only names, texts and comparisons. Of what the parser goes
/// down a call for each, and does not bound itself, no more than any stack holds.
fn check_tags(source: &str) -> Result<(), Fault> {
    let mut rest = source;
    let mut branches = 0_usize;
    while let Some(at) = rest.find("{%").into_iter().chain(rest.find("{{")).chain(rest.find("{#")).min() {
        let line =
            || source.len().checked_sub(rest.len() - at).and_then(|end| source.get(..end)).map_or(0, newlines) + 1;
        let tag = rest.get(at..).unwrap_or_default();
        let (open, inside) = tag.split_at_checked(2).unwrap_or((tag, ""));
        if open == "{#" {
            rest =
                inside.find("#}").and_then(|end| inside.get(end + 2..)).ok_or_else(|| Fault::Syntax(Some(line())))?;
            continue;
        }
        let close = if open == "{%" { "%}" } else { "}}" };
        let length = expression(inside, close).ok_or_else(|| Fault::Unsupported(line()))?;
        let statement = words(inside.get(..length).unwrap_or_default()).next();
        if open == "{%" && !statement.is_some_and(|word| STATEMENTS.contains(&word)) {
            return Err(Fault::Unsupported(line()));
        }
        branches += usize::from(open == "{%" && statement == Some("elif"));
        if length > EXPRESSION_MAX || branches > BRANCHES_MAX {
            return Err(Fault::Syntax(Some(line())));
        }
        rest = inside.get(length + 2..).unwrap_or_default();
    }
    Ok(())
}

/// How long the expression up to `close` is; `None` when it holds what is not let in or never ends.
fn expression(inside: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in inside.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            // What follows could hide the end of the text from this walk.
            Some(_) if letter == '\\' => return None,
            Some(_) => {}
            None if inside.get(at..).is_some_and(|rest| rest.starts_with(close)) => return Some(at),
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter.is_alphanumeric() || letter.is_whitespace() || "_=!<>()-".contains(letter) => {}
            None => return None,
        }
    }
    None
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Takes at most `max` bytes.
struct Capped {
    text: Vec<u8>,
    max: usize,
    full: bool,
}

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > self.max {
            self.full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const STATEMENTS: [&str; 4] = ["if", "elif", "else", "endif"];
/// Far more steps than a template of the accepted size takes without loops.
const FUEL: u64 = 50_000;
const EXPRESSION_MAX: usize = 512;
const BRANCHES_MAX: usize = 128;
