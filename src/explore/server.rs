//! The server of the page: what it gives, to whom, and how much at a time.
//!
//! It listens on the loopback address only. Every address begins with a random token, `Host` must be this
//! server (so that no other name leads here), and what simulates must come from the page itself (`Origin`).

use super::answer::{AnswerError, ControlError, ExploreRequest, answer, copied};
use super::controls::page_description;
use super::http::{HttpRequest, HttpResponse, ReadError, read_request, send};
use crate::error::Error;
use crate::runner::CancelToken;
use crate::scenario::Scenario;
use rand::TryRng;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The page.
const PAGE: &[(&str, &str, &str)] = &[
    (
        "",
        "text/html; charset=utf-8",
        include_str!("page/index.html"),
    ),
    (
        "explore.js",
        "text/javascript; charset=utf-8",
        include_str!("page/explore.js"),
    ),
    (
        "explore.css",
        "text/css; charset=utf-8",
        include_str!("page/explore.css"),
    ),
];
/// Couples that the page begins with, where the scenario has more.
const INITIAL_COUPLES: u64 = 1_000;
/// Most connections at a time.
const MOST_CONNECTIONS: usize = 64;
/// Most pages whose latest request is remembered.
const MOST_SESSIONS: usize = 64;
/// Longest name of a session.
const LONGEST_SESSION: usize = 64;
/// Time between two looks at whether the server is to end.
const END_INTERVAL: Duration = Duration::from_millis(50);

/// A server of the interactive page of a scenario, on this machine's loopback address.
///
/// ```no_run
/// use pairbond::{CancelToken, Explorer, Scenario};
///
/// let explorer = Explorer::bind(&Scenario::default(), None)?;
/// println!("{}", explorer.address());
/// explorer.serve(&CancelToken::default())?;
/// # Ok::<(), pairbond::Error>(())
/// ```
#[derive(Debug)]
pub struct Explorer {
    listener: TcpListener,
    service: Arc<PageService>,
}

impl Explorer {
    /// Listens on a port of the loopback address, or on a free one. A scenario's sweep, conditions and
    /// claims have no part in the page.
    ///
    /// # Errors
    /// [`Error::Listen`] if the port is taken or may not be used.
    pub fn bind(scenario: &Scenario, port: Option<u16>) -> Result<Explorer, Error> {
        let port = port.unwrap_or(0);
        let failed = |source| Error::Listen { port, source };
        let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
        let listener = TcpListener::bind(address).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let token = random_token().map_err(failed)?;
        let service = PageService::new(scenario, port, token)?;
        Ok(Explorer {
            listener,
            service: Arc::new(service),
        })
    }

    /// The address of the page, with its token.
    pub fn address(&self) -> String {
        format!(
            "http://127.0.0.1:{}/{}/",
            self.service.port, self.service.token
        )
    }

    /// Answers requests until the token is cancelled.
    ///
    /// # Errors
    /// [`Error::Listen`] if the system takes the port away.
    pub fn serve(self, cancel: &CancelToken) -> Result<(), Error> {
        let ended = Arc::new(AtomicBool::new(false));
        let (port, service) = (self.service.port, Arc::clone(&self.service));
        let acceptor = {
            let ended = Arc::clone(&ended);
            thread::spawn(move || accept(&self.listener, &self.service, &ended))
        };
        while !cancel.is_cancelled() && !acceptor.is_finished() {
            thread::sleep(END_INTERVAL);
        }
        ended.store(true, Ordering::SeqCst);
        service.sessions().cancel_all();
        // The thread waits for a connection: this is one.
        let _ = TcpStream::connect(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port));
        match acceptor.join() {
            Ok(Err(source)) => Err(Error::Listen { port, source }),
            _ => Ok(()),
        }
    }
}

/// 128 random bits of the system, as text.
fn random_token() -> io::Result<String> {
    let mut bytes = [0; 16];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Accepts connections, each in a separate thread.
fn accept(
    listener: &TcpListener,
    service: &Arc<PageService>,
    ended: &AtomicBool,
) -> io::Result<()> {
    let open = Arc::new(AtomicUsize::new(0));
    loop {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            // The other side went away, or too many files are open for the moment.
            Err(error) if is_passing(&error) => {
                thread::sleep(END_INTERVAL);
                continue;
            }
            Err(error) => return Err(error),
        };
        if ended.load(Ordering::SeqCst) {
            return Ok(());
        }
        let connection = OpenConnection::new(&open);
        if open.load(Ordering::SeqCst) > MOST_CONNECTIONS {
            continue;
        }
        let service = Arc::clone(service);
        let spawned = thread::Builder::new().spawn(move || {
            let _connection = connection;
            match read_request(&stream) {
                Ok(request) => send(&stream, &service.respond(&request)),
                Err(ReadError::Refused(response)) => send(&stream, &response),
                Err(ReadError::Gone) => {}
            }
        });
        if spawned.is_err() {
            thread::sleep(END_INTERVAL);
        }
    }
}

