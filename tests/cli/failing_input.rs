//! Inputs that cannot be read, or are others than before: what is told, and what a run that goes on does about it.

use super::*;

#[test]
fn an_input_that_is_missing_is_an_error_row_and_the_rest_goes_through() {
    let place = Place::new();
    place.write("a.html", article(1));
    let ran = place
        .run("filter nowhere/ a.html -o kept.jsonl --rejected rejected.jsonl --keep-review")
        .ends_with(2);
    assert!(ran.err.contains("nowhere"), "{}", ran.err);
    let rejected = rows(&place.read("rejected.jsonl"));
    assert_eq!(rejected[0]["error"]["kind"], "unreadable_input");
    assert_eq!(rejected.len() + rows(&place.read("kept.jsonl")).len(), 2);
}

#[test]
fn a_quiet_run_tells_the_errors_that_no_file_holds() {
    let place = Place::new();
    place.write("a.html", article(1));
    let ran = place.run("filter nowhere.jsonl a.html -q -o kept.jsonl").ends_with(2).says("nowhere.jsonl");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    let ran = place.run("filter nowhere.jsonl a.html -q -o k.jsonl --rejected r.jsonl").ends_with(2);
    assert_eq!((ran.err.as_str(), rows(&place.read("r.jsonl")).len()), ("", 1));
}

#[test]
fn an_input_that_was_not_there_is_read_when_the_run_goes_on() {
    let place = Place::new();
    let part = |from: usize| crawl(7 * (from + 1)).lines().skip(7 * from).collect::<Vec<_>>().join("\n");
    place.write("a.jsonl", part(0)).write("c.jsonl", part(2));
    let run = "filter a.jsonl b.jsonl c.jsonl -o kept.jsonl --rejected rejected.jsonl --keep-review";
    place.run(run).ends_with(2);
    let before = place.read("kept.jsonl");
    let errors = || {
        rows(&place.read("rejected.jsonl"))
            .iter()
            .filter(|row| row["error"]["kind"] == "unreadable_input")
            .count()
    };
    let again = place.run(&format!("{run} --resume")).ends_with(2).says("b.jsonl");
    assert_eq!((place.read("kept.jsonl") == before, errors()), (true, 1), "{}", again.err);
    place.write("b.jsonl", part(1));
    place.run(&format!("{run} --resume")).ends_with(2).says("inputs read later");
    let kept = place.read("kept.jsonl");
    assert!(kept.starts_with(&before));
    let mut ids: Vec<usize> = rows(&kept)
        .iter()
        .map(|row| row["id"].as_str().unwrap().trim_start_matches('p').parse().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..21).filter(|number| number % 7 != 3).collect::<Vec<_>>());
    assert_eq!(errors(), 1);
    place.run(&format!("{run} --resume")).ends_with(2).says("finished already");
    assert_eq!(place.read("kept.jsonl"), kept);
}

#[cfg(unix)]
#[test]
fn a_file_of_the_same_size_with_other_bytes_is_not_read_on() {
    let place = Place::new();
    place.write("crawl.jsonl", crawl(300));
    // The run waits for the pipe, with the section before it written.
    assert!(Command::new("mkfifo").arg(place.path("pipe.jsonl")).status().unwrap().success());
    let run = "filter crawl.jsonl pipe.jsonl -o kept.jsonl";
    let mut child = place.command(run).spawn().unwrap();
    wait_for_section(&place.path(".kept.jsonl.journal"));
    child.kill().unwrap();
    child.wait().unwrap();
    place.write("crawl.jsonl", crawl(300).replacen("Page 1<", "Page 8<", 1));
    place.run(&format!("{run} --resume")).ends_with(2).says("`crawl.jsonl`, which was read in part");
}
