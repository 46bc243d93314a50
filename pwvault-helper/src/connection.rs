//! One client from its greeting to its end. What it opened is its own, and is closed and wiped with it.

use std::io::{self, ErrorKind, Read, Write};

use pwvault::{Code, Fault, Handles, guarded};
use serde_json::json;

use crate::frame::{self, Act, Answer, Ended, Header, PROTOCOL, Request, fault};

/// Serves a client until it leaves. `on_greeting` runs once it has greeted; before that, reading may time out.
///
/// # Errors
/// A line on what it did wrong.
pub(crate) fn serve(
    mut input: impl Read,
    mut output: impl Write,
    on_greeting: impl Fn() -> io::Result<()>,
) -> Result<(), String> {
    let handles = Handles::new();
    let mut greeted = false;
    loop {
        let request = match frame::read(&mut input) {
            Ok(request) => request,
            Err(Ended::Gone) => return Ok(()),
            Err(Ended::Broken(error)) if !greeted && error.kind() == ErrorKind::WouldBlock => {
                return end(output, 0, &fault(Code::State, "the client did not greet in time"));
            }
            Err(Ended::Broken(error)) => return Err(format!("the client left in the middle of a request: {error}")),
            Err(Ended::Malformed(fault)) => return end(output, 0, &fault),
        };
        let number = request.header.request;
        if !greeted {
            if let Err(fault) = greet(&request.header) {
                return end(output, number, &fault);
            }
            on_greeting().map_err(|error| format!("the client's connection failed: {error}"))?;
            greeted = true;
        }
        let answer = guarded(|| answer(&handles, request));
        frame::write(&mut output, number, answer.as_ref(), false)
            .map_err(|error| format!("the client took no reply: {error}"))?;
    }
}

/// Tells a client why it is not served, and ends.
///
/// # Errors
/// Always: the same, as a line.
pub(crate) fn end(output: impl Write, request: u64, fault: &Fault) -> Result<(), String> {
    match frame::write(output, request, Err(fault), true) {
        Ok(()) => Err(fault.message.clone()),
        Err(error) => Err(format!("{}; it took no reply: {error}", fault.message)),
    }
}

/// The first request says which protocol the client speaks.
fn greet(header: &Header) -> Result<(), Fault> {
    match (header.act, header.protocol) {
        (Act::Hello, Some(PROTOCOL)) => Ok(()),
        (Act::Hello, _) => Err(fault(
            Code::State,
            format!(
                "this is pwvault-helper {}, which speaks protocol {PROTOCOL}, and the client does not",
                pwvault::VERSION
            ),
        )),
        _ => Err(fault(Code::State, "the first request of a connection is `hello` with the protocol")),
    }
}

fn answer(handles: &Handles, request: Request) -> Result<Answer, Fault> {
    let Request { header, document, secrets } = request;
    let Header { act, protocol, target, operation, .. } = header;
    if matches!(act, Act::Hello | Act::Close | Act::CloseAll) && !(document.is_empty() && secrets.is_empty()) {
        return Err(fault(Code::InvalidArgument, "this request has neither a document nor secrets"));
    }
    match (act, protocol, target, operation) {
        (Act::Hello, Some(_), None, None) => {
            let versions =
                json!({ "protocol": PROTOCOL, "library": pwvault::VERSION, "abi": pwvault::c::pwv_abi_version() });
            Ok(Answer { document: versions.to_string().into_bytes(), ..Answer::default() })
        }
        (Act::Open, None, None, None) => opened(handles.open(&document, secrets)?),
        (Act::Session, None, Some(vault), None) => opened(handles.session(vault, &document, secrets)?),
        (Act::Call, None, Some(target), Some(name)) => {
            let reply = handles.call(target, &name, &document, secrets)?;
            Ok(Answer { handle: None, document: reply.document, secrets: reply.secrets })
        }
        (Act::Close, None, Some(handle), None) => {
            handles.close(handle);
            Ok(Answer::default())
        }
        (Act::CloseAll, None, None, None) => {
            handles.close_all();
            Ok(Answer::default())
        }
        _ => Err(fault(Code::InvalidArgument, "the header lacks a key of this request, or has one of another")),
    }
}

fn opened(handle: u64) -> Result<Answer, Fault> {
    Ok(Answer { handle: Some(handle), ..Answer::default() })
}
