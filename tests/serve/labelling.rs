//! Pages of a queue are opened, corrected, saved, taken out; and what may be wrong with that.

use super::server::{Answer, HTML, JSON, Server, answering, page, program, run};
use pagesieve::annotate::LabelledFolder;
use pagesieve::eval::training_pages;
use pagesieve::input::fetch::{FetchOptions, Robots};
use pagesieve::page::{Limits, Page};
use pagesieve::serve::{Options, Service, State};
use pagesieve::{Document, Filter};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
#[cfg(feature = "train")]
use std::time::{Duration, Instant};
use tempfile::TempDir;

const FERRY: &str = "<title>Ferry</title><nav><p>Home</p></nav><h1>Ferry</h1><p>The harbour board said on Tuesday that the \
    refit of the ferry will take until April, three months longer than planned.</p>";

/// A crawl, its result, and a folder for labels that is not there yet.
struct Scene {
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        let crawl = [
            json!({ "id": "ferry", "url": "https://a.example/f", "html": FERRY }),
            json!({ "id": "plain", "text": "One line of text.\nAnother line of text.\n加微信领取彩金" }),
            json!({ "id": "top", "url": "https://b.example/t", "html": "<p>Top</p><p>Share</p>" }),
        ];
        std::fs::write(scene.path("crawl.jsonl"), crawl.map(|page| page.to_string() + "\n").concat())
            .unwrap();
        let (crawl, kept) = (scene.text("crawl.jsonl"), scene.text("kept.jsonl"));
        let filter = ["filter", &crawl, "--blocks", "-q", "--keep-review", "--rejected", "/dev/stdout"];
        std::fs::write(kept, run(&filter, b"").stdout).unwrap();
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn serve(&self) -> Server {
        let (labels, kept, crawl) = (self.text("mine"), self.text("kept.jsonl"), self.text("crawl.jsonl"));
        Server::start(&["--labels", &labels, "--from", &kept, "--pages", &crawl])
    }
}

fn put(server: &Server, correction: &Value) -> Answer {
    let body = correction.to_string();
    server.ask("PUT", "/v1/pages", &[("Content-Type", JSON)], body.as_bytes())
}

fn delete(server: &Server, name: &str) -> Answer {
    server.ask("DELETE", &format!("/v1/pages/{name}"), &[], b"")
}

fn queued(server: &Server, query: &str) -> Vec<Value> {
    server.get(&format!("/v1/queue{query}")).json()["pages"].as_array().unwrap().clone()
}

/// The page of the queue with this id, opened with blocks and explanations.
fn opened(server: &Server, id: &str) -> Value {
    let pages = queued(server, "?by=order");
    let at = &pages.iter().find(|page| page["id"] == id).unwrap()["at"];
    server.get(&format!("/v1/queue/{at}?blocks=true&explain=true")).json()
}

/// What saves an opened page with all of its labels but the first as they are.
fn corrected(opened: &Value, first: &str) -> Value {
    let blocks = opened["row"]["blocks"].as_array().unwrap();
    let mut labels: Vec<Value> = blocks.iter().map(|block| block["label"].clone()).collect();
    labels[0] = first.into();
    json!({ "document": opened["document"], "type": "forum", "labels": labels })
}

