use super::{LinkedData, read};

fn texts(source: &str) -> Vec<String> {
    read(source).texts
}

#[test]
fn texts_are_found_at_any_depth_in_the_order_of_the_source() {
    let source = r#"[{"@graph":[{"text":"a","mainEntity":{"acceptedAnswer":{"text":["b","c"]}}}]},
        {"review":{"reviewBody":"d"},"articleBody":"e\n\n f  g","description":5}]"#;
    assert_eq!(texts(source), ["a", "b", "c", "d", "e", "f g"]);
}

#[test]
fn markup_and_references_are_stripped() {
    let source = r#"{"articleBody":"<p>河边&nbsp;的<b>豆浆</b></p><p>a &lt; b &amp;amp; c<br/>d<!-- x --></p>",
        "description":"&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two &amp;quot;x&amp;quot;&lt;/p&gt; 1 < 2 <3"}"#;
    assert_eq!(texts(source), ["河边 的豆浆", "a < b & c", "d", "one", "two \"x\"", "1 < 2 <3"]);
}

#[test]
fn usual_faults_are_mended() {
    for source in [
        "{\"articleBody\":\"one\n two\",}",
        "\u{FEFF}{\"a\":[1,2,],\"articleBody\":\"one\\n two\" , }",
        "<!--{\"articleBody\":\"one\\ntwo\"}-->",
        "//<![CDATA[\n{\"articleBody\":\"one\\ntwo\"}\n//]]>",
        "/* <![CDATA[ */{\"articleBody\":\"one\\ntwo\"}/* ]]> */",
        "{/* a \"comment\" */\"articleBody\":// another\n\"one\\ntwo\"};",
        "{\"articleBody\":\"one\r\ntwo\",,\"x\":\"\\x\"}",
        "{\"x\":\"\\'\\ud83d\",\"articleBody\":\"one\\ntwo\"}",
        "{\"x\":1}{\"articleBody\":\"one\\ntwo\"} trailing",
        "{\"articleBody\":\"one\\ntwo\",\"url\":\"https://a.example/\",}",
    ] {
        assert_eq!(texts(source), ["one", "two"], "{source}");
    }
}

#[test]
fn bare_quotes_inside_a_string_stay_in_it() {
    let source = "{\"articleBody\":\"He said \"hi\", then \"no\" and left.\",\"headline\":\"x\"}";
    let data = read(source);
    assert_eq!(data.texts, ["He said \"hi\", then \"no\" and left."]);
    assert_eq!(data.headline.as_deref(), Some("x"));
}

#[test]
fn surrogates_with_their_other_half_survive_mending() {
    assert_eq!(texts(r#"{"text":"\ud83d\ude00 \u4e2d \u0022q\u0022",}"#), ["😀 中 \"q\""]);
}

#[test]
fn authors_are_strings_objects_or_lists() {
    for source in [
        r#"{"author":"Ann Lee"}"#,
        r#"{"author":{"@type":"Person","name":"Ann Lee"}}"#,
        r#"{"author":["Ann Lee"]}"#,
        r#"{"author":{"name":["Ann Lee"]}}"#,
        r#"{"author":{"url":"x"},"b":{"author":[{"name":" Ann  Lee "},{"name":""}]}}"#,
    ] {
        assert_eq!(read(source).author.as_deref(), Some("Ann Lee"), "{source}");
    }
}

#[test]
fn what_cannot_be_read_gives_nothing() {
    let deep = format!("{{\"text\":{}", "[".repeat(100_000));
    let bare = "{\"description\"".repeat(1000);
    let huge = format!("{{\"text\":\"{}\"}}", "x".repeat(super::LONGEST));
    for source in ["", "{", "\"text\"", "text", "<p>description</p>", "{\"name\":\"x\"}", &deep, &bare, &huge]
    {
        assert_eq!(read(source), LinkedData::default());
    }
}

#[test]
fn mending_looks_at_each_character_a_bounded_number_of_times() {
    // Any look-ahead to the end for each quote, comma or slash would not finish within the test's patience.
    for unit in ["<a", "<!--", "<", "&", "&#"] {
        let source = format!("{{\"text\":\"{}\"}}", unit.repeat(100_000 / unit.len()));
        assert_eq!(texts(&source).len(), 1);
    }
    for unit in ["\" ", "/* ", ", ", "\\", "\\u", "\"\\ud83d", "<!--"] {
        let source = format!("{{\"text\":{}", unit.repeat(1_000_000 / unit.len()));
        assert!(super::clean::mend(&source).len() <= 7 * source.len());
    }
}
