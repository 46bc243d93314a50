//! One catalogue: Fluent messages of one locale.

use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource};
use fluent_syntax::serializer;

use super::error::TranslateError;
use super::locale::Locale;

pub(super) struct Catalogue {
    resource: Arc<FluentResource>,
    bundle: FluentBundle<Arc<FluentResource>>,
}

impl Catalogue {
    /// Parses a catalogue that has been kept to its bounds.
    pub(super) fn parse(locale: &Locale, text: String) -> Result<Self, TranslateError> {
        let resource = FluentResource::try_new(text).map_err(|(resource, faults)| {
            let at = faults.first().map_or(0, |fault| fault.pos.start);
            let before = resource.source().as_bytes().iter().take(at);
            TranslateError::Syntax { line: 1 + before.filter(|byte| **byte == b'\n').count() }
        })?;
        let resource = Arc::new(resource);
        let mut bundle = FluentBundle::new_concurrent(vec![locale.identifier()]);
        // Marks of direction would end up in log lines and mail subjects.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(Arc::clone(&resource));
        Ok(Self { resource, bundle })
    }

    /// Its messages, in their order.
    pub(super) fn messages(&self) -> impl Iterator<Item = &Message<&str>> {
        self.resource.entries().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            _ => None,
        })
    }

    /// Everything in it, comments too.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry<&str>> {
        self.resource.entries()
    }

    pub(super) fn pattern(&self, key: &str) -> Option<&Pattern<&str>> {
        self.bundle.get_message(key).and_then(|message| message.value())
    }

    /// The message in words; `None` when the catalogue lacks it or it lacks an argument.
    pub(super) fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let mut faults = Vec::new();
        let text = self.bundle.format_pattern(self.pattern(key)?, Some(args), &mut faults).into_owned();
        faults.is_empty().then_some(text)
    }
}

/// A message as Fluent text.
pub(super) fn text_of(message: &Message<&str>) -> String {
    serializer::serialize(&Resource { body: vec![Entry::Message(message.clone())] })
}

/// The names of the placeholders of a pattern, sorted; `None` when it uses more than text,
/// placeholders and selections.
pub(super) fn placeholders<'p>(pattern: &Pattern<&'p str>) -> Option<Vec<&'p str>> {
    let mut names = Vec::new();
    collect(pattern, &mut names).then(|| {
        names.sort_unstable();
        names.dedup();
        names
    })
}

fn collect<'p>(pattern: &Pattern<&'p str>, names: &mut Vec<&'p str>) -> bool {
    pattern.elements.iter().all(|element| match element {
        PatternElement::TextElement { .. } => true,
        PatternElement::Placeable { expression: Expression::Inline(inline) } => collect_inline(inline, names),
        PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
            collect_inline(selector, names) && variants.iter().all(|variant| collect(&variant.value, names))
        }
    })
}

fn collect_inline<'p>(inline: &InlineExpression<&'p str>, names: &mut Vec<&'p str>) -> bool {
    match inline {
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => true,
        InlineExpression::VariableReference { id } => {
            names.push(id.name);
            true
        }
        _ => false,
    }
}
