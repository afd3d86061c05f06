//! Who is answered, how much is answered at a time, and that the numbers are those of the program.

use super::answer::{AnswerError, MOST_WORK, answer};
use super::controls::controls;
use super::http::{HttpRequest, HttpResponse, MOST_BODY};
use super::server::{Explorer, PageService};
use crate::runner::CancelToken;
use crate::scenario::Scenario;
use crate::table::Table;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;

const TOKEN: &str = "0123456789abcdef";
const PORT: u16 = 4321;
/// Connections and settings are simulated by code without optimization, which takes much stack.
const STACK: usize = 256 << 20;

const SCENARIO: &str = "title = 'A week apart'\n[run]\ncouples = 150\ndays = 60\nseed = 5\n\
    [traits.a]\nanxiety = { dist = 'logit_normal', median = 0.6, logit_sd = 0.5 }\n\
    [[event]]\nkind = 'stress'\nday = 20\nsize = 0.7\nlabel = 'a week <b>apart</b>'\n";

fn service(text: &str) -> PageService {
    let scenario = Scenario::parse(text).expect("a scenario");
    PageService::new(&scenario, PORT, TOKEN.to_owned()).expect("a service")
}

/// A request as the page sends it.
fn post(name: &str, body: &Value) -> HttpRequest {
    let headers = [
        ("host", format!("127.0.0.1:{PORT}")),
        ("origin", format!("http://127.0.0.1:{PORT}")),
        ("content-type", "application/json".to_owned()),
        ("sec-fetch-site", "same-origin".to_owned()),
    ];
    HttpRequest {
        method: "POST".to_owned(),
        path: format!("/{TOKEN}/{name}"),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec(),
        body: body.to_string().into_bytes(),
    }
}

fn get(name: &str) -> HttpRequest {
    let mut request = post(name, &Value::Null);
    request.method = "GET".to_owned();
    request.body.clear();
    request.headers.retain(|(name, _)| name == "host");
    request
}

fn with_header(mut request: HttpRequest, name: &str, value: Option<&str>) -> HttpRequest {
    request.headers.retain(|(own, _)| own != name);
    let value = value.map(|value| (name.to_owned(), value.to_owned()));
    request.headers.extend(value);
    request
}

fn question(number: u64, now: &[&str], kept: Option<&[&str]>) -> Value {
    json!({
        "session": "one", "number": number, "now": now, "kept": kept,
        "observables": ["satisfaction", "conflict"], "couple": 3,
    })
}

