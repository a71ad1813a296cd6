//! Keys alone, screen readers, narrow windows, dark mode.

use crate::pages::{self, TAILED, TAILED_LINES};
use crate::scene::Scene;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// Presses Tab until the element with this id has the focus.
fn tab_to(scene: &Scene, id: &str) {
    for _ in 0..40 {
        if scene.browser.value("document.activeElement.id") == id {
            return;
        }
        scene.browser.press(TAB);
    }
    panic!("Tab does not reach #{id}");
}

#[test]
fn keys_alone_paste_a_page_correct_it_and_look_at_its_body() {
    let Some(scene) = Scene::open() else { return };
    tab_to(&scene, "paste");
    let line = TAILED.lines().nth(TAILED_LINES.0).unwrap();
    scene
        .browser
        .press("The ferry is back at last, after nine weeks in the yard at the far end of the bay. ");
    scene.browser.press(&format!("{ENTER}{line}{ENTER}"));
    tab_to(&scene, "paste-kind");
    tab_to(&scene, "paste-url");
    scene.browser.press(TAB);
    scene.browser.press(ENTER);
    scene.shown();
    assert_eq!(scene.blocks().len(), 2);
    scene.browser.press("G");
    assert_eq!(scene.focused(), 1);
    scene.browser.press("8");
    scene.browser.press("1");
    assert_eq!(scene.blocks()[1].label, "body");
    scene.saved();
    scene.browser.press("?");
    assert_eq!(scene.browser.value("document.getElementById('help').open"), true);
    scene.browser.press(ESCAPE);
    assert_eq!(scene.browser.value("document.getElementById('help').open"), false);
    scene.browser.press("w");
    scene.browser.until("document.querySelector('#view article')");
    assert!(scene.browser.text("#view").contains(line.trim_start_matches("- ")));
    scene.browser.press(ESCAPE);
    assert_eq!(scene.focused(), 1);
    scene.browser.press("/");
    assert_eq!(scene.browser.value("document.activeElement.id"), "address");
}

#[test]
fn each_block_is_named_by_its_label_and_one_of_them_is_a_tab_stop() {
    let Some(scene) = Scene::open() else { return };
    let (source, _) = pages::labelled("en-harbour-ferry-refit");
    scene.paste(&source, "html");
    for block in scene.blocks() {
        assert!(block.spoken.starts_with(&format!("{}, ", block.label)), "{block:?}");
        assert!(block.spoken.contains("percent"), "{block:?}");
    }
    let tree = scene.browser.tools("Accessibility.getFullAXTree", serde_json::json!({}));
    let nodes = tree["nodes"].as_array().unwrap();
    let of_role = |role: &str| nodes.iter().filter(|node| node["role"]["value"] == role).collect::<Vec<_>>();
    let options = of_role("option");
    for (option, block) in options.iter().zip(scene.blocks()) {
        let name = option["name"]["value"].as_str().unwrap();
        assert!(name.starts_with(&block.spoken), "{name}: {block:?}");
    }
    for role in ["banner", "main", "search", "listbox", "tablist", "complementary"] {
        assert!(!of_role(role).is_empty(), "no {role}");
    }
    let stops = "document.querySelectorAll('#reader [tabindex=\"0\"]').length";
    assert_eq!(scene.browser.value(stops), 1);
    let nameless = nodes.iter().filter(|node| {
        let asks_for_one = ["button", "textbox", "combobox", "switch", "tab"]
            .iter()
            .any(|role| node["role"]["value"] == *role);
        asks_for_one && node["ignored"] != true && node["name"]["value"].as_str().is_none_or(str::is_empty)
    });
    assert_eq!(nameless.count(), 0);
}

#[test]
fn nothing_is_wider_than_a_phone() {
    let Some(scene) = Scene::open() else { return };
    scene.browser.resize(390, 844);
    let too_wide = "document.documentElement.scrollWidth > innerWidth";
    assert_eq!(scene.browser.value(too_wide), false, "start");
    for name in ["en-tallow-api-reference", "zh-flash-match-table", "zh-product-kettle"] {
        let (source, _) = pages::labelled(name);
        scene.paste(&source, "html");
        for view in ["body", "raw", "reader"] {
            scene.browser.click(&format!("[data-view={view}]"));
            assert_eq!(scene.browser.value(too_wide), false, "{name} {view}");
        }
        for sheet in ["kinds", "block", "page", "removed", "train"] {
            scene.browser.click(&format!("[data-sheet-of={sheet}]"));
            assert_eq!(scene.browser.value(too_wide), false, "{name} {sheet}");
        }
    }
}

/// The contrast of each text of the page with what is behind it, where it is under 4.5: `[ratio, text]`. Colours are
/// drawn on a canvas, which knows all notations.
const FAINT: &str = r"
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const drawn = (...colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = (element) => {
    const found = [];
    for (let at = element; at; at = at.parentElement) found.unshift(getComputedStyle(at).backgroundColor);
    return ['white', ...found];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest(':disabled, option')) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const behind = grounds(element);
    const [a, b] = [light(drawn(...behind)), light(drawn(...behind, getComputedStyle(element).color))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push([ratio.toFixed(2), element.className, element.textContent.slice(0, 40)]);
  }
  return faint;";

#[test]
fn words_are_readable_in_light_and_dark_and_dark_is_dark() {
    let Some(scene) = Scene::open() else { return };
    for (scheme, dark) in [("light", false), ("dark", true)] {
        scene.browser.prefer(scheme);
        scene.paste(TAILED, "text");
        let ground = "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]) < 60";
        assert_eq!(scene.browser.value(ground), dark, "{scheme}");
        for tab in ["block", "page", "removed", "train"] {
            scene.browser.click(&format!("#tab-{tab}"));
            let faint = scene.browser.run(FAINT, vec![]);
            assert_eq!(faint, serde_json::json!([]), "{scheme} {tab}");
        }
    }
}
