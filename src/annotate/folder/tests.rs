//! Folders of labelled pages: what is saved is what is read.

use super::*;
use std::sync::Arc;

const PAGE: &str = "<nav>@ home</nav><nav>@ home</nav><p>and so on…<p>#! note<pre>a\n\tb\n</pre><p>= 1<p>Bees dance…</p>\
    <p>Bees dance… in spring";

fn labels(document: &Document, from: usize) -> Vec<Label> {
    let page = Page::read(document, &Limits::default());
    let label = |at: usize| Label::ALL[(at * 7 + from) % Label::ALL.len()];
    (0..page.blocks().len()).map(label).collect()
}

fn loaded(dir: &Path) -> Vec<(String, Vec<Label>, Vec<String>)> {
    let read = |found: TrainingPage| {
        let document = found.page.document().unwrap();
        let page = Page::read(&document, &Limits::default());
        let labels = found.rules.unwrap().resolve(&page, &document).unwrap();
        let texts = page.blocks().map(|block| block.text().to_owned()).collect();
        (found.page.id, labels.into_iter().flatten().collect(), texts)
    };
    pages_of(dir).unwrap().into_iter().map(read).collect()
}

#[test]
fn awkward_texts_survive() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let document = Document::html(PAGE).with_url("https://a.example/x");
    let labels = labels(&document, 3);
    let saved = folder.save(&document, &labels, &PageFacts::default()).unwrap();
    assert_eq!((saved.blocks, saved.changed), (labels.len(), labels.len()));
    let found = loaded(dir.path());
    assert_eq!((found.len(), &found[0].0, &found[0].1), (1, &saved.name, &labels));
}

#[test]
fn random_labels_of_all_training_pages_are_read_back() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data");
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let mut expected = Vec::new();
    for (at, found) in training_pages(&data).unwrap().into_iter().enumerate() {
        let document = found.page.document().unwrap();
        let labels = labels(&document, at);
        let facts = PageFacts::default().with_type(&found.page.page_type).with_lang(&found.lang.unwrap());
        expected.push((folder.save(&document, &labels, &facts).unwrap().name, labels));
    }
    expected.sort();
    let found: Vec<_> = loaded(dir.path()).into_iter().map(|(name, labels, _)| (name, labels)).collect();
    assert!(found.len() > 50 && found == expected);
}

#[test]
fn a_charset_of_the_header_is_kept_in_the_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let (gbk, _, _) = encoding_rs::GBK.encode("<meta charset=iso-8859-1><p>蜜蜂在春天跳舞</p><p>é赞</p>");
    let document = Document::html(gbk.into_owned()).with_charset("gbk").with_url("https://a.example/g");
    let before: Vec<String> =
        Page::read(&document, &Limits::default()).blocks().map(|block| block.text().to_owned()).collect();
    folder.save(&document, &labels(&document, 0), &PageFacts::default()).unwrap();
    assert_eq!(loaded(dir.path())[0].2, before);
    assert_eq!(before[0], "蜜蜂在春天跳舞");
}

#[test]
fn the_same_page_again_replaces_its_labels_and_a_new_version_the_page() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let page = |text: &str| Document::html(format!("<p>Bees<p>{text}")).with_url("https://a.example/x");
    let save = |text: &str, labels: [Label; 2], lang: &str| {
        folder.save(&page(text), &labels, &PageFacts::default().with_lang(lang)).unwrap()
    };
    let first = save("dance", [Label::Body, Label::Body], "en");
    let second = save("dance", [Label::Body, Label::Ad], "en");
    assert_eq!((first.name.as_str(), second.changed), (second.name.as_str(), 1));
    let third = save("sleep", [Label::Body, Label::Nav], "zh");
    let found = loaded(dir.path());
    assert_eq!((found.len(), &found[0].0, &found[0].1[..]), (1, &third.name, &[Label::Body, Label::Nav][..]));
    assert!(folder.remove(&third.name).unwrap() && !folder.remove(&third.name).unwrap());
    assert!(folder.pages().unwrap().is_empty() && names(&dir.path().join("pages")).unwrap().is_empty());
    assert!(folder.remove("../x").unwrap_err().to_string().contains("expected the name"));
}

#[test]
fn wrong_labels_and_types_are_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let document = Document::html("<p>a<p>b");
    let few = folder.save(&document, &[Label::Body], &PageFacts::default()).unwrap_err().to_string();
    assert!(few.contains("expected 2 labels") && few.contains("found 1"), "{few}");
    let blog = PageFacts::default().with_type("blog");
    let error = folder.save(&document, &[Label::Body; 2], &blog).unwrap_err().to_string();
    assert!(error.contains("found `blog`"), "{error}");
    assert!(names(&dir.path().join("pages")).unwrap().is_empty());
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let error = LabelledFolder::open(dir.path()).unwrap_err().to_string();
    assert!(error.contains("another pagesieve saves labels in"), "{error}");
    assert!(pages_of(dir.path()).unwrap().is_empty());
    drop(folder);
    LabelledFolder::open(dir.path()).unwrap();
}