fn json_of(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

/// Runs a test with much stack.
fn with_stack(test: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(STACK).spawn(test);
    thread.expect("a thread").join().expect("no panic");
}

#[test]
fn only_this_servers_own_page_is_answered() {
    let service = service(SCENARIO);
    let status = |request: &HttpRequest| service.respond(request).status;
    for page in ["", "explore.js", "explore.css", "page"] {
        assert_eq!(status(&get(page)), 200, "{page}");
    }
    assert_eq!(status(&get("other")), 404);

    // Host: another name that leads here is refused, also for the page itself.
    let changes = json!({ "now": [] });
    for host in [
        Some("evil.example"),
        Some("127.0.0.1"),
        Some("127.0.0.1:80"),
        None,
    ] {
        assert_eq!(status(&with_header(get(""), "host", host)), 403, "{host:?}");
    }
    let mut twice = get("");
    twice
        .headers
        .push(("host".to_owned(), "evil.example".to_owned()));
    assert_eq!(status(&twice), 403);
    let localhost = format!("localhost:{PORT}");
    assert_eq!(status(&with_header(get(""), "host", Some(&localhost))), 200);

    // Token.
    for path in [
        "/",
        "",
        "/run",
        "/0123456789abcdee/",
        "/0123456789abcdef",
        "/0123456789abcdef0/",
    ] {
        let mut request = get("");
        request.path = path.to_owned();
        assert_eq!(status(&request), 403, "{path}");
    }

    // Origin, for what does work.
    let good = post("scenario", &changes);
    assert_eq!(status(&good), 200);
    let other_port = "http://127.0.0.1:80";
    for origin in [
        Some("http://evil.example"),
        Some("null"),
        Some(other_port),
        None,
    ] {
        let request = with_header(good.clone(), "origin", origin);
        assert_eq!(status(&request), 403, "{origin:?}");
    }
    let cross = with_header(good.clone(), "sec-fetch-site", Some("cross-site"));
    assert_eq!(status(&cross), 403);
    // A form of another page can send text, and cannot send JSON.
    let form = with_header(good.clone(), "content-type", Some("text/plain"));
    assert_eq!(status(&form), 415);
    let mut method = good;
    method.method = "GET".to_owned();
    assert_eq!(status(&method), 405);
}

/// The bits of a column of the answer; `null` is NaN.
fn bits(value: &Value) -> Vec<u64> {
    let of = |value: &Value| value.as_f64().unwrap_or(f64::NAN).to_bits();
    value.as_array().expect("a column").iter().map(of).collect()
}

/// The bits of a column of a table; every NaN is the same.
fn float_bits(table: &Table, column: &str, rows: &[usize]) -> Vec<u64> {
    let values = table.floats(column).expect("a column");
    let of = |value: f64| if value.is_nan() { f64::NAN } else { value };
    rows.iter().map(|row| of(values[*row]).to_bits()).collect()
}

fn int_bits(table: &Table, column: &str, rows: &[usize]) -> Vec<u64> {
    let values = table.ints(column).expect("a column");
    rows.iter()
        .map(|row| (values[*row] as f64).to_bits())
        .collect()
}

#[test]
fn the_numbers_are_those_of_the_program() {
    with_stack(|| {
        let service = service(SCENARIO);
        let changes = [
            "traits.a.anxiety.median=0.7",
            "mechanisms.repair=false",
            "event=[{ kind = \"betrayal\", day = 30, of = \"b\" }]",
        ];
        let response = service.respond(&post("run", &question(1, &changes, None)));
        assert_eq!(
            response.status,
            200,
            "{}",
            String::from_utf8_lossy(&response.body)
        );
        let answer = &json_of(&response)["now"];

        let overrides =
            changes.map(|text| crate::scenario::Override::parse(text).expect("a change"));
        let scenario = Scenario::parse(SCENARIO).expect("a scenario");
        let scenario = scenario.set_all(&overrides).expect("a scenario");
        let run = scenario.run().expect("a run");

        let table = run.trajectory();
        let lines = answer["trajectory"]["lines"].as_array().expect("lines");
        // Trust, intimacy and satisfaction of A, B and the couple, and conflict.
        assert_eq!(lines.len(), 10);
        let mut missing = 0;
        for line in lines {
            let rows: Vec<usize> = (0..table.rows.rows())
                .filter(|row| {
                    let word = |column| table.category(column, *row);
                    word("observable") == line["observable"].as_str()
                        && word("role") == line["role"].as_str()
                })
                .collect();
            assert_eq!(rows.len(), 61);
            assert_eq!(
                bits(&answer["trajectory"]["day"]),
                float_bits(table, "day", &rows)
            );
            assert_eq!(bits(&line["n"]), int_bits(table, "n", &rows));
            for column in ["mean", "ci_low", "ci_high"] {
                assert_eq!(
                    bits(&line[column]),
                    float_bits(table, column, &rows),
                    "{column}"
                );
            }
            missing += line["mean"]
                .as_array()
                .expect("a column")
                .iter()
                .filter(|mean| mean.is_null())
                .count();
        }
        assert_eq!(missing, 1, "conflict on day 0");

        let all = |table: &Table| (0..table.rows.rows()).collect::<Vec<_>>();
        let survival = run.survival();
        for column in ["survival", "ci_low", "ci_high"] {
            assert_eq!(
                bits(&answer["survival"][column]),
                float_bits(survival, column, &all(survival))
            );
        }
        assert_eq!(
            bits(&answer["survival"]["day"]),
            int_bits(survival, "day", &all(survival))
        );
        let flow = run.table("phase_flow").expect("a table");
        for column in ["trust", "intimacy", "d_trust", "d_intimacy"] {
            assert_eq!(
                bits(&answer["phase_flow"][column]),
                float_bits(flow, column, &all(flow))
            );
        }
        let couples = run.couples();
        for column in [
            "trust_end_a",
            "trust_end_b",
            "intimacy_end_a",
            "intimacy_end_b",
            "time",
        ] {
            assert_eq!(
                bits(&answer["couple_ends"][column]),
                float_bits(couples, column, &all(couples))
            );
        }
        assert_eq!(answer["separated"], json!(run.separated()));
        let days: Vec<_> = scenario.couple(3).expect("a couple").collect();
        let trust: Vec<u64> = days
            .iter()
            .map(|day| day.partners[1].state.trust.to_bits())
            .collect();
        assert_eq!(bits(&answer["couple"]["partners"]["trust"][1]), trust);
        let satisfaction: Vec<u64> = days
            .iter()
            .map(|day| day.partners[0].satisfaction.to_bits())
            .collect();
        assert_eq!(
            bits(&answer["couple"]["partners"]["satisfaction"][0]),
            satisfaction
        );
    });
}

#[test]
fn differences_are_those_of_the_program() {
    with_stack(|| {
        let service = service(SCENARIO);
        let kept = ["run.days=50", "traits.a.anxiety.median=0.3"];
        let now = [
            "run.days=50",
            "event=[{ kind = \"betrayal\", day = 30, of = \"b\" }]",
            "parameters.outside_rate=0.01",
        ];
        let response = service.respond(&post("run", &question(1, &now, Some(&kept))));
        assert_eq!(
            response.status,
            200,
            "{}",
            String::from_utf8_lossy(&response.body)
        );
        let answer = json_of(&response);

        let request = json!({ "now": now, "kept": kept });
        let copied = json_of(&service.respond(&post("scenario", &request)));
        assert_eq!(copied["conditions"], json!(true), "{copied}");
        let text = copied["toml"].as_str().expect("a text");
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let run = scenario.run().expect("a run");
        let table = run.table("differences").expect("a table");
        let lines = answer["differences"]["lines"].as_array().expect("lines");
        // Three observables of A, B and the couple, and conflict, over two sets of couples; and the share intact.
        assert_eq!(lines.len(), 2 * 10 + 1);
        for line in lines {
            let rows: Vec<usize> = (0..table.rows.rows())
                .filter(|row| {
                    ["observable", "role", "over"]
                        .iter()
                        .all(|column| table.category(column, *row) == line[column].as_str())
                })
                .collect();
            assert!(rows.len() > 40, "{} days", rows.len());
            assert_eq!(bits(&line["day"]), float_bits(table, "day", &rows));
            assert_eq!(bits(&line["n"]), int_bits(table, "n", &rows));
            assert_eq!(bits(&line["mean"]), float_bits(table, "difference", &rows));
            assert_eq!(bits(&line["ci_low"]), float_bits(table, "ci_low", &rows));
        }
        // Both settings are those that are simulated alone.
        for (name, changes) in [("kept", &kept[..]), ("now", &now[..])] {
            let number = if name == "kept" { 2 } else { 3 };
            let alone = service.respond(&post("run", &question(number, changes, None)));
            assert_eq!(json_of(&alone)["now"], answer[name], "{name}");
        }

        let reasons = ["run.seed=6", "run.days=40", "run.couples=100"];
        for (number, change) in (4..).zip(reasons) {
            let response = service.respond(&post("run", &question(number, &[change], Some(&[]))));
            let answer = json_of(&response);
            let found = &answer["differences"];
            assert!(
                found["reason"].is_string() && found["lines"] == json!([]),
                "{change}: {found}"
            );
            assert!(answer["kept"]["trajectory"].is_object());
            let request = json!({ "now": [change], "kept": [] });
            let copied = json_of(&service.respond(&post("scenario", &request)));
            assert_eq!(copied["conditions"], json!(false), "{change}");
        }
    });
}

#[test]
fn errors_name_the_control() {
    let service = service(SCENARIO);
    let errors = |number, changes: &[&str]| {
        let response = service.respond(&post("run", &question(number, changes, None)));
        assert_eq!(response.status, 422);
        json_of(&response)["errors"].clone()
    };
    let found = errors(
        1,
        &[
            "traits.b.effort=0.5",
            "parameters.bid_rate=99",
            "run.days=0",
        ],
    );
    assert_eq!(found[0]["key"], "parameters.bid_rate");
    assert!(
        found[0]["message"]
            .as_str()
            .is_some_and(|text| text.contains("50")),
        "{found}"
    );
    assert_eq!(found[1]["key"], "run.days");
    let found = errors(2, &["event=[{ kind = \"betrayal\", day = 3, of = \"c\" }]"]);
    assert_eq!(found[0]["key"], "event");
    let found = errors(3, &["run.days"]);
    assert!(
        found[0]["message"]
            .as_str()
            .is_some_and(|text| text.contains('=')),
        "{found}"
    );
    let found = errors(4, &["traits.b.afort=0.5"]);
    assert!(
        found[0]["help"]
            .as_str()
            .is_some_and(|text| text.contains("effort")),
        "{found}"
    );
    // The setting that is compared says that it is that one.
    let response = service.respond(&post(
        "run",
        &question(5, &["run.couples=5"], Some(&["run.days=0"])),
    ));
    assert_eq!(
        (response.status, &json_of(&response)["setting"]),
        (422, &json!("kept"))
    );
}

#[test]
fn work_and_text_have_bounds() {
    let service = service(SCENARIO);
    let most = MOST_WORK / 60;
    let response = service.respond(&post(
        "run",
        &question(1, &[&format!("run.couples={}", most + 1)], None),
    ));
    assert_eq!(response.status, 422);
    let error = &json_of(&response)["errors"][0];
    assert_eq!(error["key"], "run.couples");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.contains(&most.to_string())),
        "{error}"
    );
    // Steps, replicates and childhoods are work too.
    let more = ["run.step_days=0.25", "run.replicates=100", "run.moments=24"];
    for (number, change) in (2..).zip(more) {
        let couples = format!("run.couples={}", most / 3);
        let request = question(number, &[&couples, change], None);
        assert_eq!(
            service.respond(&post("run", &request)).status,
            422,
            "{change}"
        );
    }
    let many = vec!["run.days=5"; 501];
    assert_eq!(
        service
            .respond(&post("run", &question(90, &many, None)))
            .status,
        422
    );
    for body in [
        json!({}),
        json!([]),
        json!({ "session": "x".repeat(65), "number": 1, "now": [], "observables": [], "couple": 1 }),
    ] {
        assert_eq!(service.respond(&post("run", &body)).status, 400, "{body}");
    }
}

