//! Pages that were made to break out of the inspector, and very large ones.

use crate::pages;
use crate::scene::Scene;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An address that must never be asked.
struct Trap {
    address: String,
    asked: Arc<AtomicUsize>,
}

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        // The thread ends with the program.
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { address, asked }
    }
}

/// Markup that runs or asks `TRAP` in a browser that takes it for its own page.
const TRICKS: &str = r#"<!doctype html><html><head><base href="TRAP/base/"><meta http-equiv="refresh" content="0;url=TRAP/refresh">
<link rel="stylesheet" href="TRAP/link.css"><link rel="prefetch" href="TRAP/prefetch"><link rel="icon" href="TRAP/icon">
<title>Ferry news</title><title></title><script>window.broken = 1; fetch("TRAP/head")</script></title>
<style>@import "TRAP/import.css"; body { background: url(TRAP/back.png) }</style>
<style></style><script>window.broken = 2</script></style></head>
<body onload="window.broken = 3; fetch('TRAP/onload')">
<h1>The ferry is back <img src="TRAP/image.png" onerror="window.broken = 4"></h1>
<p>The ferry went back to work on Monday, after nine weeks in the yard at the far end of the bay.
&lt;script&gt;window.broken = 5&lt;/script&gt; and &lt;img src=x onerror="window.broken = 6"&gt; stand in its text, and so does
&lt;/textarea&gt;&lt;script&gt;window.broken = 7&lt;/script&gt; and &lt;!-- and --!&gt; and ]]&gt; and {{constructor.constructor('window.broken=8')()}}.</p>
<textarea></textarea><script>window.broken = 9</script></textarea>
<!-- --!><script>window.broken = 10</script> --><!--><script>window.broken = 11</script>-->
<svg onload="window.broken = 12"><style><img src="TRAP/svg.png" onerror="window.broken = 13"></style><script href="TRAP/svg.js"></script></svg>
<math><mtext><table><mglyph><style><img src onerror="window.broken = 14"></style></mglyph></table></mtext></math>
<noscript><p title="</noscript><img src=x onerror=window.broken=15>">The yard at the bay has room for two ships at a time.</p></noscript>
<template><script>window.broken = 16</script></template><iframe srcdoc="<script>parent.broken = 17</script>" src="TRAP/frame"></iframe>
<object data="TRAP/object"></object><embed src="TRAP/embed"><video src="TRAP/video" poster="TRAP/poster" autoplay onerror="window.broken = 18"></video>
<form action="TRAP/form"><input autofocus onfocus="window.broken = 19"><button formaction="javascript:window.broken = 20">Send</button></form>
<p><a href="javascript:window.broken = 21">The timetable</a> has not changed, and <a href="data:text/html,<script>window.broken=22</script>">the fares</a> have.</p>
<p id="page-title" class="toast" style="position:fixed;inset:0;background:url(TRAP/style.png)">The crossing takes forty minutes in calm weather, and twice as long when the wind is up.</p>
<p>Evil &#x202e;txet desrever&#x202e; goes on here, with &#x2066;isolates&#x2067; that never end, in a paragraph of some length.</p>
<p>NUL here:"#;

/// Things that a browser does not count as text, and a name that stands for an object's own.
const END: &str = "\u{0}\u{1}\u{fffe}\u{feff} and then the rest of the line goes on for a while.</p>
<p>__proto__ constructor toString: names that are no labels, in one last paragraph of the page.</p></body></html>";

/// Elements that only the page itself could have brought.
const FOREIGN: &str = "document.querySelectorAll('main :is(script, style, img, iframe, object, embed, video, svg, math, link, meta, base, template, form:not(#paste-form), [onerror], [onload], [style*=url])').length";

fn count_violations(scene: &Scene) {
    scene.browser.run(
        "window.violations = []; document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI))",
        vec![],
    );
}