/// Whether accepting may succeed a moment later.
fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, WouldBlock};
    /// Too many open files of the process, and of the system (POSIX).
    const MANY_FILES: [i32; 2] = [24, 23];
    let kind = error.kind();
    [ConnectionAborted, ConnectionReset, Interrupted, WouldBlock].contains(&kind)
        || error
            .raw_os_error()
            .is_some_and(|code| MANY_FILES.contains(&code))
}

/// Counts a connection as long as it is open.
struct OpenConnection(Arc<AtomicUsize>);

impl OpenConnection {
    fn new(open: &Arc<AtomicUsize>) -> OpenConnection {
        open.fetch_add(1, Ordering::SeqCst);
        OpenConnection(Arc::clone(open))
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What the server gives, without its connections.
#[derive(Debug)]
pub(crate) struct PageService {
    pub(crate) port: u16,
    pub(crate) token: String,
    /// The scenario without sweep, conditions and claims.
    scenario: Scenario,
    /// The page's description, as JSON.
    description: Vec<u8>,
    sessions: Mutex<PageSessions>,
    /// Held while a setting is simulated: one at a time has all threads.
    pub(super) simulating: Mutex<()>,
}

impl PageService {
    /// Makes the service of a scenario.
    ///
    /// # Errors
    /// Those of the scenario without its sweep, conditions and claims.
    pub(crate) fn new(scenario: &Scenario, port: u16, token: String) -> Result<PageService, Error> {
        let initial = initial_changes(scenario);
        let description = page_description(scenario, &initial).to_string();
        let has_studies = scenario.sweep_spec().is_some() || scenario.claims_spec().is_some();
        let scenario = match has_studies {
            true => Scenario::read_text(scenario.file_name(), &scenario.given_toml(), &[])?,
            false => scenario.clone(),
        };
        Ok(PageService {
            port,
            token,
            scenario,
            description: description.into_bytes(),
            sessions: Mutex::default(),
            simulating: Mutex::default(),
        })
    }

    fn sessions(&self) -> MutexGuard<'_, PageSessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the latest request of a page.
    #[cfg(test)]
    pub(super) fn latest_request(&self, session: &str) -> Option<u64> {
        let sessions = self.sessions();
        let own = sessions.0.iter().find(|own| own.name == session);
        own.map(|own| own.number)
    }

    /// Answers a request.
    pub(crate) fn respond(&self, request: &HttpRequest) -> HttpResponse {
        match self.route(request) {
            Ok(response) | Err(response) => response,
        }
    }

    fn route(&self, request: &HttpRequest) -> Result<HttpResponse, HttpResponse> {
        self.check_host(request)?;
        let name = self.check_token(request)?;
        let posted = ["run", "scenario"].contains(&name);
        match (request.method.as_str(), posted) {
            ("GET", false) => {}
            ("POST", true) => self.check_origin(request)?,
            _ => return Err(HttpResponse::text(405, "this address has no such method")),
        }
        if let Some((_, content_type, text)) = PAGE.iter().find(|(own, _, _)| *own == name) {
            return Ok(HttpResponse {
                status: 200,
                content_type,
                body: text.as_bytes().to_vec(),
            });
        }
        match name {
            "page" => Ok(json_response(200, self.description.clone())),
            "run" => Ok(self.run(request)),
            "scenario" => Ok(self.changed_scenario(request)),
            _ => Err(HttpResponse::text(404, "there is no such page")),
        }
    }

    /// The names by which this server is reached.
    fn hosts(&self) -> [String; 2] {
        ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port))
    }

    /// Refuses requests that came here by another name, as after a change of its address (DNS rebinding).
    fn check_host(&self, request: &HttpRequest) -> Result<(), HttpResponse> {
        let host = request.header("host");
        if host.is_some_and(|host| self.hosts().iter().any(|own| own == host)) {
            return Ok(());
        }
        let message = "this page is served to 127.0.0.1 and localhost at its own port only";
        Err(HttpResponse::text(403, message))
    }

