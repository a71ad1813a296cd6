//! How fast the inspector is, measured in the browser: the figures are printed and go into the report. A machine that is
//! busy with something else is no reason to fail, so no time is asserted; what is asserted is that everything is shown,
//! found and in view.

use crate::pages;
use crate::report::keep_figures;
use crate::scene::Scene;
use serde_json::Value;

/// Notes when the page is painted after its answer: `shown` in ms, `heavy` the JSON's bytes.
const WATCH: &str = r"
  performance.clearResourceTimings();
  window.painted = null;
  new MutationObserver((_, observer) => {
    if (!document.getElementById('reader').firstChild) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { window.painted = performance.now(); };
      port2.postMessage(null);
    });
  }).observe(document.getElementById('reader'), { childList: true });";

const SHOWN: &str = r"
  const entry = performance.getEntriesByType('resource').find((entry) => entry.name.includes('/v1/check'));
  return [window.painted - entry.responseEnd, entry.decodedBodySize];";

/// Scrolls to the end in steps of a screen, a step for each frame: the times of the frames in ms.
const SCROLL: &str = r"
  const done = arguments[0];
  const frames = [];
  let last = performance.now();
  let step = 0;
  const go = (now) => {
    frames.push(now - last);
    last = now;
    scrollBy(0, innerHeight * 0.9);
    step += 1;
    if (step < 120 && scrollY + innerHeight < document.documentElement.scrollHeight) requestAnimationFrame(go);
    else done(frames.slice(1));
  };
  scrollTo(0, 0);
  requestAnimationFrame(go);";

/// Presses a key and waits for the next painted frame: ms.
const PRESSED: &str = r"
  const [key, done] = arguments;
  const started = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now() - started);
    port2.postMessage(null);
  });";

const FIND: &str = r"
  getSelection().removeAllRanges();
  const started = performance.now();
  const found = window.find(arguments[0]);
  return [found, performance.now() - started, getSelection().anchorNode?.parentElement.getBoundingClientRect().top ?? -1];";

/// Opens a page of that many blocks; ms from the answer's last byte to its picture, and the answer's bytes.
fn show(scene: &Scene, count: usize) -> (f64, f64) {
    scene.fill(&pages::of_blocks(count), "html", "");
    scene.browser.run(WATCH, vec![]);
    scene.browser.click("#paste-form [type=submit]");
    scene.browser.until("window.painted !== null");
    assert_eq!(scene.browser.value("document.querySelectorAll('#reader .block').length"), count);
    let shown = scene.browser.run(SHOWN, vec![]);
    (shown[0].as_f64().unwrap(), shown[1].as_f64().unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    let mut numbers: Vec<_> =
        value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

fn median(numbers: &[f64]) -> f64 {
    numbers[numbers.len() / 2]
}

#[test]
fn three_hundred_blocks_are_shown_at_once() {
    let Some(scene) = Scene::open() else { return };
    let mut times: Vec<_> = (0..5).map(|_| show(&scene, 300).0).collect();
    times.sort_by(f64::total_cmp);
    let (median, worst) = (median(&times), times[4]);
    keep_figures(
        "shown-300",
        &[format!("300 blocks: shown {median:.0} ms after the answer (median of 5, worst {worst:.0} ms)")],
    );
}

#[test]
fn ten_thousand_blocks_scroll_and_are_found() {
    let Some(scene) = Scene::open() else { return };
    let (shown, bytes) = show(&scene, 10_000);
    let frames = numbers(&scene.browser.run_async(SCROLL, vec![]));
    let find = scene.browser.run(FIND, vec!["Entry 9876:".into()]);
    assert_eq!(find[0], true, "{find}");
    let found = find[1].as_f64().unwrap();
    let pressed = |key: &str| scene.browser.run_async(PRESSED, vec![key.into()]).as_f64().unwrap();
    scene.focus(5);
    let (end, step, label) = (pressed("G"), pressed("k"), pressed("3"));
    let (frame, worst) = (median(&frames), frames[frames.len() - 1]);
    keep_figures(
        "shown-10000",
        &[
            format!("10,000 blocks ({:.1} MB of answer): shown {shown:.0} ms after the answer", bytes / 1e6),
            format!(
                "scrolled a screen a frame: {frame:.1} ms a frame (median of {}), worst {worst:.0} ms",
                frames.len()
            ),
            format!("found a text near the end in {found:.0} ms"),
            format!("keys: to the end {end:.0} ms, next block {step:.0} ms, label {label:.0} ms"),
        ],
    );
    let top = scene.browser.value("document.activeElement.getBoundingClientRect().top");
    assert!(
        top.as_f64().is_some_and(|top| (0.0..900.0).contains(&top)),
        "{top}: the block with the focus is in view"
    );
}
