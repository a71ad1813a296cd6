use super::*;
use std::fs;
use std::io::BufReader;
use std::path::Path;

fn import(options: ListOptions, text: &[u8]) -> crate::Result<List> {
    let mut importer = Importer::new(options);
    importer.add(Path::new("list.txt"), None, BufReader::new(text))?;
    importer.finish(Some("2024-01-02".to_owned()))
}

fn list(text: &str) -> List {
    import(ListOptions::new("test"), text.as_bytes()).unwrap()
}

fn refused(list: &List, reason: Refusal) -> u64 {
    list.header().counts.refused.get(reason.as_str()).map_or(0, |refused| refused.0)
}

fn covers(list: &List, host: &str) -> bool {
    list.find(host).is_some()
}

#[test]
fn a_listed_domain_covers_its_subdomains_and_nothing_else() {
    let list = list("bad.example\nother.co.uk\n");
    for host in ["bad.example", "www.bad.example", "a.b.bad.example", "bad.example.", "x.other.co.uk"] {
        assert!(covers(&list, host), "{host}");
    }
    for host in ["notbad.example", "example", "bad.example.com", "co.uk", "ad.example", "", "."] {
        assert!(!covers(&list, host), "{host}");
    }
}

#[test]
fn the_most_specific_entry_counts() {
    let mut importer = Importer::new(ListOptions::new("ut1"));
    importer.add(Path::new("domains"), Some("adult"), &b"a.example\nx.a.example\n"[..]).unwrap();
    importer.add(Path::new("domains"), Some("press"), &b"news.a.example\nx.a.example\n"[..]).unwrap();
    let list = importer.finish(None).unwrap();
    let categories = |host: &str| -> Vec<String> {
        let found = list.find(host).unwrap();
        list.categories(found).map(|category| category.name.clone()).collect()
    };
    assert_eq!(categories("b.a.example"), ["adult"]);
    assert_eq!(categories("www.news.a.example"), ["press"]);
    assert_eq!(categories("x.a.example"), ["adult", "press"]);
    assert_eq!(list.find("w.x.a.example").unwrap().entry("w.x.a.example", ""), "x.a.example");
    assert_eq!((list.len(), list.header().counts.duplicates), (3, 1));
    let weights: Vec<f32> = list.header().categories.iter().map(|category| category.weight).collect();
    assert_eq!(weights, [-2.0, 0.0], "press is a fact about a host, not a reproach");
}

#[test]
fn public_suffixes_are_refused_and_counted() {
    let list = list("com.cn\n*.github.io\nco.uk.\ncom\n||blogspot.com^\nuser.github.io\ngood.com.cn\n");
    let suffixes = &list.header().counts.refused["public_suffix"];
    assert!(suffixes.0 >= 4, "{suffixes:?}");
    assert!(suffixes.1.contains(&"com.cn".to_owned()));
    assert!(covers(&list, "user.github.io") && covers(&list, "good.com.cn"));
    assert!(!covers(&list, "other.github.io") && !covers(&list, "other.com.cn"));
}

#[test]
fn every_way_to_write_a_host_gives_the_same_key() {
    for text in [
        "bad.example",
        "  BAD.Example.  ",
        "\u{feff}bad.example\r",
        "bad.example # comment",
        "0.0.0.0 bad.example",
        "127.0.0.1\tbad.example\t# x",
        ":: bad.example",
        "http://bad.example/",
        "https://user@bad.example:8443",
        "bad.example:8080",
        "||bad.example^",
        "||bad.example^$third-party",
        ".bad.example",
        "*://*.bad.example/*",
        "//bad.example/*",
        "ｂａｄ.example",
    ] {
        let list = list(text);
        assert!(covers(&list, "bad.example") && covers(&list, "w.bad.example"), "{text:?}");
    }
}