#[test]
fn a_folder_that_was_removed_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("labels");
    let folder = LabelledFolder::open(&path).unwrap();
    fs::remove_dir_all(&path).unwrap();
    let document = Document::html("<p>Bees");
    folder.save(&document, &[Label::Body], &PageFacts::default()).unwrap();
    assert_eq!(loaded(&path).len(), 1);
    assert!(LabelledFolder::open(&path).is_err(), "the new folder is locked too");
    fs::remove_dir_all(&path).unwrap();
    fs::write(&path, "a file").unwrap();
    let error = folder.save(&document, &[Label::Body], &PageFacts::default()).unwrap_err().to_string();
    assert!(error.starts_with("cannot create"), "{error}");
}

#[test]
fn what_a_killed_writer_left_is_passed_over_and_swept() {
    let dir = tempfile::tempdir().unwrap();
    let pages = dir.path().join("pages");
    fs::create_dir_all(&pages).unwrap();
    fs::write(pages.join("en-x.html"), "<p>Bees").unwrap();
    fs::write(pages.join(".en-x.labels.tmp"), "# url: https://a").unwrap();
    fs::write(pages.join(".en-y.html.tmp"), "<p>").unwrap();
    assert!(pages_of(dir.path()).unwrap().is_empty());
    LabelledFolder::open(dir.path()).unwrap();
    assert!(names(&pages).unwrap().is_empty());
    fs::write(pages.join("en-x.html"), "<p>Bees").unwrap();
    assert!(pages_of(dir.path()).is_err(), "a page that somebody forgot to label is still named");
}

#[test]
fn labels_of_another_version_are_named_with_their_line() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let saved = folder.save(&Document::html("<p>Bees"), &[Label::Body], &PageFacts::default()).unwrap();
    let path = dir.path().join("pages").join(format!("{}.labels", saved.name));
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("# v: 2\n{good}")).unwrap();
    let error = folder.pages().unwrap_err()[0].to_string();
    assert!(error.contains(".labels:1: expected format version 1, found `2`"), "{error}");
    fs::write(&path, good.replace("body\t", "summary\t")).unwrap();
    let error = folder.pages().unwrap_err()[0].to_string();
    assert!(
        error.contains(".labels:5: unknown label `summary`") && error.contains("the version of pagesieve"),
        "{error}"
    );
}

#[test]
fn many_threads_save_into_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Arc::new(LabelledFolder::open(dir.path()).unwrap());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let folder = Arc::clone(&folder);
            scope.spawn(move || {
                for page in 0..5 {
                    let url = format!("https://a.example/{thread}/{page}");
                    let document = Document::html("<p>Bees").with_url(url);
                    folder.save(&document, &[Label::Body], &PageFacts::default()).unwrap();
                }
            });
        }
    });
    assert_eq!(loaded(dir.path()).len(), 20);
}

#[test]
fn what_is_kept_of_a_page_fits_the_page_as_it_is_now() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    let page = |html: &str| Document::html(html).with_url("https://a.example/x");
    let before = page("<p>Bees<p>Top<p>Top<p>dance");
    assert_eq!(folder.kept(&before).unwrap(), None);
    let labels = [Label::Body, Label::Ui, Label::Nav, Label::Body];
    let facts = PageFacts::default().with_type("forum").with_lang("zh");
    let saved = folder.save(&before, &labels, &facts).unwrap();
    let kept = folder.kept(&before).unwrap().unwrap();
    assert_eq!((kept.name, kept.page_type.as_str()), (saved.name, "forum"));
    assert_eq!(kept.labels, labels.map(Some));
    let kept = folder.kept(&page("<p>Top<p>New<p>Bees<p>Top")).unwrap().unwrap();
    assert_eq!(kept.labels, [Some(Label::Ui), None, Some(Label::Body), Some(Label::Nav)]);
    let other = Document::html("<p>Bees").with_url("https://a.example/y");
    assert_eq!(folder.kept(&other).unwrap(), None);
}

#[test]
fn a_page_without_a_url_is_known_by_its_id() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LabelledFolder::open(dir.path()).unwrap();
    for id in ["a b#1&=%", "蜜蜂", ""] {
        let document = Document::text(format!("Bees dance, says {id}.")).with_id(id);
        folder.save(&document, &[Label::Body], &PageFacts::default()).unwrap();
        let urls: Vec<String> =
            folder.pages().unwrap().into_iter().filter_map(|found| found.page.url).collect();
        let ids: Vec<String> = urls.iter().filter_map(|url| id_in(url)).collect();
        assert!(ids.iter().any(|found| found == id) != id.is_empty(), "{urls:?}");
    }
    assert_eq!(id_in("https://a.example/#urn:page:1#x"), None);
}
