//! `pairbond explore`: what it prints, how it ends, and what it refuses. The page itself is tested in a
//! browser (`.ci/run explore`).

use crate::test_support::Sandbox;
#[cfg(unix)]
use crate::test_support::send;
use std::net::TcpListener;

#[cfg(unix)]
#[test]
fn the_page_is_served_until_it_is_interrupted() {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::Stdio;

    let sandbox = Sandbox::new();
    let words = ["explore", "small.toml", "--no-open", "--set", "run.days=12"];
    let mut command = sandbox.command(&words);
    let started = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = started.expect("the program starts");
    let mut address = String::new();
    let stdout = child.stdout.take().expect("a pipe");
    let read = BufReader::new(stdout).read_line(&mut address);
    read.expect("an address");
    let rest = address.trim().strip_prefix("http://127.0.0.1:");
    let (port, path) = rest
        .and_then(|rest| rest.split_once('/'))
        .expect("an address");
    let port: u16 = port.parse().expect("a port");

    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a server");
    let request = format!("GET /{path}page HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    for part in [
        r#""title":"A few couples""#,
        r#""file":"small.toml""#,
        r#""overrides":["run.days=12"]"#,
    ] {
        assert!(answer.contains(part), "{part}");
    }

    send(&child, &["INT"]);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Ctrl-C"));
}

#[test]
fn what_cannot_be_served_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.toml", "title = 'x'\n[run]\ndays = -1\n");
    let refused = |words: &[&str]| {
        let words = [&["explore", "--no-open"], words].concat();
        sandbox.pairbond(&words).code(2).stderr
    };
    assert!(refused(&["missing.toml"]).contains("missing.toml"));
    assert!(refused(&["bad.toml"]).contains("bad.toml:3:8"));
    assert!(refused(&["--set", "run.days=0"]).contains("--set run.days=0"));
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let message = refused(&["--port", &port]);
    assert!(
        message.contains(&format!("could not listen on port {port} of 127.0.0.1")),
        "{message}"
    );
}