#[test]
fn a_corrected_page_is_on_the_disk_and_opens_again_as_it_was_corrected() {
    let scene = Scene::new();
    let server = scene.serve();
    for id in ["ferry", "plain"] {
        let page = opened(&server, id);
        assert_eq!((&page["document"]["id"], &page["saved"]), (&id.into(), &Value::Null));
        let mut correction = corrected(&page, "promo");
        let answer = put(&server, &correction).json();
        assert_eq!(answer["blocks"], correction["labels"].as_array().unwrap().len());
        assert_eq!(answer["changed"], answer["blocks"]);
        assert_eq!(answer["saved"]["labels"], correction["labels"]);
        let again = opened(&server, id);
        assert_eq!(again["saved"], answer["saved"], "{id}");
        assert_eq!(again["saved"]["type"], "forum");
        correction["labels"][0] = "ad".into();
        correction["chosen"] = json!([0]);
        let second = put(&server, &correction).json();
        assert_eq!((&second["name"], &second["changed"]), (&answer["name"], &1.into()));
        let labelled = queued(&server, "?by=order");
        let labelled: Vec<&Value> = labelled.iter().filter(|page| page["labelled"] == true).collect();
        assert!(labelled.iter().any(|page| page["id"] == id), "{labelled:?}");
    }
    let saved = training_pages(&scene.path("mine")).unwrap();
    assert_eq!(saved.len(), 2);
    for found in saved {
        let document = found.page.document().unwrap();
        let page = Page::read(&document, &Limits::default());
        let labels = found.rules.unwrap().resolve(&page, &document).unwrap();
        assert_eq!(labels[0].unwrap().as_str(), "ad");
    }
    assert_eq!(server.get("/v1/labels").json()["pages"], 2);
    let name = opened(&server, "ferry")["saved"]["name"].as_str().unwrap().to_owned();
    assert_eq!(delete(&server, &name).json()["name"], name.as_str());
    assert!(delete(&server, &name).error(404, "unknown_page").contains(&name));
    delete(&server, "..%2Fkept").error(400, "bad_name");
    assert_eq!(opened(&server, "ferry")["saved"], Value::Null);
    assert_eq!(server.get("/v1/labels").json()["pages"], 1);
}

#[test]
fn a_page_of_the_queue_has_the_row_of_score() {
    let scene = Scene::new();
    let server = scene.serve();
    std::fs::write(scene.path("ferry.html"), FERRY).unwrap();
    let file = scene.text("ferry.html");
    let printed =
        run(&["score", "--json", "--blocks", "--explain", "--url", "https://a.example/f", &file], b"").stdout;
    let page = server.get("/v1/queue/0?blocks=true&explain=true");
    // The page of the queue has the id and the place that its row says.
    let row = std::str::from_utf8(&printed).unwrap().trim_end();
    let row = row.replacen(&file, "ferry", 1).replacen(&file, &scene.text("crawl.jsonl"), 1);
    assert!(page.text().contains(&format!(",\"row\":{row},\"saved\":null}}")), "{}", page.text());
    assert_eq!(page.json()["document"]["html"], FERRY);
    assert_eq!(opened(&server, "plain")["document"]["text"].as_str().unwrap().lines().count(), 3);
}

#[test]
fn the_queue_has_orders_and_an_order_stays_until_its_start_is_asked_for() {
    let scene = Scene::new();
    let server = scene.serve();
    let ids = |query: &str| {
        let pages = queued(&server, query);
        pages.iter().map(|page| page["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = ids("?by=uncertain");
    assert_eq!((all.len(), &server.get("/v1/queue?limit=1").json()["total"]), (3, &3.into()));
    assert_eq!(ids("?limit=1"), all[..1]);
    put(&server, &corrected(&opened(&server, &all[0]), "nav"));
    assert_eq!(ids("?offset=1&limit=1"), all[1..2], "who walks through it sees every page once");
    assert_eq!(ids("")[2], all[0], "what is labelled stands last");
    assert_eq!(ids("?by=different").len(), 3);
    for query in ["?by=best", "?limit=x", "?offset=-1", "?blocks=true"] {
        server.get(&format!("/v1/queue{query}")).error(400, "bad_query");
    }
    assert!(server.get("/v1/queue/3").error(404, "not_in_queue").contains("3 pages"));
    server.get("/v1/queue/first").error(400, "bad_place");
}

#[test]
fn the_queue_of_the_folder_is_used_where_none_is_named() {
    let scene = Scene::new();
    let (kept, mine) = (scene.text("kept.jsonl"), scene.text("mine"));
    let list = ["label", "--from", &kept, "--queue", "--labels", &mine, "--limit", "2", "--json"];
    let listed = String::from_utf8(run(&list, b"").stdout).unwrap();
    let server = Server::start(&["--labels", &mine]);
    let pages = queued(&server, "?by=order");
    assert_eq!(pages.len(), 2);
    for (page, line) in pages.iter().zip(listed.lines()) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&page["id"], &page["uncertainty"]), (&line["id"], &line["uncertainty"]));
        assert_eq!(opened(&server, page["id"].as_str().unwrap())["row"]["id"], page["id"]);
    }
    drop(server);
    std::fs::write(&kept, "{}\n").unwrap();
    let said = program(&["serve", "--labels", &mine]).output().unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("queue.jsonl:1: ") && said.contains("write it anew"), "{said}");
}

