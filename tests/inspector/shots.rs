//! Screenshots for people, at the widths of a phone and of a desk, in light and dark.

use crate::pages::TAILED;
use crate::report::keep_shot;
use crate::scene::Scene;
use crate::training::TRAINED;

const WINDOWS: [(&str, u32, u32); 2] = [("phone", 390, 844), ("desk", 1280, 900)];

/// A page that has been open for a moment, with a correction.
fn judged(scene: &Scene, name: &str) {
    scene.paste_from(TAILED, "text", &format!("https://news.linyuan.example/2025/06/18/{name}"));
    scene.browser.press("jj5k");
    scene.saved();
}

fn keep(scene: &Scene, name: &str) {
    scene.browser.run("document.getElementById('toast').hidden = true", vec![]);
    keep_shot(name, &scene.browser.shot());
}

fn panel(scene: &Scene, name: &str, is_phone: bool) {
    let button = if is_phone { format!("[data-sheet-of={name}]") } else { format!("#tab-{name}") };
    scene.browser.click(&button);
}

#[test]
fn pictures_of_every_state_are_kept() {
    let Some(scene) = Scene::open_queue() else { return };
    for (window, width, height) in WINDOWS {
        scene.browser.resize(width, height);
        for scheme in ["light", "dark"] {
            scene.browser.prefer(scheme);
            scene.visit();
            let name = |state: &str| format!("{window}-{scheme}-{state}");
            keep(&scene, &name("1-start"));
            judged(&scene, &name("lamp"));
            keep(&scene, &name("2-judged"));
            panel(&scene, "block", window == "phone");
            keep(&scene, &name("3-block"));
            scene.browser.press("\u{e00c}n");
            scene.at_page(1);
            if window == "phone" {
                scene.browser.click("#dock-queue");
            }
            keep(&scene, &name("4-queue"));
            scene.browser.press("\u{e00c}");
            scene.browser.run(TRAINED, vec![]);
            panel(&scene, "train", window == "phone");
            scene.browser.click("#train-detail .main-button");
            scene.browser.until("document.querySelector('#train-detail .figures')");
            keep(&scene, &name("5-trained"));
        }
    }
}