#[test]
fn a_later_request_of_a_page_takes_the_place_of_an_earlier_one() {
    with_stack(|| {
        let service = Arc::new(service(SCENARIO));
        let in_thread = |number, changes: &[&str]| {
            let (service, request) = (
                Arc::clone(&service),
                post("run", &question(number, changes, None)),
            );
            let thread = thread::Builder::new().stack_size(STACK);
            thread
                .spawn(move || service.respond(&request).status)
                .expect("a thread")
        };
        let start = |number| {
            while service.latest_request("one") != Some(number) {
                thread::yield_now();
            }
        };
        // While another setting is simulated, both requests of the page come, one after the other.
        let simulating = service.simulating.lock().expect("no panic");
        let earlier = in_thread(7, &["run.days=2"]);
        start(7);
        let later = in_thread(8, &["run.couples=5", "run.days=2"]);
        start(8);
        drop(simulating);
        assert_eq!(earlier.join().expect("a status"), 409);
        assert_eq!(later.join().expect("a status"), 200);
        // What arrives late is not started.
        let status = |question: &Value| service.respond(&post("run", question)).status;
        assert_eq!(status(&question(7, &["run.days=2"], None)), 409);
        // Another page is another session.
        let mut other = question(1, &["run.couples=5", "run.days=2"], None);
        other["session"] = json!("two");
        assert_eq!(status(&other), 200);
    });
}