#[test]
fn a_leading_wildcard_covers_what_is_below_alone() {
    let list = list("*.bad.example\n");
    assert!(covers(&list, "a.bad.example") && covers(&list, "b.a.bad.example"));
    assert!(!covers(&list, "bad.example"));
}

#[test]
fn names_in_other_scripts_are_found_by_their_ascii_form() {
    let list = list("例子.中国\nBÜCHER.example\n");
    assert!(covers(&list, "xn--fsqu00a.xn--fiqs8s") && covers(&list, "www.xn--bcher-kva.example"));
}

#[test]
fn what_is_no_entry_is_counted_by_reason() {
    let long = format!("{}.example", "a".repeat(20_000));
    let list = list(&format!(
        "# comment\n! title\n[Adblock Plus 2.0]\n\nok.example\nads*.example.com\nexample.*\n||x.example^$script\n\
         @@||x.example^\nexample.com##.ad\n127.0.0.1 localhost\n0.0.0.0 0.0.0.0\n192.168.0.1\nbad..example\n\
         a@b.example\nwords of a sentence\nexample.com:99999\n{long}\n"
    ));
    let counts = &list.header().counts;
    assert_eq!((counts.entries, counts.comments, counts.lines), (1, 4, 18), "{counts:?}");
    let refused = |reason| refused(&list, reason);
    assert_eq!((refused(Refusal::Wildcard), refused(Refusal::Filter)), (2, 3), "{counts:?}");
    assert_eq!((refused(Refusal::Local), refused(Refusal::Malformed)), (3, 4), "{counts:?}");
    assert_eq!(refused(Refusal::TooLong), 1);
}

#[test]
fn addresses_are_entries_and_cover_no_other_address() {
    let list = list("203.0.113.7\n[2001:db8::1]\n2001:db8::2\nhttp://0x7f.1/\n203.0.113.9:8080\n");
    for host in ["203.0.113.7", "[2001:db8::1]", "[2001:db8::2]", "203.0.113.9"] {
        assert!(covers(&list, host), "{host}");
    }
    assert!(!covers(&list, "1.203.0.113.7") && !covers(&list, "113.7") && !covers(&list, "203.0.113.8"));
    assert_eq!(list.find("203.0.113.7").unwrap().entry("203.0.113.7", ""), "203.0.113.7");
    assert_eq!(refused(&list, Refusal::Local), 1);
}

#[test]
fn an_entry_with_a_path_covers_pages_below_it_and_not_the_host() {
    let list = list("host.example/~user\ngithub.io/x/\nwide.example\n");
    let found = |path: &str| list.find_page("host.example", path).is_some();
    assert!(found("/~user") && found("/~user/a.html") && found("/~user?x=1"));
    assert!(!found("/~user2") && !found("/") && !covers(&list, "host.example"));
    assert!(list.find_page("github.io", "/x/y").is_some());
    let page = list.find_page("host.example", "/~user/a").unwrap();
    assert_eq!(page.entry("host.example", "/~user/a"), "host.example/~user");
    assert_eq!(list.find_page("a.wide.example", "/z").unwrap().entry("a.wide.example", "/z"), "wide.example");
}

#[test]
fn scores_and_ranks_are_told_from_domain_lists() {
    let scored = list("domain,score\nreuters.example,1.0\nx.example,0.25\nx.example,0.5\nbad.example,7\n");
    assert_eq!(scored.header().kind, Kind::Score);
    assert_eq!(scored.number(scored.find("www.reuters.example").unwrap()), 1_000_000);
    assert_eq!(scored.number(scored.find("x.example").unwrap()), 250_000);
    assert_eq!((refused(&scored, Refusal::Value), scored.header().counts.comments), (1, 1));

    let tranco = list("1,first.example\r\n2,second.example\r\n");
    assert_eq!(tranco.header().kind, Kind::Rank);
    assert_eq!(tranco.number(tranco.find("second.example").unwrap()), 2);

    let crawl = list(
        "#harmonicc_pos\t#harmonicc_val\t#pr_pos\t#pr_val\t#host_rev\n1\t3.1E7\t5\t0.01\texample.first.www\n2\t3E7\t1\t0.02\texample.second\n",
    );
    assert_eq!(crawl.number(crawl.find("www.first.example").unwrap()), 1);
    assert_eq!(crawl.number(crawl.find("second.example").unwrap()), 2);
    assert!(!covers(&crawl, "first.example"));
}

