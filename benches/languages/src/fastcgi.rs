//! A client of FastCGI: asks for a page as a web server does, over a connection of its own each time.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use pwvault_contest::race::{Contender, each};

use crate::Fallible;

/// A page behind a socket, and how its answer must end.
pub struct Page {
    socket: PathBuf,
    parameters: Vec<u8>,
    expected: String,
}

impl Page {
    pub fn new(socket: &Path, script: &Path, query: &str, expected: &str) -> Fallible<Self> {
        let script = script.to_str().ok_or("the path of a page is no UTF-8")?;
        let mut parameters = Vec::new();
        for (name, value) in [
            ("SCRIPT_FILENAME", script),
            ("SCRIPT_NAME", "/page.php"),
            ("REQUEST_METHOD", "GET"),
            ("REQUEST_URI", "/page.php"),
            ("QUERY_STRING", query),
            ("SERVER_PROTOCOL", "HTTP/1.1"),
        ] {
            for length in [name.len(), value.len()] {
                parameters.extend_from_slice(&(u32::try_from(length)? | 1 << 31).to_be_bytes());
            }
            parameters.extend_from_slice(name.as_bytes());
            parameters.extend_from_slice(value.as_bytes());
        }
        Ok(Self { socket: socket.to_owned(), parameters, expected: expected.to_owned() })
    }

    /// A request, from connecting to the last byte of the answer.
    pub fn contender(&self) -> Contender<'_> {
        each(|| {
            let answer = self.ask().expect("php-fpm answers");
            let end = self.expected.as_bytes();
            assert!(answer.ends_with(end), "expected {}, found {}", self.expected, String::from_utf8_lossy(&answer));
        })
    }

    fn ask(&self) -> Fallible<Vec<u8>> {
        let mut stream = UnixStream::connect(&self.socket)?;
        let mut request = Vec::new();
        let begin = [0, RESPONDER, 0, 0, 0, 0, 0, 0];
        for (kind, content) in
            [(BEGIN_REQUEST, begin.as_slice()), (PARAMS, &self.parameters), (PARAMS, &[]), (STDIN, &[])]
        {
            let [high, low] = u16::try_from(content.len())?.to_be_bytes();
            request.extend_from_slice(&[VERSION, kind, 0, 1, high, low, 0, 0]);
            request.extend_from_slice(content);
        }
        stream.write_all(&request)?;
        let mut received = Vec::new();
        stream.read_to_end(&mut received)?;
        let (mut rest, mut answer) = (received.as_slice(), Vec::new());
        while let Some((&[_, kind, _, _, high, low, padding, _], content)) = rest.split_first_chunk() {
            let length = usize::from(u16::from_be_bytes([high, low]));
            // What PHP says on stderr has no place here, and shows itself as another end.
            if kind == STDOUT || kind == STDERR {
                answer.extend_from_slice(&content[..length]);
            }
            rest = &content[length + usize::from(padding)..];
        }
        Ok(answer)
    }
}

const VERSION: u8 = 1;
const BEGIN_REQUEST: u8 = 1;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const STDOUT: u8 = 6;
const STDERR: u8 = 7;
const RESPONDER: u8 = 1;