#[test]
fn without_a_folder_or_a_result_it_says_where_to_get_them() {
    let server = Server::start(&[]);
    let labels = server.get("/v1/labels").json();
    assert_eq!((&labels["folder"], &labels["pages"]), (&Value::Null, &0.into()));
    assert_eq!(labels["labels"][0]["name"], "body");
    let correction = json!({ "document": { "text": "One line." }, "labels": ["body"] });
    assert!(put(&server, &correction).error(404, "no_labels").contains("--labels"));
    assert!(delete(&server, "en-page").error(404, "no_labels").contains("--labels"));
    assert!(server.get("/v1/queue").error(404, "no_queue").contains("--from"));
    assert!(server.get("/v1/queue/0").error(404, "no_queue").contains("--from"));
    assert!(server.post("/v1/train", JSON, "{}").error(404, "no_labels").contains("--labels"));
}

#[test]
fn corrections_that_do_not_fit_are_refused() {
    let scene = Scene::new();
    let server = scene.serve();
    let good = json!({ "document": { "text": "One line.\nAnother line." }, "labels": ["body", "ui"] });
    let with = |name: &str, value: Value| {
        let mut correction = good.clone();
        correction[name] = value;
        put(&server, &correction)
    };
    let message = with("labels", json!(["body", "summary"])).error(400, "unknown_label");
    assert!(message.contains("`summary`") && message.contains("gambling"), "{message}");
    let message = with("labels", json!(["body"])).error(409, "other_blocks");
    assert!(message.contains("expected 2 labels") && message.contains("found 1"), "{message}");
    assert!(with("type", "blog".into()).error(400, "bad_type").contains("documentation"));
    assert!(with("chosen", json!([2])).error(400, "bad_page").contains("below 2"));
    with("labels", Value::Null).error(400, "bad_page");
    with("document", json!({ "title": "no page" })).error(422, "missing_field");
    server.ask("PUT", "/v1/pages", &[("Content-Type", HTML)], b"<p>").error(415, "unsupported_type");
    assert_eq!(server.get("/v1/labels").json()["pages"], 0);
    assert_eq!(put(&server, &good).status, 200);
}

