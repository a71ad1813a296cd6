use super::*;
use crate::Reason;
use crate::model::Model;
use crate::{Filter, Label, Report, Verdict};

const SOURCE: &str = "<body><nav><p>Home</nav><main><p>Bees dance.<aside class=ad><p>Buy honey<p class=fact>\
    A hive has 60000 bees.</aside></main><p><a class=more href=/x>More bees</a><p><a class=more href=/y>Wasps</a> \
    sting.<p>© Bees";

fn bees() -> Document {
    Document::html(SOURCE).with_url("https://News.Bees.example:8080/a")
}

fn judge(model: Model, rules: Rules) -> Report {
    Filter::new(model).with_rules(rules).check(&bees())
}

/// The body where the model takes every block for body (`p` above one half) or none.
fn body(p: f32, rules: Rules) -> Vec<String> {
    judge(Model::constant(p), rules).body_blocks().map(|block| block.text().to_owned()).collect()
}

fn keep(css: &str) -> Rules {
    Rules::default().with_keep(css).unwrap()
}

fn drop(css: &str) -> Rules {
    Rules::default().with_drop(css).unwrap()
}

#[test]
fn blocks_under_a_keep_selector_are_the_body_although_the_model_says_no() {
    assert_eq!(body(0.01, keep("main")), ["Bees dance.", "Buy honey", "A hive has 60000 bees."]);
    assert_eq!(body(0.01, keep("nav, .fact")), ["Home", "A hive has 60000 bees."]);
}

#[test]
fn blocks_under_a_drop_selector_are_never_body_and_keep_the_name_of_their_kind() {
    assert_eq!(body(0.99, drop("body > :not(main)")), ["Bees dance.", "Buy honey", "A hive has 60000 bees."]);
    let report = judge(Model::constant(0.99), drop("nav"));
    let (_, home) = report.blocks().next().unwrap();
    assert_eq!((home.label, home.reason), (Label::Nav, Reason::DropSelector));
}

#[test]
fn the_deepest_element_decides_and_on_one_element_keep_wins() {
    let all = |rules| body(0.01, rules);
    let rules = keep("main").with_drop("aside").unwrap().with_keep(".fact").unwrap();
    assert_eq!(all(rules), ["Bees dance.", "A hive has 60000 bees."]);
    assert_eq!(all(drop("main").with_keep("body").unwrap()).first().unwrap(), "Home");
    assert!(!all(drop("main").with_keep("body").unwrap()).contains(&"Bees dance.".to_owned()));
    assert_eq!(all(drop("nav").with_keep("nav").unwrap()), ["Home"]);
    assert_eq!(all(keep("nav").with_drop("nav").unwrap()), ["Home"]);
}

#[test]
fn an_inline_element_speaks_for_a_block_that_has_no_other_text() {
    assert_eq!(body(0.01, keep(".more")), ["More bees"]);
    assert_eq!(body(0.01, keep("a[href='/y']")), Vec::<String>::new());
}

#[test]
fn a_host_counts_for_its_subdomains_and_for_no_other() {
    for host in ["bees.example", "news.bees.example", "NEWS.bees.Example.", "*"] {
        let rules = Rules::default().with_host(host, &["main"], &["nav"]).unwrap();
        assert_eq!(body(0.01, rules), ["Home"], "{host}");
    }
    for host in ["ees.example", "www.bees.example", "bees.example.com", "a.news.bees.example"] {
        let rules = Rules::default().with_host(host, &[], &["nav"]).unwrap();
        assert_eq!(body(0.01, rules), Vec::<String>::new(), "{host}");
    }
    let both = keep("nav").with_host("bees.example", &[], &["main .fact"]).unwrap();
    assert_eq!(body(0.01, both), ["Home", "A hive has 60000 bees."]);
}

#[test]
fn hosts_are_found_in_addresses_without_scheme_and_in_other_scripts() {
    let rules = Rules::default().with_host("蜜蜂.example", &[], &["p"]).unwrap();
    let count = |url| rules.of_host(url).count();
    for url in
        ["https://新闻.蜜蜂.example/a", "//蜜蜂.example/", "蜜蜂.example:8080/a", "http://蜜蜂.example.:80/"]
    {
        assert_eq!(count(Some(url)), 1, "{url}");
    }
    assert_eq!((count(Some("https://example/")), count(Some("?")), count(None)), (0, 0, 0));
}