/// A simulation that has started ends when a later request comes: this one is cancelled before its first couple.
#[test]
fn a_cancelled_answer_is_not_simulated_to_its_end() {
    with_stack(|| {
        let scenario = Scenario::parse(SCENARIO).expect("a scenario");
        let request = question(1, &["run.couples=5"], None);
        let request = serde_json::from_value(request).expect("a request");
        let cancel = CancelToken::default();
        assert!(answer(&scenario, &request, &cancel).is_ok());
        cancel.cancel();
        let answer = answer(&scenario, &request, &cancel);
        assert!(matches!(answer, Err(AnswerError::Superseded)));
    });
}

#[test]
fn every_control_sets_what_it_shows() {
    let childhood = "title = 'x'\n[childhood]\nsensitivity = 0.7\n";
    for text in [SCENARIO, childhood, "title = 'x'\n"] {
        let scenario = Scenario::parse(text).expect("a scenario");
        let all = controls(&scenario);
        assert!(all.len() > 150, "{} controls", all.len());
        let mut keys: Vec<&str> = all.iter().map(|control| control.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all.len(), "a key has two controls");
        // Setting what is shown changes nothing, up to the rounding of a median.
        for control in &all {
            let change = format!("{}={}", control.key, control.value);
            let change = crate::scenario::Override::parse(&change).expect("a change");
            let changed = scenario
                .set_all(&[change])
                .unwrap_or_else(|error| panic!("{}: {error}", control.key));
            let again = controls(&changed);
            let own = again
                .iter()
                .find(|own| own.key == control.key)
                .expect("the same control");
            match (own.value.as_f64(), control.value.as_f64()) {
                (Some(one), Some(other)) => assert!(
                    (one - other).abs() <= 1e-12 * other.abs(),
                    "{}",
                    control.key
                ),
                _ => assert_eq!(own.value, control.value, "{}", control.key),
            }
        }
    }
}

