//! Rows that can be joined to what was read: ids, places, the record's own fields, the name of the body's field.

use super::*;
use serde_json::json;

/// All rows of a run, kept and rejected.
fn all(place: &Place, arguments: &str, code: i32) -> Vec<Value> {
    place.run(&format!("filter {arguments} -o k.jsonl --rejected r.jsonl --force")).ends_with(code);
    [rows(&place.read("k.jsonl")), rows(&place.read("r.jsonl"))].concat()
}

#[test]
fn pages_of_one_name_in_two_folders_are_told_apart() {
    let place = Place::new();
    place.write("col/a/index.html", article(1)).write("col/b/index.html", article(2));
    place.write("col/b/lines.jsonl", format!("{{\"text\": \"x\"}}\n{}\n", json!({"id": "own", "text": "y"})));
    let found = all(&place, "col --keep-review", 0);
    let sources: Vec<String> =
        found.iter().map(|row| format!("{} {}", row["id"].as_str().unwrap(), row["source"])).collect();
    for expected in [
        r#"a/index.html {"input":"col/a/index.html","position":1}"#,
        r#"b/index.html {"input":"col/b/index.html","position":1}"#,
        r#"b/lines.jsonl#1 {"input":"col/b/lines.jsonl","position":1}"#,
        r#"own {"input":"col/b/lines.jsonl","position":2}"#,
    ] {
        assert!(sources.iter().any(|found| found == expected), "{expected} is not in {sources:?}");
    }
    assert_eq!(found.len(), 4);
    // The page is found again by the id of its row.
    let listed = place.run("label --from k.jsonl --page b/index.html --pages col").ends_with(0).out;
    assert!(listed.contains("Page 2"), "{listed}");
}

#[test]
fn a_row_gives_the_records_own_fields_back() {
    let place = Place::new();
    let line = json!({"id": 5, "url": "", "text": "x", "dump": "CC-7", "language_score": 0.91});
    place.write("a.jsonl", format!("{line}\n{{\"k\": 1}}\n"));
    let found = all(&place, "a.jsonl", 2);
    let ok = found.iter().find(|row| row["status"] == "ok").unwrap();
    assert_eq!(
        (&ok["url"], &ok["fields"]),
        (&Value::Null, &json!({"dump": "CC-7", "language_score": 0.91, "url": ""}))
    );
    let error = found.iter().find(|row| row["status"] == "error").unwrap();
    assert_eq!((&error["fields"], &error["source"]["position"]), (&json!({"k": 1}), &json!(2)));
    assert!(all(&place, "a.jsonl --keep-fields none", 2).iter().all(|row| row.get("fields").is_none()));
    let named = all(&place, "a.jsonl --keep-fields dump,none", 2);
    assert!(named.iter().any(|row| row["fields"] == json!({"dump": "CC-7"})), "{named:?}");
    place
        .run("filter a.jsonl -o k.jsonl --resume --rejected r.jsonl --keep-fields all")
        .ends_with(2)
        .says("--keep-fields was");
}

#[test]
fn the_body_stands_under_the_name_that_the_next_tool_expects() {
    let place = Place::new();
    place.write("a.html", article(1));
    let found = all(&place, "a.html --body-field text --keep-review --blocks", 0);
    assert!(found[0]["text"].as_str().unwrap().contains("council") && found[0].get("body").is_none());
    let text = place.run("filter a.html --body-field text --keep-review").ends_with(0).out;
    place.write("rows.jsonl", text);
    // A queue reads the rows, and so does the program itself.
    place.run("label --from rows.jsonl --page a.html").ends_with(0).says("text of the row");
    assert_eq!(all(&place, "rows.jsonl", 0)[0]["id"], "a.html");
    place.run("filter a.html --body-field url").ends_with(2).says("a row has a field `url` already");
    place.run("filter a.html --body-field=").ends_with(2).says("--body-field");
}

#[test]
fn an_empty_url_is_none() {
    let place = Place::new();
    place.write("a.html", article(1));
    let with = place.command("score a.html --json --url").arg("").output().unwrap();
    assert_eq!(Ran::from(with).out, place.run("score a.html --json").out);
}