#[test]
fn files_that_say_different_things_are_not_one_list() {
    let mut importer = Importer::new(ListOptions::new("mixed"));
    importer.add(Path::new("a.txt"), None, &b"a.example\n"[..]).unwrap();
    let error = importer.add(Path::new("b.csv"), None, &b"1,b.example\n"[..]).unwrap_err();
    assert!(error.to_string().contains("`b.csv`") && error.to_string().contains("--as"), "{error}");
}

#[test]
fn a_list_without_an_entry_says_what_was_expected() {
    for text in ["", "# nothing\n", "com\n", "\0\u{1}\n{\"host\": 1}\n"] {
        let error = import(ListOptions::new("empty"), text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("expected one host a line"), "{error}");
    }
    let error = import(ListOptions::new("latin"), b"caf\xe9.example\n").unwrap_err();
    assert!(error.to_string().contains("1 malformed"), "{error}");
}

#[test]
fn a_million_duplicates_are_one_entry() {
    let text = "bad.example\n".repeat(1_000_000);
    let list = list(&text);
    assert_eq!((list.len(), list.header().counts.duplicates), (1, 999_999));
}

#[test]
fn chunks_give_the_same_map_as_one_sort() {
    let hosts = |turn: usize| -> String {
        let hosts = (0..500).map(|n| format!("h{}.d{}.example", (n * 7 + turn) % 501, n % 9));
        hosts.collect::<Vec<_>>().join("\n") + "\n"
    };
    let mut importer = Importer::new(ListOptions::new("chunks"));
    let mut all = String::new();
    for turn in 0..4 {
        importer.add(Path::new("part"), None, hosts(turn).as_bytes()).unwrap();
        importer.sort_chunk();
        all += &hosts(turn);
    }
    let (parts, whole) = (importer.finish(None).unwrap(), list(&all));
    assert_eq!(parts.map.as_fst().as_bytes(), whole.map.as_fst().as_bytes());
    assert_eq!(parts.header().counts.duplicates, whole.header().counts.duplicates);
}

#[test]
fn a_list_is_read_back_from_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let options = ListOptions::new("mine").with_category("adult").with_date("2025-03-04").with_weight(-1.5);
    let path = import(options, b"bad.example\n").unwrap().save(folder.path()).unwrap();
    let list = List::open(&path).unwrap();
    assert_eq!(list.header().date.as_deref(), Some("2025-03-04"));
    let category = list.categories(list.find("a.bad.example").unwrap()).next();
    assert_eq!(category, Some(&Category { name: "adult".to_owned(), weight: -1.5 }));
    assert_eq!(List::open_all(folder.path()).unwrap().len(), 1);
}

#[test]
fn damaged_lists_are_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = list("a.example\nb.example\n").save(folder.path()).unwrap();
    let map = path.with_extension("fst");
    let bytes = fs::read(&map).unwrap();
    for damaged in
        [bytes[..bytes.len() - 1].to_vec(), Vec::new(), bytes.iter().map(|byte| byte ^ 1).collect()]
    {
        fs::write(&map, damaged).unwrap();
        let error = List::open(&path).unwrap_err().to_string();
        assert!(error.contains("test.fst") && error.contains("import the list again"), "{error}");
    }
    fs::write(&path, b"{\"v\": 1").unwrap();
    let error = List::open(&path).unwrap_err().to_string();
    assert!(error.contains("test.json") && error.contains("import the list again"), "{error}");
}