#[test]
fn a_copied_scenario_is_the_setting() {
    let texts = [
        SCENARIO.to_owned(),
        include_str!("../../scenarios/what_traits_decide.toml").to_owned(),
        include_str!("../../scenarios/three_childhoods.toml").to_owned(),
        include_str!("../../scenarios/open_communication_taught.toml").to_owned(),
        include_str!("../../scenarios/diary_study.toml").to_owned(),
        include_str!("../../scenarios/claims/trust_withstands.toml").to_owned(),
        "title = '\"x\" \\ y'\n[correlations]\n'a.openness~b.openness' = 0.4\n[traits]\nresponsiveness = \
         { dist = 'truncated_normal', mean = 0.5, sd = 0.1, slopes = { anxiety = -0.2 } }\n"
            .to_owned(),
    ];
    for text in texts {
        let service = service(&text);
        let changes = [
            "traits.a.openness.median=1.5",
            "run.couples=20",
            "run.days=200",
        ];
        let response = service.respond(&post("scenario", &json!({ "now": changes })));
        assert_eq!(
            response.status,
            200,
            "{}",
            String::from_utf8_lossy(&response.body)
        );
        let copied = json_of(&response)["toml"]
            .as_str()
            .expect("a text")
            .to_owned();
        let copied = Scenario::parse(&copied).unwrap_or_else(|error| panic!("{error}\n{copied}"));
        let mut scenario = Scenario::parse(&text).expect("a scenario");
        for change in changes {
            let change = crate::scenario::Override::parse(change).expect("a change");
            scenario = scenario.set_all(&[change]).expect("a scenario");
        }
        assert_eq!(copied.config(), scenario.config());
        assert_eq!(copied.title(), scenario.title());
    }
}

