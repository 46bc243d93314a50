//! English prose that stands as an argument, found again in the catalogue by its words.

use std::sync::LazyLock;

use fluent_syntax::ast::{Expression, InlineExpression, PatternElement};

use super::built_in;

/// A message of the English catalogue that may stand as prose: a `text-` message, or a sentence, such
/// as an error that another one reports. As words and placeholders in turn.
struct Template {
    key: &'static str,
    pieces: Vec<Piece>,
}

enum Piece {
    Words(&'static str),
    Placeholder(&'static str),
}

static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let messages = built_in::english().into_iter().flat_map(|english| english.messages());
    let mut templates: Vec<_> = messages
        .filter_map(|message| Some(Template { key: message.id.name, pieces: pieces(message.value.as_ref()?)? }))
        .filter(|template| template.key.starts_with("text-") || template.words() >= SENTENCE)
        .collect();
    // Of two that fit, the one that says more itself.
    templates.sort_by_key(|template| std::cmp::Reverse(template.words()));
    templates
});

/// The message that reads like `prose` in English, and what stands at its placeholders.
pub(super) fn find(prose: &str) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
    TEMPLATES.iter().find_map(|template| Some((template.key, template.fit(prose)?)))
}

impl Template {
    fn words(&self) -> usize {
        let lengths = self.pieces.iter().map(|piece| match piece {
            Piece::Words(words) => words.len(),
            Piece::Placeholder(_) => 0,
        });
        lengths.sum()
    }

    fn fit<'t>(&self, prose: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
        let (mut rest, mut found, mut open) = (prose, Vec::new(), None);
        for piece in &self.pieces {
            match (piece, open.take()) {
                (Piece::Placeholder(name), None) => open = Some(*name),
                (Piece::Placeholder(_), Some(_)) => return None,
                (Piece::Words(words), None) => rest = rest.strip_prefix(words)?,
                (Piece::Words(words), Some(name)) => {
                    let (value, after) = rest.split_once(words)?;
                    found.push((name, value));
                    rest = after;
                }
            }
        }
        match open {
            Some(name) => found.push((name, rest)),
            None if !rest.is_empty() => return None,
            None => {}
        }
        found.iter().all(|(_, value)| !value.is_empty()).then_some(found)
    }
}

fn pieces(pattern: &fluent_syntax::ast::Pattern<&'static str>) -> Option<Vec<Piece>> {
    let pieces = pattern.elements.iter().map(|element| match element {
        PatternElement::TextElement { value } => Some(Piece::Words(value)),
        PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
            Some(Piece::Placeholder(id.name))
        }
        PatternElement::Placeable { .. } => None,
    });
    pieces.collect()
}

/// From how many bytes of its own words on a message is a sentence and no mere name.
const SENTENCE: usize = 16;