#[test]
fn a_list_names_inputs_and_its_bad_lines_are_rows_that_say_where() {
    let place = Place::new();
    place.write("in/a.html", article(1)).write("in/b.html", article(2)).write("c.html", article(3));
    let list =
        [b"# pages\n\n in/a.html \r\nno/such.html\n".as_slice(), b"-\nin/\xFF.html\nin/b.html\nin/a.html\n"]
            .concat();
    place.write("list.txt", &list);
    let found = all(&place, "c.html --from-list list.txt --keep-review", 2);
    let ok = found.iter().filter(|row| row["status"] == "ok").map(|row| row["id"].as_str().unwrap());
    assert_eq!(ok.collect::<Vec<_>>(), ["c.html", "in/a.html", "in/b.html"]);
    let errors: Vec<&str> = found.iter().filter_map(|row| row["error"]["message"].as_str()).collect();
    assert_eq!(errors.len(), 3, "{errors:?}");
    for (error, line) in errors.iter().zip([4, 5, 6]) {
        assert!(error.starts_with(&format!("list.txt:{line}: ")), "{error}");
    }
    assert!(errors[0].contains("no/such.html") && errors[0].contains("check the spelling"), "{errors:?}");
    let piped = place.run_on("filter --from-list - --keep-review -q", b"c.html\n").ends_with(0);
    assert_eq!(rows(piped.out.as_bytes())[0]["id"], "c.html");
    place.run("filter --from-list none.txt").ends_with(2).says("none.txt");
    place.write("out.txt", "out.jsonl\n").write("out.jsonl", "{\"text\": \"x\"}\n");
    place.run("filter --from-list out.txt -o out.jsonl --force").ends_with(2).says("both input and output");
    place
        .run("filter c.html --from-list list.txt -o list.txt --force")
        .ends_with(2)
        .says("both input and output");
}

#[test]
fn a_name_that_promises_another_format_is_refused_in_one_line() {
    let place = Place::new();
    place.write("a.html", article(1));
    for name in ["k.csv", "k.arrow", "k.CSV.gz", "k.warc", "k.bz2", "k.jsonl.xz"] {
        let ran = place.run(&format!("filter a.html -o {name}")).ends_with(2).says("end the name in .jsonl");
        assert_eq!((ran.err.lines().count(), place.path(name).exists()), (1, false), "{}", ran.err);
        place
            .run(&format!("filter a.html -o k.jsonl --rejected {name} --force"))
            .ends_with(2)
            .says("promises");
    }
    for name in ["k.txt", "k.json", "k", "k.v2.jsonl.zst"] {
        place.run(&format!("filter a.html -o {name}")).ends_with(0);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn rows_in_columns_are_there_when_they_are_whole() {
    let place = Place::new();
    place.write("crawl.jsonl", crawl(30));
    place.run("filter crawl.jsonl -o k.parquet --rejected r.parquet --keep-review --blocks").ends_with(2);
    let names = || {
        let mut names: Vec<_> =
            fs::read_dir(place.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["crawl.jsonl", "k.parquet", "r.parquet"]);
    // The rows are what the program reads, as any data set is.
    place.run("filter crawl.jsonl -o k.jsonl --rejected r.jsonl --keep-review").ends_with(2);
    let ids = |name: &str| -> Vec<Value> {
        let ran = place.run(&format!("filter {name} --keep-review --rejected all.jsonl --force -q"));
        [rows(ran.out.as_bytes()), rows(&place.read("all.jsonl"))]
            .concat()
            .iter()
            .map(|row| row["id"].clone())
            .collect()
    };
    assert_eq!(ids("k.parquet").len(), rows(&place.read("k.jsonl")).len());
    assert_eq!(ids("k.parquet"), ids("k.jsonl"));
    place.run("filter crawl.jsonl -o k.parquet").ends_with(2).says("--force");
    place
        .run("filter crawl.jsonl -o n.parquet --resume")
        .ends_with(2)
        .says("--resume goes on with JSON lines only");
    place.run("filter crawl.jsonl -o n.parquet.gz").ends_with(2).says("promises columns");
}