#[test]
fn a_folder_of_categories_is_a_list_of_its_folders_names() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("adult/domains", "a.example\n"),
        ("adult/urls", "h.example/x\n"),
        ("press/domains", "p.example\n"),
        ("readme/usage", ""),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let found = sources(folder.path()).unwrap();
    let names: Vec<_> = found.iter().map(|source| source.category.as_deref().unwrap()).collect();
    assert_eq!(names, ["adult", "adult", "press"]);
    assert_eq!(sources(&folder.path().join("adult")).unwrap(), found[..2]);
    let error = sources(&folder.path().join("readme")).unwrap_err();
    assert!(error.to_string().contains("expected a folder with `domains`"), "{error}");
}

#[test]
fn a_map_that_was_forged_covers_nothing_or_something_and_never_panics() {
    let entries = (0..300).map(|n| format!("host{n}.example\nnews{n}.example/path/{n}\n"));
    let text = entries.collect::<Vec<_>>().concat();
    let whole = list(&text);
    let bytes = whole.map.as_fst().as_bytes().to_vec();
    // Panics are this test's matter; what they write is not.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut forged = 0;
    for at in (16..bytes.len() - 20).step_by(3) {
        let mut broken = bytes.clone();
        broken[at] ^= 0xFF;
        let Ok(list) = List::new(whole.header().clone(), broken) else { continue };
        forged += 1;
        for n in (0..300).step_by(7) {
            list.find(&format!("www.host{n}.example"));
            list.find_page(&format!("news{n}.example"), &format!("/path/{n}"));
        }
    }
    std::panic::set_hook(hook);
    assert!(forged > 100, "{forged}");
}

#[test]
fn a_damaged_map_is_refused_though_its_header_was_made_to_fit() {
    let folder = tempfile::tempdir().unwrap();
    let header = list("bad.example\n").save(folder.path()).unwrap();
    let map = header.with_extension("fst");
    let mut bytes = fs::read(&map).unwrap();
    bytes[20] ^= 1;
    fs::write(&map, &bytes).unwrap();
    let mut forged: ListHeader = serde_json::from_slice(&fs::read(&header).unwrap()).unwrap();
    forged.map.1 = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&bytes));
    fs::write(&header, serde_json::to_vec(&forged).unwrap()).unwrap();
    let error = List::open(&header).unwrap_err().to_string();
    assert!(error.contains("import the list again"), "{error}");
}

/// `cargo test --release --lib --no-default-features --features hosts -- --ignored million --nocapture`
#[test]
#[ignore = "takes a minute; run it in the release profile for the figure"]
fn looking_up_among_millions_takes_under_two_microseconds() {
    use std::time::Instant;
    let host = |n: u64| {
        // A multiplicative hash: names without order, as lists have them.
        let hash = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("{:x}{}.{}", hash >> 36, n % 97, ["com", "net", "com.cn", "xyz", "de"][(hash % 5) as usize])
    };
    let text: String = (0..4_600_000).map(|n| host(n) + "\n").collect();
    let from = Instant::now();
    let made = list(&text);
    let (built, bytes) = (from.elapsed(), made.map.as_fst().as_bytes().len());
    drop(text);
    let folder = tempfile::tempdir().unwrap();
    let from = Instant::now();
    let list = List::open(&made.save(folder.path()).unwrap()).unwrap();
    let (entries, opened) = (list.len(), from.elapsed());
    let asked: Vec<String> = (0..1_000_000).map(|n| host(n * 9)).collect();
    let from = Instant::now();
    let hits = asked.iter().filter(|host| list.find(host).is_some()).count();
    let each = from.elapsed().as_nanos() as f64 / asked.len() as f64;
    println!(
        "{entries} entries: built in {built:.1?}, {bytes} bytes, saved and opened in {opened:.1?}; {each:.0} ns a look-up, {hits} hits"
    );
    assert!(hits > 500_000 && hits < 520_000, "{hits}");
    assert!(cfg!(debug_assertions) || each < 2000.0, "{each} ns");
}