#[test]
fn what_the_user_keeps_is_kept_though_the_model_doubts_it() {
    let report = judge(Model::constant(0.2).with_empty(0.9), keep(".fact"));
    assert_eq!((report.verdict(), report.body().as_str()), (Verdict::Keep, "A hive has 60000 bees."));
    let reason = report.reasons().first().unwrap();
    assert_eq!(
        (reason.reason, reason.weight < 0.0, reason.blocks.as_slice()),
        (Reason::UserRules, true, &[3][..])
    );
    let of_verdict = report.reasons().iter().filter(|reason| reason.of == "verdict");
    assert_eq!(of_verdict.count(), 1, "{:?}", report.reasons());
    let (_, kept) = report.blocks().nth(3).unwrap();
    assert_eq!((kept.label, kept.reason), (Label::Body, Reason::KeepSelector));
}

#[test]
fn a_page_whose_body_the_user_drops_is_dropped_by_the_user() {
    let report = judge(Model::constant(0.9), drop("body"));
    assert_eq!((report.verdict(), report.body().as_str()), (Verdict::Drop, ""));
    let reason = report.reasons().first().unwrap();
    assert_eq!((reason.reason, reason.weight > 0.0), (Reason::UserRules, true));
}

#[test]
fn rules_that_match_nothing_or_meet_plain_text_change_nothing() {
    let without = judge(Model::constant(0.9), Rules::default());
    let with = judge(Model::constant(0.9), keep("#none").with_drop("dialog").unwrap());
    assert_eq!(with.blocks, without.blocks);
    assert_eq!(with.reasons(), without.reasons());
    let filter = Filter::new(Model::constant(0.9)).with_rules(drop("*"));
    assert_eq!(filter.check(&Document::text("Bees dance.\n\nWasps sting.")).body_blocks().count(), 2);
}

#[test]
fn a_page_over_a_limit_is_matched_by_its_own_elements() {
    let source = format!("<main class=a>Bees{}deep", "<div>".repeat(3000));
    let filter = Filter::new(Model::constant(0.01)).with_rules(keep("main.a > div").with_drop("p").unwrap());
    let report = filter.check(&Document::html(source));
    assert_eq!((report.body().as_str(), report.verdict()), ("deep", Verdict::Review));
}

#[test]
fn wrong_selectors_and_hosts_are_named_with_a_right_one() {
    let message = |rules: Result<Rules>| rules.unwrap_err().to_string();
    for css in ["div..ad", "", "p >", "p:hover(", "[a=", "p::first-line", "{}"] {
        let found = message(Rules::default().with_drop(css));
        assert!(found.starts_with(&format!("`{css}` is no CSS selector: ")), "{found}");
        assert!(found.contains("write one such as `div.ad-slot`") && !found.contains('\n'), "{found}");
    }
    for host in ["https://bees.example/", "*.bees.example", "bees.example:80", "a b"] {
        let found = message(Rules::default().with_host(host, &["p"], &[]));
        assert!(found.ends_with(&format!("found `{host}`")), "{found}");
    }
}

#[test]
fn a_file_of_rules_is_read_line_by_line() {
    let lines = "\u{FEFF}# bees\n\n*\tkeep\tmain\n  bees.example   drop \t aside.ad > p:first-child, nav\n#x keep p\n";
    let rules = Rules::default().with_lines(Path::new("bees.rules"), lines).unwrap();
    assert_eq!(body(0.01, rules), ["Bees dance.", "A hive has 60000 bees."]);
}

#[test]
fn wrong_lines_of_a_file_are_named() {
    let message =
        |lines: &str| Rules::default().with_lines(Path::new("my.rules"), lines).unwrap_err().to_string();
    for line in ["bees.example", "bees.example drop", "bees.example remove p", "drop p"] {
        let found = message(&format!("# rules\n* keep p\n{line}"));
        assert!(found.starts_with("my.rules:3: expected a host or `*`"), "{found}");
        assert!(found.ends_with(&format!("found `{line}`")), "{found}");
    }
    assert!(message("* keep p >").starts_with("my.rules:1: `p >` is no CSS selector"));
    assert!(message("\n*.bees.example keep p").starts_with("my.rules:2: expected `*` or a host"));
}
