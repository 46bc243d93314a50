//! One question to a host and its answer, held against what every answer must be. Whatever the host does,
//! it comes out as a value or as a [`Refusal`], never as a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};

use super::{Host, HostFailure, HostReply};
use crate::fork;

/// Why a question got no answer: the host said so, or what it gave is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message}")]
pub(crate) struct Refusal {
    operation: &'static str,
    /// What the host named it; `bad_answer` for an answer that is none.
    pub(super) name: String,
    /// What was wrong.
    pub(super) message: String,
    /// Facts of the host, as JSON.
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn bad(operation: &'static str, problem: impl std::fmt::Display) -> Self {
        let message = format!("the host's answer is refused: {problem}");
        Self { operation, name: BAD_ANSWER.to_owned(), message, detail: String::new() }
    }

    fn said(operation: &'static str, HostFailure::Fault { name, message, detail }: HostFailure) -> Self {
        let detail = if detail.len() > TEXT_MAX { String::new() } else { detail };
        Self { operation, name: plain(&name), message: plain(&message), detail }
    }
}

/// A place in a document where bytes travel beside it: `{"$payload": 0}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payload {
    #[serde(rename = "$payload")]
    place: usize,
}

/// The bytes beside a document.
#[derive(Default)]
pub(super) struct Payloads(Vec<Option<Vec<u8>>>);

impl Payloads {
    /// Puts bytes beside the document.
    pub(super) fn put(&mut self, bytes: Vec<u8>) -> Payload {
        self.0.push(Some(bytes));
        Payload { place: self.0.len() - 1 }
    }

    /// Takes the bytes that a document names; each can be taken once.
    pub(super) fn take(&mut self, payload: Payload) -> Result<Vec<u8>, &'static str> {
        self.0.get_mut(payload.place).and_then(Option::take).ok_or("a payload that it names is missing or taken twice")
    }

    fn into_bytes(self) -> Vec<Vec<u8>> {
        self.0.into_iter().flatten().collect()
    }

    fn all_taken(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

/// Asks a host and reads its answer with `read`, which takes every payload.
pub(super) fn ask<Q: Serialize, A: DeserializeOwned, T>(
    host: &Arc<dyn Host>,
    operation: &'static str,
    question: &Q,
    payloads: Payloads,
    read: impl FnOnce(A, &mut Payloads) -> Result<T, &'static str>,
) -> Result<T, Refusal> {
    let document = serde_json::to_string(question).map_err(|_| Refusal::bad(operation, "it could not be asked"))?;
    let payloads = payloads.into_bytes();
    let call = || catch_unwind(AssertUnwindSafe(|| host.call(operation.to_owned(), document, payloads)));
    let answer = fork::outside(call);
    fork::stop_if_cut();
    let HostReply { document, payloads } = match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(failure)) => return Err(Refusal::said(operation, failure)),
        Err(_) => return Err(Refusal::said(operation, HostFailure::unexpected())),
    };
    if document.is_empty() {
        return Err(Refusal::bad(operation, "it is empty"));
    }
    if document.len() > DOCUMENT_MAX || payloads.len() > PAYLOADS_MAX {
        return Err(Refusal::bad(operation, "it is too large"));
    }
    let answer = crate::ops::read_document(document.as_bytes(), Vec::new())
        .map_err(|fault| Refusal::bad(operation, fault.message.replace("the arguments", "the document")))?;
    let mut payloads = Payloads(payloads.into_iter().map(Some).collect());
    let read = read(answer, &mut payloads).map_err(|problem| Refusal::bad(operation, problem))?;
    if !payloads.all_taken() {
        return Err(Refusal::bad(operation, "a payload came that it does not name"));
    }
    Ok(read)
}

/// A key that must be there, also when its value is `null`.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// A question without content.
#[derive(Serialize)]
pub(super) struct Nothing {}

/// An answer that says no more than that it was done.
#[derive(Deserialize)]
pub(super) struct Done {
    done: bool,
}

/// Reads a [`Done`] that says so.
pub(super) fn done(answer: Done, _: &mut Payloads) -> Result<(), &'static str> {
    if answer.done { Ok(()) } else { Err("it does not say that it was done") }
}

/// A host's words without line breaks and the like, and not without end.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TEXT_MAX).collect()
}

pub(super) const BAD_ANSWER: &str = "bad_answer";
const DOCUMENT_MAX: usize = 64 << 20;
const PAYLOADS_MAX: usize = 1 << 20;
const TEXT_MAX: usize = 500;
