//! What a row holds, field by field.

use super::super::testing::Sample;
use super::*;
use crate::classify::{Against, Label, Reason, SubScore, Weight};
use crate::page::BlockKind;
use serde_json::{Value, json};

fn row(format: &RowFormat, report: &Report) -> Value {
    let mut out = Vec::new();
    format.append_report(&mut out, report);
    serde_json::from_slice(&out).unwrap()
}

fn sample() -> Report {
    let sample = Sample::new().with_url("https://news.example/a");
    let sample = sample.block(BlockKind::Heading(1), "Title").block(BlockKind::Paragraph, "Text \"q\"");
    sample
        .block(BlockKind::ListItem { depth: 1, ordinal: None }, "Home")
        .labelled(Label::Nav, 0.03, Reason::NavElement)
        .report()
}

#[test]
fn a_row_has_the_documented_fields_in_order() {
    let mut out = Vec::new();
    RowFormat::new().append_report(&mut out, &sample());
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "{\"v\":1,\"id\":\"sample\",\"url\":\"https://news.example/a\",\"source\":null,\"status\":\"ok\",\"verdict\":\"keep\",\
         \"kind\":null,\"kind_p\":null,\
         \"scores\":{\"boilerplate\":0.0,\"ads\":0.0,\"adult\":0.0,\"gambling\":0.0,\"scam\":0.0,\"seo\":0.0,\"quality\":0.0,\"empty\":0.0},\"confidence\":0.9123,\"reasons\":\
         [{\"name\":\"low_confidence\",\"of\":\"verdict\",\"weight\":1.5,\"text\":\"the body is short\",\"blocks\":[0]}],\"source_evidence\":null,\
         \"lang\":\"en\",\"title\":null,\"author\":null,\"date\":null,\"simhash\":\"b84017fda0c31c12\",\"layout\":null,\"body\":\"Title\\nText \\\"q\\\"\"}\n"
    );
}

#[test]
fn what_is_known_of_a_source_stands_in_its_row() {
    let mut report = sample();
    report.author = Some("Orla Fennimore".to_owned());
    let known = row(&RowFormat::new(), &report);
    let shown = json!({"name": "author", "weight": 0.3333, "text": "author named"});
    assert_eq!(
        known["source_evidence"],
        json!({"against": 0.0, "identity": {"score": null, "evidence": [shown]}, "authority": null, "behaviour": null, "lists": null})
    );
    let evidence =
        vec![Weight { name: "listed".to_owned(), weight: -2.0, text: "bad: scam (a.example)".to_owned() }];
    report.source_evidence.lists = SubScore::Known { score: 0.119_202_92, evidence };
    report.source_evidence.against =
        vec![Against { reason: Reason::ListedSource, weight: 2.0, text: "bad: scam (a.example)".to_owned() }];
    let known = &row(&RowFormat::new(), &report)["source_evidence"];
    let line = json!({"name": "listed", "weight": -2.0, "text": "bad: scam (a.example)"});
    assert_eq!(
        (&known["lists"], &known["against"]),
        (&json!({"score": 0.1192, "evidence": [line]}), &json!(2.0))
    );
}

