//! Training on corrections, and the choice of the model.

use crate::pages::{TAILED, TAILED_LINES};
use crate::scene::Scene;

/// Answers of a server that has trained, so that what is shown of them can be looked at without training.
pub(crate) const TRAINED: &str = r#"
  const real = window.fetch;
  let used = "started";
  const answer = (value) => new Response(JSON.stringify(value), { headers: { "content-type": "application/json" } });
  window.fetch = (path, options) => {
    if (path === "/v1/train") return Promise.resolve(answer({ v: 1, state: "done", message: "Fitted on 3 pages with 112 blocks in 2.1 s.",
      before: { token_f1: 0.912, macro_f1: 0.641, pages: 3, brier: 0.081 }, after: { token_f1: 0.987, macro_f1: 0.702, pages: 3, brier: 0.064 },
      warnings: ["promo is found less often: recall 0.810, before 0.842"] }));
    if (path === "/v1/model") {
      if (options.method === "POST") used = JSON.parse(options.body).use;
      return Promise.resolve(answer({ v: 1, use: used }));
    }
    return real(path, options);
  };"#;

fn train_state(scene: &Scene) -> String {
    scene.browser.text("#train-detail")
}

#[test]
fn figures_before_and_after_are_compared_and_the_model_is_swapped_only_when_told() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    scene.browser.press("s");
    scene.saved();
    scene.browser.run(TRAINED, vec![]);
    scene.browser.click("#tab-train");
    scene.browser.until("!document.querySelector('#train-detail .main-button').disabled");
    scene.browser.click("#train-detail .main-button");
    scene.browser.until("document.querySelector('#train-detail .figures')");
    let said = train_state(&scene);
    for part in ["0.912", "0.987", "0.075 better", "0.017 better", "promo is found less often"] {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
    assert!(said.contains("Use the new model"), "the model from before still runs: {said}");
    scene.browser.click("#train-detail .figures ~ .buttons .main-button");
    scene.browser.until("/The new model runs now/.test(document.getElementById('train-detail').textContent)");
    scene.browser.click("#train-detail .figures ~ .buttons .main-button + button");
    scene
        .browser
        .until("/The model from before runs/.test(document.getElementById('train-detail').textContent)");
}

#[test]
fn a_model_that_was_trained_on_corrections_labels_the_page_as_corrected_when_it_is_told_to_run() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    scene.focus(TAILED_LINES.0);
    scene.browser.press("vG4");
    scene.saved();
    scene.browser.click("#tab-train");
    scene.browser.until("!document.querySelector('#train-detail .main-button').disabled");
    scene.browser.click("#train-detail .main-button");
    scene.browser.until("document.querySelector('#train-detail :is(.figures, .error)')");
    assert!(!train_state(&scene).contains("failed"), "{}", train_state(&scene));
    let asked = || scene.server.post("/v1/check?blocks=true", "text/plain", TAILED).json();
    let label = |row: &serde_json::Value| row["blocks"][TAILED_LINES.0]["label"].clone();
    assert_eq!(label(&asked()), "adult", "nothing changes before it is told to");
    scene.browser.click("#train-detail .figures ~ .buttons .main-button");
    scene.browser.until("/The new model runs now/.test(document.getElementById('train-detail').textContent)");
    assert_eq!(label(&asked()), "nav");
    assert!(scene.blocks().iter().any(|block| block.moved), "what changed is marked");
    scene.browser.click("#train-detail .figures ~ .buttons .main-button + button");
    scene
        .browser
        .until("/The model from before runs/.test(document.getElementById('train-detail').textContent)");
    assert_eq!(label(&asked()), "adult");
}
