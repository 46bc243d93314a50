//! The guard against cells that spreadsheets take for formulas. A quote mark goes before every
//! character that could start one; taking those marks off again gives back the text.
//!
//! A formula may start at the beginning of a cell, and, when the spreadsheet splits at another
//! character than the file does, after any separator or line end inside a cell.

/// Characters that start a formula, with their full-width forms.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];
/// Characters that are dropped at the start of a cell, so that what follows them starts it.
const DROPPED: [char; 3] = ['\t', '\r', '\n'];
/// Characters at which one of the usual settings starts a new cell.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\r', '\n'];

/// The most bytes [`guard`] makes of a text.
pub(super) const fn guarded_len_max(length: usize) -> usize {
    2 * length
}

/// Appends `text` to `out` with its guards.
pub(super) fn guard(text: &str, out: &mut String) {
    let mut place = Place::CellStart;
    for c in text.chars() {
        if place.starts_formula(c) {
            out.push('\'');
        }
        out.push(c);
        place = place.after(c);
    }
}

/// Appends `text` to `out` without the guards that [`guard`] put in.
pub(super) fn unguard(text: &str, out: &mut String) {
    let mut place = Place::CellStart;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' && chars.peek().is_some_and(|next| place.starts_formula(*next)) {
            continue;
        }
        out.push(c);
        place = place.after(c);
    }
}

/// Where in a cell, as any spreadsheet may see it, the next character stands.
#[derive(Clone, Copy)]
enum Place {
    /// First in the cell, but for quote marks.
    CellStart,
    /// First after a separator within the cell, but for quote marks.
    PartStart,
    Inside,
}

impl Place {
    fn starts_formula(self, c: char) -> bool {
        match self {
            Self::CellStart => FORMULA.contains(&c) || DROPPED.contains(&c),
            Self::PartStart => FORMULA.contains(&c),
            Self::Inside => false,
        }
    }

    fn after(self, c: char) -> Self {
        match (self, c) {
            (_, c) if SEPARATORS.contains(&c) => Self::PartStart,
            (place, '\'' | '"') => place,
            _ => Self::Inside,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guarded(text: &str) -> String {
        let mut out = String::new();
        guard(text, &mut out);
        out
    }

    fn unguarded(text: &str) -> String {
        let mut out = String::new();
        unguard(text, &mut out);
        out
    }

    #[test]
    fn formulas_get_a_quote_mark() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("\t=1", "'\t'=1"),
            ("\r\n=1", "'\r\n'=1"),
            ("\u{FF1D}1", "'\u{FF1D}1"),
            ("'=1", "''=1"),
            ("a;=1", "a;'=1"),
            ("a,\"@x", "a,\"'@x"),
            ("plain - text, with = signs", "plain - text, with = signs"),
            ("it's", "it's"),
            ("'", "'"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(guarded(text), expected);
            assert_eq!(unguarded(expected), text);
        }
    }

    proptest! {
        #[test]
        fn guards_come_off(text in "[-=+@'\",;\t\r\na\u{FF1D}\u{FF0B} ]{0,24}") {
            let out = guarded(&text);
            prop_assert!(out.len() <= guarded_len_max(text.len()));
            prop_assert_eq!(unguarded(&out), text);
        }
    }
}
