//! Requests and answers of HTTP/1.1, one for each connection, within bounds: the head and the body have
//! at most so many bytes, and a request arrives within a few seconds or not at all.
//!
//! Heads are parsed by `httparse`, the parser of hyper. A body has a `Content-Length`; other encodings are
//! refused. See decision 074 for why this is no asynchronous server.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// Most bytes of a request's head.
const MOST_HEAD: usize = 16 << 10;
/// Most headers.
const MOST_HEADERS: usize = 64;
/// Most bytes of a body.
pub(crate) const MOST_BODY: usize = 64 << 10;
/// Longest time in which a request arrives.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes that are read and forgotten after a refusal, so that the other side reads the answer.
const MOST_FORGOTTEN: u64 = 1 << 20;

/// What headers every answer has: nothing is loaded from elsewhere, shown in a frame, or kept.
const HEADERS: &str = "\
Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r
X-Content-Type-Options: nosniff\r
X-Frame-Options: DENY\r
Referrer-Policy: no-referrer\r
Cross-Origin-Opener-Policy: same-origin\r
Cross-Origin-Resource-Policy: same-origin\r
Cache-Control: no-store\r
Connection: close\r
";

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HttpRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl HttpRequest {
    /// The value of a header; none where it is given twice or not at all.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(own, _)| own == name);
        let value = values.next().map(|(_, value)| value.as_str());
        value.filter(|_| values.next().is_none())
    }

    /// Whether a header is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(own, _)| own == name)
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl HttpResponse {
    /// An answer with a status and a sentence.
    pub(crate) fn text(status: u16, text: &str) -> HttpResponse {
        HttpResponse {
            status,
            content_type: "text/plain; charset=utf-8",
            body: format!("{text}\n").into_bytes(),
        }
    }
}

/// Why a request could not be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// It is no request, or too large: this is the answer.
    Refused(HttpResponse),
    /// The other side closed the connection, or was too slow.
    Gone,
}

fn refused(status: u16, text: &str) -> ReadError {
    ReadError::Refused(HttpResponse::text(status, text))
}

/// Reads a request from a connection.
///
/// # Errors
/// [`ReadError`].
pub(crate) fn read_request(stream: &TcpStream) -> Result<HttpRequest, ReadError> {
    let deadline = Instant::now() + PATIENCE;
    let mut timed = TimedStream { stream, deadline };
    let mut bytes = Vec::with_capacity(2048);
    loop {
        if let Some((mut request, length, head)) = parse_head(&bytes)? {
            let mut body = bytes.split_off(head);
            if body.len() > length {
                return Err(refused(400, "the body is longer than its Content-Length"));
            }
            let mut rest = vec![0; length - body.len()];
            timed.read_exact(&mut rest).map_err(|_| ReadError::Gone)?;
            body.append(&mut rest);
            request.body = body;
            return Ok(request);
        }
        if bytes.len() >= MOST_HEAD {
            return Err(refused(431, "the head of the request is too large"));
        }
        let mut buffer = [0; 2048];
        match timed.read(&mut buffer) {
            Ok(0) | Err(_) => return Err(ReadError::Gone),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

/// A request without its body, the length of the body, and that of the head; none where the head is not
/// complete.
fn parse_head(bytes: &[u8]) -> Result<Option<(HttpRequest, usize, usize)>, ReadError> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let head = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(refused(431, "the request has too many headers"));
        }
        Err(_) => return Err(refused(400, "this is no request of HTTP/1.1")),
    };
    let (Some(method), Some(path)) = (parsed.method, parsed.path) else {
        return Ok(None);
    };
    let header = |header: &httparse::Header<'_>| {
        let value = String::from_utf8_lossy(header.value).into_owned();
        (header.name.to_ascii_lowercase(), value)
    };
    let request = HttpRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: parsed.headers.iter().map(header).collect(),
        body: Vec::new(),
    };
    if request.has("transfer-encoding") {
        return Err(refused(501, "a body needs a Content-Length"));
    }
    let length = match request.header("content-length") {
        None if request.has("content-length") => {
            return Err(refused(400, "Content-Length is given twice"));
        }
        None => 0,
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().unwrap_or(usize::MAX)
        }
        Some(_) => return Err(refused(400, "Content-Length is no number")),
    };
    if length > MOST_BODY {
        return Err(refused(413, "the body is too large"));
    }
    Ok(Some((request, length, head)))
}

/// A connection that is read until a point in time.
struct TimedStream<'s> {
    stream: &'s TcpStream,
    deadline: Instant,
}

impl Read for TimedStream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

/// Sends an answer. What cannot be sent is lost: the other side is gone.
pub(crate) fn send(stream: &TcpStream, response: &HttpResponse) {
    let _ = write_response(stream, response);
    let _ = stream.shutdown(Shutdown::Write);
    // A connection that is closed with unread bytes takes the answer with it.
    let deadline = Instant::now() + PATIENCE;
    let timed = TimedStream { stream, deadline };
    let _ = io::copy(&mut timed.take(MOST_FORGOTTEN), &mut io::sink());
}

fn write_response(mut stream: &TcpStream, response: &HttpResponse) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let head = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{HEADERS}\r\n",
        response.status,
        reason(response.status),
        response.content_type,
        response.body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&response.body)
}

/// The phrase of a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}
