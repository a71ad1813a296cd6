use super::MetaCollector;

fn metas(pairs: &[(&str, &str)]) -> super::Metadata {
    let mut collector = MetaCollector::default();
    for (name, content) in pairs {
        collector.meta(name, content);
    }
    collector.finish()
}

#[test]
fn open_graph_wins_over_the_title_element_and_loses_its_site() {
    let mut collector = MetaCollector::default();
    collector.title("河边的豆浆摊_清河网");
    collector.meta("og:title", "河边的豆浆摊重新开张 | 清河网");
    collector.meta("og:site_name", "清河网");
    let meta = collector.finish();
    assert_eq!(meta.title.as_deref(), Some("河边的豆浆摊重新开张"));
    assert_eq!(meta.title_tag.as_deref(), Some("河边的豆浆摊_清河网"));
    assert_eq!(meta.site_name.as_deref(), Some("清河网"));
}

#[test]
fn the_first_title_element_with_text_is_kept_raw() {
    let mut collector = MetaCollector::default();
    collector.title(" \n");
    collector.title("The old man\n by the river - Valley Post");
    collector.title("an icon");
    let meta = collector.finish();
    assert_eq!(meta.title_tag.as_deref(), Some("The old man by the river - Valley Post"));
    assert_eq!(meta.title.as_deref(), Some("The old man by the river"));
}

#[test]
fn names_are_known_in_any_case_and_empty_values_are_no_signs() {
    let meta = metas(&[
        ("OG:Type", "article"),
        ("Keywords", " 河, 豆浆 "),
        ("og:description", "short"),
        ("Description", ""),
        ("unknown", "x"),
    ]);
    assert_eq!(meta.og_type.as_deref(), Some("article"));
    assert_eq!(meta.keywords.as_deref(), Some("河, 豆浆"));
    assert_eq!(meta.description.as_deref(), Some("short"));
}

#[test]
fn the_government_standard_of_china_is_read() {
    let meta = metas(&[
        ("SiteName", "清河县人民政府"),
        ("ArticleTitle", "关于修桥的通知"),
        ("PubDate", "2025-08-06 09:00"),
        ("Author", "县交通局"),
    ]);
    assert_eq!(meta.title.as_deref(), Some("关于修桥的通知"));
    assert_eq!(meta.date.as_deref(), Some("2025-08-06"));
    assert_eq!(meta.author.as_deref(), Some("县交通局"));
    assert_eq!(meta.site_name.as_deref(), Some("清河县人民政府"));
}

#[test]
fn a_publication_date_wins_over_a_modification_and_an_impossible_one_is_none() {
    let pairs = [
        ("og:updated_time", "2025-09-01"),
        ("publishdate", "2025年8月6日"),
        ("article:published_time", "2025-02-30T00:00:00Z"),
    ];
    assert_eq!(metas(&pairs).date.as_deref(), Some("2025-08-06"));
}

#[test]
fn time_elements_rank_by_their_property() {
    let mut collector = MetaCollector::default();
    collector.time_element("2020-01-01", "");
    collector.time_element("2025-08-06T10:00", "datePublished");
    collector.time_element("2026-01-01", "dateModified");
    assert_eq!(collector.finish().date.as_deref(), Some("2025-08-06"));
}

#[test]
fn an_author_is_a_name_and_not_a_profile() {
    let pairs =
        [("article:author", "https://social.example/ann"), ("byl", "By Ann Lee"), ("dc.creator", "desk")];
    assert_eq!(metas(&pairs).author.as_deref(), Some("Ann Lee"));
    assert_eq!(metas(&[("author", "www.site.example")]).author, None);
}

#[test]
fn json_ld_names_title_author_date_and_types() {
    let mut collector = MetaCollector::default();
    collector.meta("author", "desk");
    let texts = collector.json_ld(
        r#"{"@graph":[{"@type":["NewsArticle","Article"],"headline":"The bridge","datePublished":"2025-08-06T01:02:03Z",
           "author":[{"@type":"Person","name":"Ann Lee"},{"@type":"Person","name":"Bob Ray"}],"articleBody":"One.\nTwo."}]}"#,
    );
    let again = collector.json_ld(r#"{"@type":"Article","description":"Three"}"#);
    assert_eq!((texts, again), (vec!["One.".to_owned(), "Two.".to_owned()], vec!["Three".to_owned()]));
    let meta = collector.finish();
    assert_eq!(meta.title.as_deref(), Some("The bridge"));
    assert_eq!(meta.author.as_deref(), Some("Ann Lee, Bob Ray"));
    assert_eq!(meta.date.as_deref(), Some("2025-08-06"));
    assert_eq!(meta.ld_types, ["NewsArticle", "Article", "Person"]);
}

#[test]
fn languages_and_canonical_addresses_are_taken_by_rank() {
    let mut collector = MetaCollector::default();
    collector.meta("og:locale", "zh_CN");
    collector.link("alternate stylesheet", "/a.css");
    collector.meta("og:url", "https://a.example/1?x");
    collector.link("shortlink CANONICAL", "https://a.example/1");
    collector.html_lang("{{lang}}");
    let meta = collector.finish();
    assert_eq!(meta.lang.as_deref(), Some("zh-CN"));
    assert_eq!(meta.canonical.as_deref(), Some("https://a.example/1"));
}

#[test]
fn a_stuffed_value_is_cut() {
    let meta = metas(&[("keywords", &"河 ".repeat(5000))]);
    assert_eq!(meta.keywords.map(|keywords| keywords.chars().count()), Some(super::LONGEST));
}

#[test]
fn no_more_types_are_kept_than_the_limit() {
    let types: Vec<String> = (0..200_000).map(|number| format!("\"T{number}\"")).collect();
    let mut collector = MetaCollector::default();
    collector.json_ld(&format!(r#"{{"@type":[{}]}}"#, types.join(",")));
    collector.json_ld(&format!(r#"{{"@type":"{}"}}"#, "T".repeat(10_000)));
    let types = collector.finish().ld_types;
    assert_eq!((types.len(), types.first().map(String::as_str)), (super::MOST_TYPES, Some("T0")));
}