    /// What follows the token in the path, without a query.
    fn check_token<'r>(&self, request: &'r HttpRequest) -> Result<&'r str, HttpResponse> {
        let path = request.path.split('?').next().unwrap_or_default();
        let mut parts = path.splitn(3, '/').skip(1);
        let (token, rest) = (parts.next().unwrap_or_default(), parts.next());
        match rest {
            Some(rest) if is_same(token, &self.token) => Ok(rest),
            _ => Err(HttpResponse::text(
                403,
                "this address lacks the token: open the address that `pairbond explore` printed",
            )),
        }
    }

    /// Refuses what does not come from this server's own page.
    fn check_origin(&self, request: &HttpRequest) -> Result<(), HttpResponse> {
        let origin = request
            .header("origin")
            .and_then(|origin| origin.strip_prefix("http://"));
        let own = origin.is_some_and(|origin| self.hosts().iter().any(|own| own == origin));
        let site = request.header("sec-fetch-site");
        let from_here = !request.has("sec-fetch-site") || site == Some("same-origin");
        if !own || !from_here {
            return Err(HttpResponse::text(
                403,
                "only the page itself may ask for this",
            ));
        }
        let kind = request
            .header("content-type")
            .map(|kind| kind.split(';').next());
        match kind.flatten().map(str::trim) {
            Some("application/json") => Ok(()),
            _ => Err(HttpResponse::text(415, "the body must be application/json")),
        }
    }

    /// Simulates what the page asks for.
    fn run(&self, request: &HttpRequest) -> HttpResponse {
        let request: ExploreRequest = match serde_json::from_slice(&request.body) {
            Ok(request) => request,
            Err(error) => return HttpResponse::text(400, &format!("no request: {error}")),
        };
        if request.session.len() > LONGEST_SESSION {
            return HttpResponse::text(400, "the name of the session is too long");
        }
        let Some(cancel) = self.sessions().start(&request.session, request.number) else {
            return superseded();
        };
        let result = {
            let _simulating = self
                .simulating
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            // A later request may have come while this one waited.
            match cancel.is_cancelled() {
                true => Err(AnswerError::Superseded),
                false => answer(&self.scenario, &request, &cancel),
            }
        };
        match result {
            Ok(answer) => json_body(200, &answer),
            Err(AnswerError::Refused(error)) => json_body(422, &error),
            Err(AnswerError::Superseded) => superseded(),
            Err(AnswerError::Failed(message)) => HttpResponse::text(500, &message),
        }
    }

    /// The scenario with changes, as the text of a file.
    fn changed_scenario(&self, request: &HttpRequest) -> HttpResponse {
        let request: CopyRequest = match serde_json::from_slice(&request.body) {
            Ok(request) => request,
            Err(error) => return HttpResponse::text(400, &format!("no request: {error}")),
        };
        match copied(&self.scenario, &request.now, request.kept.as_deref()) {
            Ok((toml, conditions)) => {
                json_body(200, &json!({ "toml": toml, "conditions": conditions }))
            }
            Err(errors) => json_body::<Vec<ControlError>>(422, &errors),
        }
    }
}

/// What is to be copied as a scenario: changes as in [`ExploreRequest`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CopyRequest {
    now: Vec<String>,
    #[serde(default)]
    kept: Option<Vec<String>>,
}

/// Changes with which the page begins, so that it follows a slider.
fn initial_changes(scenario: &Scenario) -> Vec<String> {
    let size = &scenario.config().size;
    let mut changes = Vec::new();
    if size.couples > INITIAL_COUPLES {
        changes.push(format!("run.couples={INITIAL_COUPLES}"));
    }
    if size.replicates > 1 {
        changes.push("run.replicates=1".to_owned());
    }
    changes
}

/// Whether two texts are the same, in a time that does not depend on where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).map(|(a, b)| a ^ b);
    one.len() == other.len() && differences.fold(0, |all, one| all | one) == 0
}

fn superseded() -> HttpResponse {
    HttpResponse::text(409, "a later request took the place of this one")
}

fn json_response(status: u16, body: Vec<u8>) -> HttpResponse {
    HttpResponse {
        status,
        content_type: "application/json",
        body,
    }
}

/// Numbers that are missing (NaN) become `null`.
fn json_body<T: Serialize>(status: u16, value: &T) -> HttpResponse {
    match serde_json::to_vec(value) {
        Ok(body) => json_response(status, body),
        Err(error) => HttpResponse::text(500, &error.to_string()),
    }
}

/// The latest request of each page, the oldest page first.
#[derive(Debug, Default)]
struct PageSessions(VecDeque<PageSession>);

#[derive(Debug)]
struct PageSession {
    name: String,
    number: u64,
    cancel: CancelToken,
}

impl PageSessions {
    /// Cancels the session's earlier request. Returns none where a later one has come already.
    fn start(&mut self, name: &str, number: u64) -> Option<CancelToken> {
        if let Some(place) = self.0.iter().position(|session| session.name == name) {
            if self.0[place].number >= number {
                return None;
            }
            if let Some(earlier) = self.0.remove(place) {
                earlier.cancel.cancel();
            }
        }
        if self.0.len() >= MOST_SESSIONS
            && let Some(oldest) = self.0.pop_front()
        {
            oldest.cancel.cancel();
        }
        let cancel = CancelToken::default();
        self.0.push_back(PageSession {
            name: name.to_owned(),
            number,
            cancel: cancel.clone(),
        });
        Some(cancel)
    }

    fn cancel_all(&self) {
        self.0.iter().for_each(|session| session.cancel.cancel());
    }
}
