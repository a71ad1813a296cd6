//! Queues of small result files.

use super::*;
use crate::annotate::{LabelledFolder, PageFacts};
use crate::classify::Label;
use crate::page::Document;
use std::fs;
use std::io::Write;

fn row(id: &str, confidence: f32, p: f32, path: &str) -> String {
    format!(
        "{{\"v\":1,\"id\":\"{id}\",\"url\":\"https://{id}.example/\",\"status\":\"ok\",\"verdict\":\"keep\",\"scores\":null,\
         \"confidence\":{confidence},\"title\":\"Page \\\"{id}\\\"\",\"body\":\"Text\",\"blocks\":[{{\"label\":\"body\",\
         \"p\":{p},\"text\":\"Some text of the page\",\"path\":\"{path}\"}}]}}\n"
    )
}

fn lines() -> String {
    let error = "{\"v\":1,\"id\":\"e\",\"url\":null,\"status\":\"error\",\"verdict\":\"review\",\"confidence\":null,\"title\":null}\n";
    [
        row("a", 0.9, 0.95, "html/body/p"),
        "no json\n".to_owned(),
        row("b", 0.4, 0.5, "html/body/p"),
        "{\"v\":2,\"id\":\"z\",\"url\":null,\"status\":\"ok\",\"verdict\":\"keep\"}\n".to_owned(),
        error.to_owned(),
        "\n".to_owned(),
        row("c", 0.8, 0.9, "html/body/table/td.post"),
    ]
    .concat()
}

fn ids(queue: &Queue, order: Order) -> Vec<&str> {
    queue.ranked(order).map(|page| page.id.as_str()).collect()
}

#[test]
fn bad_rows_are_counted_and_named_and_the_rest_goes_through() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kept.jsonl");
    fs::write(&path, lines()).unwrap();
    let queue = Queue::read(&path).unwrap();
    let (count, named) = queue.bad_rows();
    assert_eq!((count, queue.errors(), queue.pages().len()), (2, 1, 3));
    assert_eq!((named[0].line, named[1].line), (2, 4));
    assert!(
        named[0].problem.contains("expected a row") && named[1].problem.contains("version 2"),
        "{named:?}"
    );
    assert_eq!(queue.pages()[0].title.as_deref(), Some("Page \"a\""));
}

#[test]
fn uncertain_pages_come_first_and_different_ones_where_they_are_wanted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kept.jsonl");
    fs::write(&path, lines()).unwrap();
    let mut queue = Queue::read(&path).unwrap();
    assert_eq!(ids(&queue, Order::Uncertain), ["b", "c", "a"]);
    assert_eq!(ids(&queue, Order::File), ["a", "b", "c"]);
    let uncertain = queue.pages()[1].uncertainty;
    assert!((uncertain - 0.55).abs() < 1e-6, "{uncertain}");
    let folder = LabelledFolder::open(dir.path().join("labels")).unwrap();
    let page = Document::html("<p>Some text of the page").with_url("https://a.example");
    folder.save(&page, &[Label::Body], &PageFacts::default()).unwrap();
    queue.compare(folder.dir()).unwrap();
    assert_eq!(ids(&queue, Order::Different), ["c", "b", "a"]);
    assert_eq!(ids(&queue, Order::Uncertain), ["b", "c", "a"], "labelled pages stand last");
    assert!(queue.pages()[0].labelled && !queue.pages()[1].labelled);
    assert!(queue.pages()[2].difference > queue.pages()[1].difference);
}

#[test]
fn rows_are_found_again_in_plain_and_compressed_files() {
    let dir = tempfile::tempdir().unwrap();
    let (plain, packed) = (dir.path().join("kept.jsonl"), dir.path().join("kept.jsonl.gz"));
    fs::write(&plain, lines()).unwrap();
    let mut gz = flate2::write::GzEncoder::new(File::create(&packed).unwrap(), flate2::Compression::fast());
    gz.write_all(lines().as_bytes()).unwrap();
    gz.finish().unwrap();
    let zst = dir.path().join("kept.jsonl.zst");
    fs::write(&zst, zstd::encode_all(lines().as_bytes(), 3).unwrap()).unwrap();
    for path in [&plain, &packed, &zst] {
        let queue = Queue::read(path).unwrap();
        assert_eq!(
            queue.row(queue.position("c").unwrap()).unwrap() + "\n",
            row("c", 0.8, 0.9, "html/body/table/td.post")
        );
        assert!(queue.row(3).unwrap_err().to_string().contains("expected a place below 3"));
    }
    let queue = Queue::read(&plain).unwrap();
    fs::write(&plain, "{}\n").unwrap();
    assert!(queue.row(1).unwrap_err().to_string().contains("the file has changed"));
}

#[test]
fn the_beginning_of_a_cut_file_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kept.jsonl.zst");
    let packed = zstd::encode_all(lines().as_bytes(), 3).unwrap();
    fs::write(&path, &packed[..packed.len() - 8]).unwrap();
    let queue = Queue::read(&path).unwrap();
    assert!(queue.bad_rows().0 >= 1, "{queue:?}");
}

#[test]
fn the_farthest_pages_come_one_after_another() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kept.jsonl");
    let same = (0..5).map(|at| row(&format!("same{at}"), 0.5, 0.5, "html/body/div.one/p.a"));
    let text: String = same.chain([row("far", 0.9, 0.9, "html/body/table/tr/td.x")]).collect();
    fs::write(&path, text).unwrap();
    let queue = Queue::read(&path).unwrap();
    assert_eq!(&ids(&queue, Order::Different)[..2], ["same0", "far"]);
}

#[test]
fn a_list_leads_to_the_pages_of_its_result() {
    let dir = tempfile::tempdir().unwrap();
    let (path, list) = (dir.path().join("kept.jsonl"), dir.path().join("queue.jsonl"));
    fs::write(&path, lines()).unwrap();
    let from = path.display();
    let listed =
        |at: usize, id: &str| format!("{{\"v\":1,\"from\":\"{from}\",\"at\":{at},\"id\":\"{id}\"}}\n");
    fs::write(&list, listed(2, "c") + &listed(0, "a")).unwrap();
    let queue = Queue::read_list(&list).unwrap();
    assert_eq!(ids(&queue, Order::File), ["c", "a"]);
    assert_eq!(queue.row(1).unwrap() + "\n", row("a", 0.9, 0.95, "html/body/p"));
    for (text, expected) in [
        (listed(2, "b"), ":1: expected `b`"),
        (listed(0, "a") + &listed(0, "a"), ":2: expected `a`"),
        ("{}\n".to_owned(), ":1: expected a page of a queue"),
        (String::new(), "found none"),
    ] {
        fs::write(&list, text).unwrap();
        let error = Queue::read_list(&list).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("write it anew"), "{error}");
    }
}