#[test]
fn a_large_scenario_begins_small() {
    let text = "title = 'x'\n[run]\ncouples = 1000000\nreplicates = 3\n";
    let page = json_of(&service(text).respond(&get("page")));
    assert_eq!(
        page["initial"],
        json!(["run.couples=1000", "run.replicates=1"])
    );
    assert_eq!(
        json_of(&service(SCENARIO).respond(&get("page")))["initial"],
        json!([])
    );
}

#[test]
fn the_pages_own_script_and_style_are_small() {
    let script = include_str!("page/explore.js");
    let bytes = script.len() + include_str!("page/explore.css").len();
    assert!(bytes <= 60 << 10, "{bytes} bytes");
    // All text is set as text.
    for name in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
    ] {
        assert!(!script.contains(name), "{name}");
    }
    // Nothing is loaded from elsewhere, and no script or style stands in the page.
    let page = include_str!("page/index.html");
    for name in [
        "http:", "https:", "style=", "onclick=", "<style", "<script>",
    ] {
        assert!(!page.contains(name), "{name}");
    }
}

/// Sends bytes to a server and returns its answer.
fn exchange(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.write_all(bytes).expect("a request is sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_server_reads_requests_within_bounds_and_ends_on_request() {
    let explorer = Explorer::bind(&Scenario::default(), None).expect("a server");
    let address = explorer.address();
    let rest = address
        .strip_prefix("http://127.0.0.1:")
        .expect("an address");
    let (port, token) = rest
        .trim_end_matches('/')
        .split_once('/')
        .expect("a port and a token");
    assert_eq!(token.len(), 32);
    let port: u16 = port.parse().expect("a port");
    assert!(
        Explorer::bind(&Scenario::default(), Some(port)).is_err(),
        "the port is taken"
    );
    let cancel = CancelToken::default();
    let server = {
        let cancel = cancel.clone();
        thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || explorer.serve(&cancel))
            .expect("a thread")
    };

    let head = |line: &str| format!("{line}\r\nHost: 127.0.0.1:{port}\r\n");
    let answer = exchange(
        port,
        format!("{}\r\n", head(&format!("GET /{token}/ HTTP/1.1"))).as_bytes(),
    );
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("</html>\n"),
        "{answer}"
    );
    for header in [
        "Content-Security-Policy: default-src 'none'; script-src 'self';",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
    ] {
        assert!(answer.contains(header), "{header}");
    }
    let refused = |bytes: &str, status: &str| {
        let answer = exchange(port, bytes.as_bytes());
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{bytes:.80}: {answer:.200}"
        );
    };
    refused("nonsense\r\n\r\n", "400");
    refused(
        &format!(
            "{}\r\n",
            head("GET /00000000000000000000000000000000/ HTTP/1.1")
        ),
        "403",
    );
    let posted = head(&format!("POST /{token}/run HTTP/1.1"));
    refused(
        &format!("{posted}Content-Length: {}\r\n\r\n", MOST_BODY + 1),
        "413",
    );
    refused(
        &format!("{posted}Content-Length: 99999999999999999999999\r\n\r\n"),
        "413",
    );
    refused(
        &format!("{posted}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        "400",
    );
    refused(&format!("{posted}Content-Length: -1\r\n\r\n"), "400");
    refused(&format!("{posted}Content-Length: 1\r\n\r\nxx"), "400");
    refused(
        &format!("{posted}Transfer-Encoding: chunked\r\n\r\n"),
        "501",
    );
    refused(
        &format!("{posted}X: {}\r\n\r\n", "x".repeat(20 << 10)),
        "431",
    );
    refused(&format!("{posted}{}\r\n", "X: y\r\n".repeat(80)), "431");

    // An open connection that sends nothing keeps the server neither from answering nor from ending.
    let _idle = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    refused(&format!("{}\r\n", head("GET / HTTP/1.1")), "403");
    cancel.cancel();
    server.join().expect("no panic").expect("the server ends");
    assert!(
        TcpStream::connect(("127.0.0.1", port)).is_err(),
        "the port is free"
    );
}