#[test]
fn a_page_of_tricks_runs_nothing_and_asks_nobody() {
    let Some(scene) = Scene::open() else { return };
    let trap = Trap::set();
    count_violations(&scene);
    let page = TRICKS.replace("TRAP", &trap.address) + END;
    scene.paste_from(&page, "html", "javascript:window.broken=23");
    let ours = scene.browser.value("location.origin");
    for view in ["reader", "body", "markdown", "raw"] {
        scene.browser.click(&format!("[data-view={view}]"));
        for tab in ["block", "page", "removed", "train"] {
            scene.browser.click(&format!("#tab-{tab}"));
            assert_eq!(scene.browser.value(FOREIGN), 0, "{view} {tab}");
            let links = "[...document.querySelectorAll('a[href]')].filter((a) => !/^(https?:|#)/.test(a.getAttribute('href'))).length";
            assert_eq!(scene.browser.value(links), 0, "{view} {tab}");
        }
    }
    // A block is opened, and time goes by in which what was put off would run.
    scene.browser.click("[data-view=reader]");
    scene.browser.press("gjjjj");
    std::thread::sleep(std::time::Duration::from_millis(400));
    assert_eq!(scene.browser.value("window.broken ?? null"), serde_json::Value::Null);
    assert_eq!(trap.asked.load(Ordering::SeqCst), 0, "the page asked somebody");
    assert_eq!(scene.browser.value("violations.length"), 0, "{}", scene.browser.value("violations"));
    assert_eq!(scene.browser.value("location.origin"), ours);
    let strangers = "performance.getEntriesByType('resource').filter((entry) => !entry.name.startsWith(location.origin + '/')).length";
    assert_eq!(scene.browser.value(strangers), 0);
    let texts: Vec<_> = scene.blocks().into_iter().map(|block| block.text).collect();
    assert!(texts.iter().any(|text| text.contains("<img src=x onerror=\"window.broken = 6\">")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("__proto__")), "{texts:?}");
}

#[test]
fn text_that_turns_its_direction_round_does_not_reach_other_words() {
    let Some(scene) = Scene::open() else { return };
    let lines = [
        "The first line goes on for a while, as lines of an article do.",
        "\u{202e}The second line is turned round, and nothing ends it.",
        "The third line must read as the first one does.",
    ];
    scene.paste(&lines.map(|line| format!("<p>{line}</p>")).concat(), "html");
    assert_eq!(scene.blocks().len(), 3, "{:?}", scene.blocks());
    // The tag before a text, and the line after it, stay where they are without the tricks.
    let order = "[...document.querySelectorAll('#reader .block')].every((block) => { const tag = block.querySelector('.tag').getBoundingClientRect(); const text = block.querySelector('.text').getBoundingClientRect(); return tag.right <= text.left + 1; })";
    assert_eq!(scene.browser.value(order), true);
    let first_letter = "(() => { const range = document.createRange(); const text = document.querySelector('#b2 .text').firstChild; range.setStart(text, 0); range.setEnd(text, 1); const first = range.getBoundingClientRect().left; range.setStart(text, 8); range.setEnd(text, 9); return first < range.getBoundingClientRect().left; })()";
    assert_eq!(scene.browser.value(first_letter), true, "the line after it is turned round");
}

#[test]
fn the_policy_of_the_page_lets_nothing_in_from_elsewhere() {
    let Some(scene) = Scene::open() else { return };
    let header = "fetch('/').then((answer) => arguments[0](answer.headers.get('content-security-policy')))";
    let policy = scene.browser.run_async(header, vec![]);
    let policy = policy.as_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let trap = Trap::set();
    count_violations(&scene);
    // What a hole in the page would do, done by the test.
    scene.browser.run(
        "const add = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
         add('script', { textContent: 'window.broken = 1' });
         add('script', { src: `${arguments[0]}/a.js` });
         add('img', { src: `${arguments[0]}/a.png` });
         document.body.insertAdjacentHTML('beforeend', '<b onclick=\"window.broken = 2\" id=hole>x</b>');
         document.getElementById('hole').click();",
        vec![trap.address.as_str().into()],
    );
    scene.browser.until("violations.length >= 4");
    assert_eq!(scene.browser.value("window.broken ?? null"), serde_json::Value::Null);
    assert_eq!(trap.asked.load(Ordering::SeqCst), 0);
}

#[test]
fn a_page_of_five_megabytes_is_shown_and_can_be_corrected() {
    let Some(scene) = Scene::open() else { return };
    let page = pages::of_bytes(5 << 20);
    scene.paste(&page, "html");
    let shown = "document.querySelectorAll('#reader .block').length";
    assert!(scene.browser.value(shown).as_u64().is_some_and(|blocks| blocks > 500));
    scene.browser.press("G3");
    scene.saved();
    assert_eq!(scene.saved_labels().last().map(|label| label.as_str()), Some("comment"));
}

#[test]
fn a_page_that_the_server_does_not_take_says_why_and_what_to_do() {
    let Some(scene) = Scene::open_with(|_| vec!["--max-page".into(), "20000".into()]) else { return };
    scene.fill(&pages::of_bytes(60_000), "html", "");
    scene.browser.click("#paste-form [type=submit]");
    scene.browser.until("!document.getElementById('toast').hidden");
    let said = scene.browser.text("#toast");
    assert!(said.contains("cannot be shown") && said.contains("--max-page"), "{said}");
}