#[test]
fn counters_of_a_row_are_those_above_zero() {
    let with = row(&RowFormat::new().with_host_evidence(), &sample());
    let counted = &with["host_evidence"];
    assert_eq!((&counted["domain"], &counted["prefix"]), (&json!("news.example"), &json!("/")));
    assert_eq!(
        (&counted["pages"], &counted["verdict_keep"], &counted["nav_blocks"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert!(counted.get("verdict_drop").is_none() && counted.get("adult_sum").is_none());
    assert!(row(&RowFormat::new(), &sample()).get("host_evidence").is_none());
    let nowhere = Sample::new().block(BlockKind::Paragraph, "Bees dance.").report();
    assert_eq!(row(&RowFormat::new().with_host_evidence(), &nowhere)["host_evidence"], Value::Null);
}

#[test]
fn blocks_carry_the_probability_of_their_own_label() {
    let row = row(&RowFormat::new().with_blocks(), &sample());
    assert_eq!(row["blocks"][0]["p"], json!(0.9));
    assert_eq!(row["blocks"][2]["p"], json!(0.97));
    assert_eq!(row["blocks"][2]["label"], "nav");
    assert_eq!(row["blocks"][2]["reason"], "nav_element");
    assert_eq!(row["blocks"][0]["path"], "html");
    assert!(row["blocks"][0].get("lines").is_none());
}

#[test]
fn explanations_stand_behind_the_fields_of_a_block() {
    let plain = RowFormat::new().with_blocks();
    let report =
        crate::Filter::builtin().explain(&crate::Document::html("<h2>Bees</h2><p>Bees dance in spring."));
    let (with, without) = (row(&plain.clone().with_explanations(), &report), row(&plain, &report));
    let heading = &with["blocks"][0];
    assert_eq!((heading["kind"].as_str(), heading["level"].as_u64()), (Some("heading"), Some(2)));
    assert!(with["blocks"][1].get("level").is_none());
    assert!(heading["runner_up"]["p"].is_number() && heading["runner_up"]["label"].is_string());
    let sign = &heading["signs"][0];
    assert!(sign["name"].is_string() && sign["weight"].is_number() && sign["text"].is_string());
    assert!(without["blocks"][0].get("kind").is_none() && without["blocks"][0].get("signs").is_none());
    let bare = row(&plain.with_explanations(), &sample());
    assert_eq!((&bare["blocks"][0]["runner_up"], &bare["blocks"][0]["signs"]), (&Value::Null, &json!([])));
}

#[test]
fn lines_stand_in_place_of_the_path_on_a_plain_text_page() {
    let row = row(&RowFormat::new().with_blocks(), &Sample::new().line(7, "正文").report());
    assert_eq!(row["blocks"][0]["lines"], json!([7, 7]));
    assert!(row["blocks"][0].get("path").is_none());
}

#[test]
fn the_body_can_be_markdown() {
    let row = row(&RowFormat::new().with_body(BodyFormat::Markdown), &sample());
    assert_eq!(row["body"], "# Title\n\nText \"q\"");
}

#[test]
fn an_error_row_carries_the_same_fields() {
    let failure = RecordError {
        id: "a.warc#3".to_owned(),
        url: None,
        kind: "truncated_record",
        message: "the record ends early".to_owned(),
    };
    let mut out = Vec::new();
    RowFormat::new().with_blocks().append_failure(&mut out, &failure, Some(&Provenance::new("a.warc", 3)));
    let error: Value = serde_json::from_slice(&out).unwrap();
    let ok = row(&RowFormat::new(), &sample());
    assert!(ok.as_object().unwrap().keys().all(|key| error.get(key).is_some()));
    assert_eq!(error["status"], "error");
    assert_eq!(error["verdict"], "review");
    assert_eq!(error["error"]["kind"], "truncated_record");
    assert_eq!(error["body"], Value::Null);
    assert_eq!(error["source"], json!({"input": "a.warc", "position": 3}));
    assert!(ok.get("error").is_none());
}

#[test]
fn a_row_says_where_its_page_came_from_and_what_the_record_says() {
    let fields = crate::provenance::Fields::from_json(r#"{"dump":"CC-7","score":0.10}"#);
    let from = Provenance::new("c4.jsonl", 7).with_fields(fields);
    let mut out = Vec::new();
    RowFormat::new().append_record(&mut out, &sample(), Some(&from));
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains(r#""source":{"input":"c4.jsonl","position":7},"status""#), "{text}");
    assert!(text.contains(r#""fields":{"dump":"CC-7","score":0.10},"body":"#), "{text}");
    let mut out = Vec::new();
    let failure = RecordError { id: String::new(), url: None, kind: "panic", message: String::new() };
    RowFormat::new().append_failure(&mut out, &failure, Some(&from));
    assert!(String::from_utf8(out).unwrap().contains(r#""score":0.10},"body":null}"#));
}

#[test]
fn the_bodys_field_can_have_the_name_that_a_reader_expects() {
    let row = row(&RowFormat::new().with_body_field("text").unwrap(), &sample());
    assert_eq!((&row["text"], row.get("body")), (&json!("Title\nText \"q\""), None));
    for name in FIELDS.into_iter().chain(["blocks", "", " "]) {
        assert!(RowFormat::new().with_body_field(name).is_err(), "{name}");
    }
    let shown = row.as_object().unwrap().keys().filter(|name| *name != "text");
    assert!(shown.into_iter().all(|name| FIELDS.contains(&name.as_str())));
}

#[test]
fn numbers_are_rounded_to_four_decimals() {
    assert_eq!(rounded(0.123_456).to_string(), "0.1235");
    assert_eq!(rounded(-0.000_01).to_string(), "0");
    assert_eq!(serde_json::to_string(&rounded(f32::NAN)).unwrap(), "null");
}

#[test]
fn a_path_of_many_long_steps_is_cut_at_a_step() {
    let path = vec!["div.真的很长"; 40].join("/");
    let end = path_end(path.clone());
    assert!(end.len() <= PATH_BYTES + "…/".len(), "{}", end.len());
    assert!(end.starts_with("…/div."));
    assert!(path.ends_with(end.trim_start_matches("…/")));
}
