use super::*;
use crate::page::{Document, Limits};

fn read(html: &str) -> Page {
    Page::read(&Document::html(html), &Limits::default())
}

#[test]
fn a_slot_counts_once_and_keeps_its_vendor_and_blocks() {
    let page = read(
        "<div class=banner-ads><div id=27602x728x90x621x_ADSLOT1></div></div><p>text\
         <div class=ad-box><div>Advertisement</div><p>Buy it</div><ins class=adsbygoogle></ins>",
    );
    let slots = page.traces().slots();
    let found: Vec<_> = slots.iter().map(|slot| (slot.vendor, slot.blocks.as_slice())).collect();
    assert_eq!(found, [(true, &[][..]), (false, &[1, 2][..]), (true, &[][..])]);
}

#[test]
fn classes_of_whole_pages_and_articles_are_no_slots() {
    let page = read("<body class='has-ads ads'><main class=ads><article class=ad><p>text</article></main>");
    assert!(page.traces().slots().is_empty());
}

#[test]
fn scripts_frames_and_unions_are_counted() {
    let page = read(
        "<script src='https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js'></script>\
         <script>document.write('<scr'+'ipt src=\"//cpro.baidustatic.com/cpro/ui/c.js\"></scr'+'ipt>')</script>\
         <script>(function(){bp.src='https://zz.bdstatic.com/linksubmit/push.js'})()</script>\
         <iframe src='https://ad.doubleclick.net/x'></iframe><script>var a = 1</script>",
    );
    let expected = Scripts { ads: 1, unions: 1, writers: 1, pushes: 1, frames: 1 };
    assert_eq!(page.traces().scripts(), expected);
}

#[test]
fn links_on_words_are_told_from_those_of_the_author() {
    let page = read(
        "<p>In <span class=wp_keywordlink_affiliate><a href=/c>China</a></span> the <a class='st_tag \
         internal_tag' href=/t>port</a> has <a href=/own>grown</a>, <a href='https://amzn.to/3x'>see</a> \
         <a rel=sponsored href=https://shop.example/>here</a>.",
    );
    assert_eq!(page.traces().keyword_links().len(), 4);
}

const LINKS: &str = "<a href=http://a.example/>one</a> <a href=//b.example>two</a> <a href=/own>own</a>";

#[test]
fn hidden_links_are_found_by_every_way_of_hiding() {
    for (html, by) in [
        ("<div style='display:none'>LINKS</div>", Hiding::Style),
        ("<div hidden>LINKS</div>", Hiding::Attribute),
        ("<div style='position:absolute;left:-9999px'>LINKS</div>", Hiding::OffScreen),
        ("<div style='height:0;overflow:hidden'><ul><li>LINKS</ul></div>", Hiding::NoSize),
        ("<marquee height=1 width='1' scrollamount=3000>LINKS</marquee>", Hiding::NoSize),
        (
            "<script>document.write(\"<d\"+\"iv style='display:none'>\");</script>LINKS\
             <script>document.write(\"</d\"+\"iv>\");</script>",
            Hiding::Script,
        ),
        (
            "<div id=mknbkLz><p>LINKS</div><script>var b=\"#mknbkLz{position:fixed;top:-5177px;}\"</script>",
            Hiding::Script,
        ),
        ("<style>#box{position:absolute;left:-999em}</style><div id=box>LINKS</div>", Hiding::OffScreen),
        ("<style>.box{display:none}</style><div class=box>LINKS</div>", Hiding::Style),
    ] {
        let page = read(&format!("<p>before</p>{}<p>after", html.replace("LINKS", LINKS)));
        let hidden = page.traces().hidden();
        assert_eq!(hidden.len(), 1, "{html}");
        assert_eq!((hidden[0].by, hidden[0].links.len()), (by, 2), "{html}");
        assert_eq!(hidden[0].blocks, [1], "{html}");
    }
}

#[test]
fn shown_links_and_hidden_ones_of_the_site_itself_are_not_listed() {
    let html = format!(
        "<marquee height=200>{LINKS}</marquee><script>document.write(\"<div style='display:none'>\")</script>\
         <p>{LINKS}<div style='display:none'><a href=/menu>Menu</a></div>"
    );
    assert!(read(&html).traces().hidden().is_empty());
}

#[test]
fn empty_elements_that_share_an_id_are_noise() {
    let kit = "<th id=gckmo></th><ul id=gckmo><center id=gckmo></center></ul><bdo id=gckmo><span id=gckmo></span></bdo>";
    assert_eq!(read(&format!("<p>text</p>{kit}<p>text")).traces().noise(), 4);
    // the same id on elements of one name is a mistake, and elements with text are no noise
    assert_eq!(read("<div id=items></div><div id=items></div><div id=items></div>").traces().noise(), 0);
    assert_eq!(read("<div id=items>a</div><p id=items>b</p><b id=items>c</b>").traces().noise(), 0);
}

#[test]
fn made_up_elements_are_noise_and_those_of_word_processors_are_not() {
    let made = "<ikjjh id=jwrlqy><jg class=rnmrv></jg></ikjjh><xhxo id=velbvj></xhxo><wz id=kggxau></wz>";
    assert_eq!(read(made).traces().noise(), 4);
    assert_eq!(read("<p><o:p></o:p><p><o:p>&nbsp;</o:p><st1:place>x</st1:place>").traces().noise(), 0);
}

#[test]
fn references_in_the_title_are_counted_as_written() {
    let title = read("<title>&#22312;&#x7ebf;ab</title><svg><title>&#1;</title></svg>").traces().title();
    assert_eq!(title, TitleReferences { numeric: 2, chars: 4 });
}
