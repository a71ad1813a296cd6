//! `/openapi.json` says what the service does, and nothing else.

use super::server::{Answer, HTML, JSON, LINES, Server, page, run};
use pagesieve::serve::routes;
use serde_json::{Value, json};
use std::collections::BTreeSet;

type Endpoint = (String, String);

fn described(description: &Value) -> BTreeSet<Endpoint> {
    let paths = description["paths"].as_object().unwrap().iter();
    let pairs = paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
    });
    pairs.collect()
}

fn served() -> BTreeSet<Endpoint> {
    routes().map(|(method, path)| (method.to_owned(), path.to_owned())).collect()
}

/// Takes every object whose fields are listed for whole, so that a field nobody described fails.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if fields.contains_key("properties") && fields.contains_key("required") {
                fields.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(members) => members.iter_mut().for_each(close),
        _ => {}
    }
}

/// The validator of what an operation answers with this status and type.
fn validator(
    description: &Value,
    (method, path): (&str, &str),
    status: u16,
    media: &str,
) -> jsonschema::Validator {
    let status = status.to_string();
    let answer = &description["paths"][path][method]["responses"][&status];
    let schema = &answer["content"][media]["schema"];
    assert!(schema.is_object(), "{method} {path} answers {status} {media}, which is not described");
    let mut components = description["components"].clone();
    close(&mut components);
    jsonschema::validator_for(&json!({ "allOf": [schema], "components": components })).unwrap()
}

fn assert_fits(description: &Value, endpoint: (&str, &str), answer: &Answer) {
    let media = answer.header("content-type").unwrap().split(';').next().unwrap();
    let validator = validator(description, endpoint, answer.status, media);
    let objects: Vec<Value> = match media {
        LINES => answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        JSON => vec![answer.json()],
        _ => vec![answer.text().into()],
    };
    assert!(!objects.is_empty(), "{endpoint:?}");
    for object in objects {
        let problems: Vec<String> = validator
            .iter_errors(&object)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{endpoint:?} {}: {problems:?} in {object}", answer.status);
    }
}

#[test]
fn every_endpoint_is_described_and_every_description_is_served() {
    let description = Server::start(&[]).get("/openapi.json").json();
    assert_eq!(described(&description), served());
}

#[test]
fn answers_of_every_endpoint_fit_their_description() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("hosts.db");
    let database = database.to_str().unwrap();
    let lines = "{\"url\":\"https://www.a.example/\",\"text\":\"One line of text.\"}\n".repeat(4);
    run(&["filter", "-", "--hosts", database, "-q"], lines.as_bytes());
    let (labels, kept) = (folder.path().join("mine"), folder.path().join("kept.jsonl"));
    let rows = run(
        &["filter", "-", "-q", "--blocks", "--keep-review", "--rejected", "/dev/stdout"],
        lines.as_bytes(),
    );
    std::fs::write(&kept, rows.stdout).unwrap();
    let (labels, kept) = (labels.to_str().unwrap(), kept.to_str().unwrap());
    let server = Server::start(&["--hosts", database, "--labels", labels, "--from", kept]);
    let description = server.get("/openapi.json").json();
    let html = page("en-allotment-blog-injected.html");
    let line = json!({ "id": 7, "url": "https://a.example/", "text": "加微信领取彩金\nOne line of text." })
        .to_string();
    let correction = json!({ "document": { "text": "One line." }, "labels": ["body"] });
    let put =
        |body: &Value| server.ask("PUT", "/v1/pages", &[("Content-Type", JSON)], body.to_string().as_bytes());
    let delete = |path: &str| server.ask("DELETE", path, &[], b"");
    let saved = put(&correction);
    let saved_path = format!("/v1/pages/{}", saved.json()["name"].as_str().unwrap());
    let check = ("post", "/v1/check");
    let answers = [
        (check, server.post("/v1/check?blocks=true", HTML, &html)),
        (check, server.post("/v1/check?blocks=true&body=markdown", JSON, &line)),
        (check, server.post("/v1/check?blocks=perhaps", HTML, "")),
        (check, server.post("/v1/check", "image/png", "")),
        (check, server.post("/v1/check", JSON, "{}")),
        (("post", "/v1/batch"), server.post("/v1/batch?blocks=1", LINES, format!("{line}\nno json\n{line}"))),
        (("get", "/v1/score"), server.get("/v1/score")),
        (("get", "/v1/score"), server.get("/v1/score?url=http://127.0.0.1/")),
        (("get", "/v1/hosts/{host}"), server.get("/v1/hosts/www.a.example")),
        (("get", "/v1/hosts/{host}"), server.get("/v1/hosts/b.example")),
        (("get", "/v1/hosts/{host}"), server.get("/v1/hosts/%20")),
        (("get", "/metrics"), server.get("/metrics")),
        (("get", "/healthz"), server.get("/healthz")),
        (("get", "/openapi.json"), server.get("/openapi.json")),
        (("get", "/"), server.get("/")),
        (("get", "/inspector/{file}"), server.get("/inspector/inspector.css")),
        (("get", "/inspector/{file}"), server.get("/inspector/inspector.js")),
        (("get", "/inspector/{file}"), server.get("/inspector/example.html")),
        (("get", "/inspector/{file}"), server.get("/inspector/no.js")),
        (check, server.post("/v1/check?blocks=true&explain=true", HTML, &html)),
        (("get", "/v1/labels"), server.get("/v1/labels")),
        (("put", "/v1/pages"), saved),
        (("put", "/v1/pages"), put(&json!({ "document": { "text": "One line." }, "labels": [] }))),
        (("get", "/v1/queue"), server.get("/v1/queue?by=different&offset=0&limit=9")),
        (("get", "/v1/queue"), server.get("/v1/queue?by=best")),
        (("get", "/v1/queue/{at}"), server.get("/v1/queue/0?blocks=true&explain=true")),
        (("get", "/v1/queue/{at}"), server.get("/v1/queue/99")),
        (("delete", "/v1/pages/{name}"), delete(&saved_path)),
        (("delete", "/v1/pages/{name}"), delete(&saved_path)),
        (("post", "/v1/train"), server.post("/v1/train", JSON, "{}")),
        (("get", "/v1/train"), server.get("/v1/train")),
        (("delete", "/v1/train"), delete("/v1/train")),
        (("get", "/v1/model"), server.get("/v1/model")),
        (("post", "/v1/model"), server.post("/v1/model", JSON, r#"{"use":"started"}"#)),
        (("post", "/v1/model"), server.post("/v1/model", JSON, r#"{"use":"trained"}"#)),
    ];
    for (endpoint, answer) in &answers {
        assert_fits(&description, *endpoint, answer);
    }
    let asked = answers.iter().map(|((method, path), _)| ((*method).to_owned(), (*path).to_owned()));
    assert_eq!(asked.collect::<BTreeSet<_>>(), served(), "an endpoint that nobody asked");
}
