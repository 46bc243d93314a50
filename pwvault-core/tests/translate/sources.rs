//! Reads the sources: which enums are errors, which `messages!` there are, what each key takes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One arm of a `messages!`.
pub struct Arm {
    pub file: String,
    pub owner: String,
    /// The first variant its pattern names; empty for a struct.
    pub variant: String,
    pub key: String,
    pub args: Vec<String>,
}

/// An `enum` or `struct` that derives `thiserror::Error`.
pub struct ErrorItem {
    pub file: String,
    pub name: String,
    /// The words of each `#[error("...")]`, by variant; by the empty name for a struct.
    pub words: BTreeMap<String, String>,
}

#[derive(Default)]
pub struct Sources {
    pub arms: Vec<Arm>,
    /// Every type with a `messages!` or an `impl Message for`.
    pub speaking: Vec<String>,
    pub errors: Vec<ErrorItem>,
    /// English prose given to `State`, `invalid`, `InUse` and `WrongAnswer`, with its file.
    pub prose: Vec<(String, String)>,
    /// Every public enum of the model, with its file.
    pub words: Vec<(String, String)>,
}

pub fn read(folder: &Path) -> Sources {
    let mut sources = Sources::default();
    visit(folder, &mut |path| {
        let tokens: TokenStream = fs::read_to_string(path).unwrap().parse().unwrap();
        let file = path.strip_prefix(folder).unwrap().display().to_string();
        // The macro itself is no message.
        if !file.contains("tests") && !file.starts_with("testing") && file != "model/message.rs" {
            scan(&file, tokens.into_iter().collect(), &mut sources);
        }
    });
    sources
}

fn visit(folder: &Path, seen: &mut dyn FnMut(&Path)) {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            visit(&path, seen);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            seen(&path);
        }
    }
}

fn scan(file: &str, tokens: Vec<TokenTree>, sources: &mut Sources) {
    let word = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
    let (mut is_error, mut own_words) = (false, None);
    for (at, token) in tokens.iter().enumerate() {
        match (token, word(at).as_str()) {
            (TokenTree::Group(group), text) if word(at.wrapping_sub(1)) == "#" => {
                is_error |= text.replace(' ', "").contains("thiserror::Error");
                own_words = error_words(group.stream()).or(own_words);
                continue;
            }
            (_, "enum") if !is_error && file.starts_with("model") && word(at.wrapping_sub(1)) == "pub" => {
                sources.words.push((file.to_owned(), word(at + 1)));
            }
            (_, "struct" | "enum") if is_error => {
                let mut words = BTreeMap::new();
                words.extend(own_words.take().map(|words| (String::new(), words)));
                if let Some(TokenTree::Group(body)) = tokens.get(at + 2) {
                    variants(body.stream(), &mut words);
                }
                sources.errors.push(ErrorItem { file: file.to_owned(), name: word(at + 1), words });
                is_error = false;
            }
            (_, "Message") if word(at + 1) == "for" && word(at.wrapping_sub(1)) == "impl" => {
                sources.speaking.push(word(at + 2));
            }
            (TokenTree::Group(group), _) if word(at.wrapping_sub(2)) == "messages" && word(at - 1) == "!" => {
                messages(file, group.stream(), sources);
                continue;
            }
            // A test in the file itself.
            (TokenTree::Group(_), _) if word(at.wrapping_sub(2)) == "mod" && word(at - 1) == "tests" => continue,
            (TokenTree::Group(group), _) if group.delimiter() == Delimiter::Parenthesis => {
                let argument = match word(at.wrapping_sub(1)).as_str() {
                    "State" => Some(0),
                    "invalid" => Some(1),
                    "wrong_answer" => Some(0),
                    "entries_of" => Some(1),
                    _ => None,
                };
                let literal = argument.and_then(|number| prose(group.stream(), number));
                sources.prose.extend(literal.map(|text| (file.to_owned(), text)));
            }
            (TokenTree::Literal(_), _) if word(at.wrapping_sub(1)) == ":" && word(at.wrapping_sub(2)) == "what" => {
                let ours = file.starts_with("vault");
                sources.prose.extend(string(token).filter(|_| ours).map(|text| (file.to_owned(), text)));
            }
            (_, "rule" | "loss") if word(at + 1) == "=" && word(at.wrapping_sub(1)) == "let" => {
                let rest: TokenStream = tokens.iter().skip(at + 2).cloned().collect();
                sources.prose.extend(prose(rest, 0).map(|text| (file.to_owned(), text)));
            }
            _ => {}
        }
        if let TokenTree::Group(group) = token {
            scan(file, group.stream().into_iter().collect(), sources);
        }
    }
}