#[test]
fn a_folder_that_is_removed_meanwhile_is_made_again() {
    let scene = Scene::new();
    let server = scene.serve();
    let correction = json!({ "document": { "text": "One line." }, "labels": ["body"] });
    put(&server, &correction);
    std::fs::remove_dir_all(scene.path("mine")).unwrap();
    assert_eq!(server.get("/v1/labels").json()["pages"], 0);
    assert_eq!(opened(&server, "ferry")["saved"], Value::Null);
    assert_eq!(put(&server, &correction).status, 200);
    assert_eq!(training_pages(&scene.path("mine")).unwrap().len(), 1);
    std::fs::remove_dir_all(scene.path("mine")).unwrap();
    std::fs::write(scene.path("mine"), "a file").unwrap();
    let message = put(&server, &correction).error(503, "labels_unwritable");
    assert!(message.contains("mine") && message.contains("check that the folder is there"), "{message}");
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_label_of_another_version_is_named_and_never_written_over() {
    let scene = Scene::new();
    let server = scene.serve();
    let name = put(&server, &corrected(&opened(&server, "ferry"), "nav")).json()["name"].clone();
    let path = scene.path("mine/pages").join(format!("{}.labels", name.as_str().unwrap()));
    let strange = std::fs::read_to_string(&path).unwrap().replace("nav\t", "menu\t");
    std::fs::write(&path, strange).unwrap();
    for path in ["/v1/labels", "/v1/queue", "/v1/queue/0"] {
        let message = server.get(path).error(503, "labels_unreadable");
        assert!(
            message.contains(".labels:") && message.contains("unknown label `menu`"),
            "{path}: {message}"
        );
    }
    assert_eq!(server.get("/v1/queue/1").json()["saved"], Value::Null, "other pages can be opened");
}

#[test]
fn what_was_answered_survives_a_kill() {
    let scene = Scene::new();
    let server = scene.serve();
    let mut saved = Vec::new();
    for number in 0..5 {
        let document = json!({ "url": format!("https://a.example/{number}"), "html": FERRY });
        let row = server.post("/v1/check?blocks=true", JSON, document.to_string()).json();
        let answer = put(&server, &corrected(&json!({ "document": document, "row": row }), "nav"));
        saved.push(answer.json()["name"].as_str().unwrap().to_owned());
    }
    server.signal("-KILL");
    drop(server);
    saved.sort();
    let found: Vec<String> =
        training_pages(&scene.path("mine")).unwrap().into_iter().map(|found| found.page.id).collect();
    assert_eq!(found, saved);
    assert_eq!(scene.serve().get("/v1/labels").json()["pages"], 5);
}

#[cfg(feature = "train")]
/// The block of [`members_page`] that people take out.
const NOTE: usize = 3;

#[cfg(feature = "train")]
/// A page with a note in the middle of its article, which its class alone tells from the article.
fn members_page(number: usize) -> Value {
    let text = |what: &str| {
        format!(
            "The {what} of the harbour board said on Tuesday that pier {number} will stay closed until the spring, because the \
             divers found more rust below the water line than anybody had expected in the summer."
        )
    };
    let (first, second, third, note) = (text("chair"), text("clerk"), text("engineer"), text("society"));
    let html = format!(
        "<title>Pier {number}</title><main><h1>Pier {number} stays closed</h1><p>{first}</p><p>{second}</p>\
         <div class=\"zq-note\"><p>{note}</p></div><p>{third}</p></main>"
    );
    json!({ "id": number.to_string(), "url": format!("https://pier.example/{number}"), "html": html })
}

#[cfg(feature = "train")]
fn labels_of(row: &Value) -> Vec<Value> {
    row["blocks"].as_array().unwrap().iter().map(|block| block["label"].clone()).collect()
}

#[cfg(feature = "train")]
#[test]
fn corrections_are_learned_and_judge_only_when_told() {
    let scene = Scene::new();
    let server = scene.serve();
    assert!(
        server
            .post("/v1/model", JSON, r#"{"use":"trained"}"#)
            .error(409, "not_trained")
            .contains("/v1/train")
    );
    let (wrong, right) = ("body", "promo");
    for number in 0..4 {
        let document = members_page(number);
        let row = server.post("/v1/check?blocks=true", JSON, document.to_string()).json();
        let mut correction = json!({ "document": document, "labels": labels_of(&row) });
        assert_eq!(correction["labels"][NOTE], wrong, "the page must be one that is judged wrong: {row}");
        correction["labels"][NOTE] = right.into();
        assert_eq!(put(&server, &correction).status, 200);
    }
    let unseen = members_page(4).to_string();
    let row = |server: &Server| server.post("/v1/check?blocks=true", JSON, &unseen).json();
    let label = || labels_of(&row(&server))[NOTE].clone();
    assert_eq!(server.post("/v1/train", JSON, "{}").status, 202);
    let asked = Instant::now();
    let mut training = server.get("/v1/train").json();
    while training["state"] == "running" {
        assert!(asked.elapsed() < Duration::from_mins(2), "{training}");
        std::thread::sleep(Duration::from_millis(50));
        training = server.get("/v1/train").json();
    }
    assert_eq!(training["state"], "done", "{training}");
    assert!(
        training["warnings"].is_array() && training["message"].as_str().unwrap().contains("adapter.model")
    );
    let labels = |when: &str| training[when]["mine"]["the pages themselves"]["labels"].as_f64().unwrap();
    assert!(labels("before") < 1.0 && labels("after") > labels("before"), "{training}");
    assert_eq!(label(), wrong, "nothing judges otherwise before it is told to");
    assert_eq!(server.post("/v1/model", JSON, r#"{"use":"trained"}"#).json()["use"], "trained");
    assert_eq!(label(), right);
    server.post("/v1/model", JSON, r#"{"use":"started"}"#);
    assert_eq!(label(), wrong);
    drop(server);
    let restarted = Server::start(&["--model", &scene.text("mine")]);
    assert_eq!(labels_of(&row(&restarted))[NOTE], right);
}

#[test]
fn two_services_do_not_share_a_folder() {
    let scene = Scene::new();
    let server = scene.serve();
    let mine = scene.text("mine");
    let said = program(&["serve", "--listen", "127.0.0.1:0", "--labels", &mine]).output().unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("another pagesieve saves labels in") && said.lines().count() == 1, "{said}");
    let said = program(&["serve", "--pages", &mine]).output().unwrap();
    assert!(String::from_utf8(said.stderr).unwrap().contains("name it with --from"));
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn pages_of_other_sites_change_nothing() {
    let scene = Scene::new();
    let server = scene.serve();
    let correction = json!({ "document": { "text": "One line." }, "labels": ["body"] }).to_string();
    let name = put(&server, &serde_json::from_str(&correction).unwrap()).json()["name"].clone();
    let page = format!("/v1/pages/{}", name.as_str().unwrap());
    for (method, path, body) in [
        ("PUT", "/v1/pages", correction.as_str()),
        ("DELETE", page.as_str(), ""),
        ("POST", "/v1/train", "{}"),
        ("DELETE", "/v1/train", ""),
        ("POST", "/v1/model", r#"{"use":"started"}"#),
        ("GET", "/v1/queue/0", ""),
    ] {
        for header in
            [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://a.example"), ("Host", "a.example")]
        {
            let answer = server.ask(method, path, &[("Content-Type", JSON), header], body.as_bytes());
            assert_eq!(answer.status, 403, "{method} {path} {header:?}: {}", answer.text());
        }
        let form = server.ask(method, path, &[("Content-Type", "text/plain")], body.as_bytes());
        assert!(form.status == 415 || !matches!(method, "PUT" | "POST"), "{method} {path}");
        if method == "DELETE" && path == page {
            put(&server, &serde_json::from_str(&correction).unwrap());
        }
    }
    assert_eq!(server.get("/v1/labels").json()["pages"], 1);
}

/// A server that answers every request with the page.
fn serving(html: &[u8]) -> String {
    let length = html.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    answering([head.as_bytes(), html].concat())
}

/// A service that may fetch from 127.0.0.1, with a folder; it ends with the test's process.
fn service_with(folder: &Path) -> String {
    let fetch = FetchOptions::default().with_robots(Robots::Ignored);
    let options = Options::default()
        .with_address((Ipv4Addr::LOCALHOST, 0).into())
        .with_fetch(fetch.with_address(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let state = State::new(Filter::builtin(), options).unwrap();
    let service = Service::bind(state.with_labels(LabelledFolder::open(folder).unwrap())).unwrap();
    let address = service.address().to_string();
    std::thread::spawn(move || service.run());
    address
}

#[test]
fn a_fetched_page_comes_with_its_source_and_what_is_saved_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let service = service_with(folder.path());
    let url = serving(&page("en-harbour-ferry-refit.html"));
    let ask = |method: &str, path: &str, body: &str| {
        super::server::ask(&service, method, path, &[("Content-Type", JSON)], body.as_bytes())
    };
    let path = format!("/v1/score?url={url}&blocks=true&explain=true");
    let row = ask("GET", &path, "");
    let fetched = ask("GET", &format!("{path}&document=true"), "");
    assert!(fetched.text().contains(&format!("\"row\":{},\"saved\":null", row.text().trim_end())));
    let fetched = fetched.json();
    assert_eq!(fetched["document"]["url"], url);
    let answer = ask("PUT", "/v1/pages", &corrected(&fetched, "ui").to_string());
    let again = ask("GET", &format!("{path}&document=true"), "").json();
    assert_eq!((&again["saved"], again["saved"].is_object()), (&answer.json()["saved"], true));
    let document = Document::html(page("en-harbour-ferry-refit.html"));
    let blocks = Page::read(&document, &Limits::default()).blocks().len();
    assert_eq!(again["saved"]["labels"].as_array().unwrap().len(), blocks);
}
