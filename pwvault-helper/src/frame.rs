//! Frames: how requests and replies lie on the wire. Knows no operation.
//!
//! A frame is three lengths of four bytes each, big-endian, and then what they measure: a header, a
//! document, and all secrets one after another.

use std::io::{self, ErrorKind, Read, Write};

use pwvault::{Code, Fault};
use pwvault_core::SecretBytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of this protocol. Rises with every change that breaks a client.
pub(crate) const PROTOCOL: u32 = 1;

/// The header of a request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// The client's own number of it; the reply repeats it.
    pub(crate) request: u64,
    #[serde(rename = "do")]
    pub(crate) act: Act,
    /// The protocol that the client speaks, in `hello`.
    pub(crate) protocol: Option<u32>,
    /// The handle it is about.
    pub(crate) target: Option<u64>,
    /// The name of the operation, in `call`.
    pub(crate) operation: Option<String>,
    /// The length of each secret, in bytes.
    #[serde(default)]
    secrets: Vec<u32>,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    Hello,
    Open,
    Session,
    Call,
    Close,
    CloseAll,
}

/// A request as it came.
pub(crate) struct Request {
    pub(crate) header: Header,
    pub(crate) document: Vec<u8>,
    pub(crate) secrets: Vec<SecretBytes>,
}

/// Why no request came.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The client is gone, between two requests.
    Gone,
    /// The client is gone in the middle of a request, or the connection broke.
    Broken(io::Error),
    /// The client does not speak this protocol. Where its next request begins is unknown.
    Malformed(Fault),
}

/// What a request came to.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) handle: Option<u64>,
    pub(crate) document: Vec<u8>,
    pub(crate) secrets: Vec<SecretBytes>,
}

/// The header of a reply.
#[derive(Serialize)]
struct ReplyHeader {
    request: u64,
    status: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    handle: Option<u64>,
    #[serde(rename = "final", skip_serializing_if = "std::ops::Not::not")]
    last: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<usize>,
}

/// Reads a request.
pub(crate) fn read(mut input: impl Read) -> Result<Request, Ended> {
    let [header, document, secrets] = lengths(&mut input)?;
    for (part, length, most) in
        [("header", header, HEADER_MAX), ("document", document, PART_MAX), ("secrets", secrets, PART_MAX)]
    {
        if length > most {
            return Err(malformed(format!("the {part} of a request has at most {most} bytes, not {length}")));
        }
    }
    let header: Header = serde_json::from_slice(&part(&mut input, header)?)
        .map_err(|_| malformed("the header of a request is a JSON object as in pwvault-helper/README.md"))?;
    if header.secrets.len() > SECRETS_MAX
        || header.secrets.iter().map(|length| u64::from(*length)).sum::<u64>() != u64::from(secrets)
    {
        return Err(malformed(format!(
            "the lengths of at most {SECRETS_MAX} secrets add up to the length of the frame's third part"
        )));
    }
    let document = part(&mut input, document)?;
    let secrets = header.secrets.iter().map(|length| part(&mut input, *length).map(SecretBytes::new));
    let secrets = secrets.collect::<Result<_, _>>()?;
    Ok(Request { header, document, secrets })
}

/// Writes the reply to request number `request`. After one that is `last` the connection ends.
pub(crate) fn write(
    mut output: impl Write,
    request: u64,
    answer: Result<&Answer, &Fault>,
    last: bool,
) -> io::Result<()> {
    let (status, handle, secrets) = match answer {
        Ok(answer) => (0, answer.handle, answer.secrets.as_slice()),
        Err(fault) => (fault.code as i32, None, [].as_slice()),
    };
    let fault = answer.err().map(|fault| serde_json::to_vec(&fault.to_json())).transpose()?;
    let document = answer.map_or(fault.as_deref().unwrap_or_default(), |answer| &answer.document);
    let lengths: Vec<usize> = secrets.iter().map(SecretBytes::len).collect();
    let total = lengths.iter().sum();
    let header = serde_json::to_vec(&ReplyHeader { request, status, handle, last, secrets: lengths })?;
    let mut frame = Vec::with_capacity(PREFIX + header.len() + document.len());
    for length in [header.len(), document.len(), total] {
        let length = u32::try_from(length).map_err(|_| io::Error::other("a reply is too long for a frame"))?;
        frame.extend(length.to_be_bytes());
    }
    frame.extend(header);
    frame.extend(document);
    output.write_all(&frame)?;
    for secret in secrets {
        output.write_all(secret.expose())?;
    }
    output.flush()
}

fn lengths(mut input: impl Read) -> Result<[u32; 3], Ended> {
    let mut first = [0];
    // The first byte on its own: a client may leave before it, and not after.
    loop {
        match input.read(&mut first) {
            Ok(0) => return Err(Ended::Gone),
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Ended::Broken(error)),
        }
    }
    let mut rest = [0; PREFIX - 1];
    input.read_exact(&mut rest).map_err(Ended::Broken)?;
    let [a] = first;
    let [b, c, d, e, f, g, h, i, j, k, l] = rest;
    Ok([[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(u32::from_be_bytes))
}

/// Reads so many bytes. Memory grows with what comes, not with what was announced.
fn part(input: &mut impl Read, length: u32) -> Result<Vec<u8>, Ended> {
    let mut bytes = Vec::new();
    let read = input.by_ref().take(u64::from(length)).read_to_end(&mut bytes).map_err(Ended::Broken)?;
    if read == usize::try_from(length).unwrap_or(usize::MAX) {
        return Ok(bytes);
    }
    Err(Ended::Broken(ErrorKind::UnexpectedEof.into()))
}

fn malformed(message: impl Into<String>) -> Ended {
    Ended::Malformed(fault(Code::InvalidArgument, message))
}

pub(crate) fn fault(code: Code, message: impl Into<String>) -> Fault {
    Fault { code, message: message.into(), detail: Value::Null }
}

const PREFIX: usize = 12;
const HEADER_MAX: u32 = 1 << 20;
const PART_MAX: u32 = 64 << 20;
const SECRETS_MAX: usize = 65_536;