/// The literal, or the literal of the `format!`, that begins argument `number`.
fn prose(arguments: TokenStream, number: usize) -> Option<String> {
    let tokens: Vec<_> = arguments.into_iter().collect();
    let argument = tokens.split(|token| token.to_string() == ",").nth(number)?;
    match (argument.first()?, argument.get(2)) {
        (TokenTree::Ident(name), Some(TokenTree::Group(group))) if name == "format" => {
            string(&group.stream().into_iter().next()?)
        }
        (first, _) => string(first),
    }
}

fn variants(body: TokenStream, words: &mut BTreeMap<String, String>) {
    let (mut next, mut at_name) = (None, false);
    for token in body {
        match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                next = error_words(group.stream()).or(next);
                at_name = true;
            }
            TokenTree::Ident(name) if at_name => {
                words.extend(next.take().map(|text| (name.to_string(), text)));
                at_name = false;
            }
            _ => {}
        }
    }
}

/// The text of `error("...")`.
fn error_words(attribute: TokenStream) -> Option<String> {
    let tokens: Vec<_> = attribute.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name), TokenTree::Group(group)] if name == "error" => {
            string(&group.stream().into_iter().next()?)
        }
        _ => None,
    }
}

fn string(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    let text = literal.to_string();
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut joined = String::new();
    for (at, part) in text.split("\\\n").enumerate() {
        joined.push_str(if at == 0 { part } else { part.trim_start() });
    }
    Some(joined.replace("\\\"", "\""))
}

fn messages(file: &str, block: TokenStream, sources: &mut Sources) {
    let tokens: Vec<_> = block.into_iter().collect();
    let [owner @ .., TokenTree::Group(body)] = tokens.as_slice() else { panic!("{file}: a messages! without a body") };
    let owner: String = owner.iter().map(ToString::to_string).collect();
    sources.speaking.push(owner.clone());
    let (mut variant, mut after_self) = (None::<String>, false);
    let body: Vec<_> = body.stream().into_iter().collect();
    for (at, token) in body.iter().enumerate() {
        match token {
            TokenTree::Ident(name) if name == "Self" => (variant, after_self) = (None, true),
            TokenTree::Ident(name) if after_self => (variant, after_self) = (Some(name.to_string()), false),
            TokenTree::Group(_) => after_self = false,
            TokenTree::Literal(_) if is_arrow(&body, at) => {
                let args = match body.get(at + 1) {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => names(group.stream()),
                    _ => Vec::new(),
                };
                let (key, variant) = (string(token).unwrap(), variant.clone().unwrap_or_default());
                sources.arms.push(Arm { file: file.to_owned(), owner: owner.clone(), variant, key, args });
            }
            _ => {}
        }
    }
}

fn is_arrow(tokens: &[TokenTree], at: usize) -> bool {
    let punct = |at: usize, wanted: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == wanted);
    let joint = matches!(tokens.get(at.wrapping_sub(2)), Some(TokenTree::Punct(p)) if p.spacing() == Spacing::Joint);
    punct(at.wrapping_sub(1), '>') && punct(at.wrapping_sub(2), '=') && joint
}

/// The names that begin the parts of `[found, max = expression]`.
fn names(list: TokenStream) -> Vec<String> {
    let tokens: Vec<_> = list.into_iter().collect();
    tokens.split(|token| token.to_string() == ",").filter_map(|part| Some(part.first()?.to_string())).collect()
}
