//! Trainings of a trainer that does what it is told.

use super::*;
use crate::annotate::LabelledFolder;
use crate::classify::Profile;
use crate::serve::Options;
use serde_json::json;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Says each text that it is sent as its progress, and ends as the last one says.
struct Told(Mutex<Receiver<&'static str>>);

impl Trainer for Told {
    fn train(&self, base: &Filter, labels: &Path, progress: &Progress<'_>) -> Result<Trained, Vec<Error>> {
        let stop = || vec![Error::Settings("stopped".to_owned())];
        for text in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            match text {
                "learn" => {
                    return Ok(Trained {
                        filter: base.clone().with_profile(Profile::Recall),
                        message: format!("from {}", labels.file_name().unwrap().display()),
                        before: json!({ "word_f1": 0.5 }),
                        after: json!({ "word_f1": 0.75 }),
                        warnings: vec!["one page is worse".to_owned()],
                    });
                }
                "fail" => return Err(vec![Error::Settings("no page".to_owned())]),
                "panic" => panic!("a trainer of the test"),
                text if progress(text).is_break() => return Err(stop()),
                _ => {}
            }
        }
        Err(stop())
    }
}

struct Scene {
    state: Arc<State>,
    tell: Sender<&'static str>,
    _folder: tempfile::TempDir,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let (tell, told) = channel();
    let labels = LabelledFolder::open(folder.path().join("mine")).unwrap();
    let state = State::new(Filter::builtin(), Options::default().with_threads(1)).unwrap();
    let state = state.with_labels(labels).with_trainer(Box::new(Told(Mutex::new(told))));
    Scene { state: Arc::new(state), tell, _folder: folder }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
}

impl Scene {
    fn start(&self) -> Result<StatusCode, Refusal> {
        run(start(Shared(Arc::clone(&self.state)))).map(|answer| answer.status())
    }

    fn now(&self) -> Value {
        serde_json::from_slice(&self.state.training.answer()).unwrap()
    }

    /// What it says once this is so.
    fn once(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let asked = Instant::now();
        while !is_so(&self.now()) {
            assert!(asked.elapsed() < Duration::from_secs(20), "{}", self.now());
            std::thread::sleep(Duration::from_millis(5));
        }
        self.now()
    }

    fn choose(&self, body: &'static str) -> Result<Value, Refusal> {
        let request = Request::builder().body(Body::from(body)).unwrap();
        run(choose(Shared(Arc::clone(&self.state)), request))
            .map(|_| serde_json::from_slice(&self.state.training.model()).unwrap())
    }
}

#[test]
fn a_training_tells_what_it_is_at_and_only_one_runs() {
    let scene = scene();
    assert_eq!(scene.now(), json!({ "v": 1, "state": "none" }));
    assert_eq!(scene.start().unwrap(), StatusCode::ACCEPTED);
    scene.tell.send("reading 3 pages").unwrap();
    scene.once(|now| *now == json!({ "v": 1, "state": "running", "message": "reading 3 pages" }));
    assert_eq!(scene.start().unwrap_err().status(), StatusCode::CONFLICT);
    scene.tell.send("learn").unwrap();
    let done = scene.once(|now| now["state"] != "running");
    let expected = json!({
        "v": 1, "state": "done", "message": "from mine", "before": { "word_f1": 0.5 }, "after": { "word_f1": 0.75 },
        "warnings": ["one page is worse"],
    });
    assert_eq!(done, expected);
    assert_eq!(scene.start().unwrap(), StatusCode::ACCEPTED);
}

#[test]
fn what_was_trained_judges_only_when_told() {
    let scene = scene();
    let before = scene.state.filter();
    assert_eq!(scene.choose(r#"{"use":"trained"}"#).unwrap_err().status(), StatusCode::CONFLICT);
    scene.tell.send("learn").unwrap();
    scene.start().unwrap();
    scene.once(|now| now["state"] == "done");
    assert!(Arc::ptr_eq(&before, &scene.state.filter()));
    assert_eq!(
        scene.choose(r#"{"use":"trained"}"#).unwrap(),
        json!({ "v": 1, "use": "trained", "trained": true })
    );
    assert!(!Arc::ptr_eq(&before, &scene.state.filter()));
    scene.choose(r#"{"use":"started"}"#).unwrap();
    assert!(Arc::ptr_eq(&before, &scene.state.filter()));
    assert_eq!(scene.choose(r#"{"use":"other"}"#).unwrap_err().status(), StatusCode::BAD_REQUEST);
}

#[test]
fn a_training_that_fails_or_panics_says_so_and_the_next_may_start() {
    let scene = scene();
    for (told, expected) in [("fail", "no page"), ("panic", "a bug")] {
        scene.tell.send(told).unwrap();
        scene.start().unwrap();
        let failed = scene.once(|now| now["state"] == "failed");
        assert!(failed["message"].as_str().unwrap().contains(expected), "{failed}");
    }
}

#[test]
fn a_training_can_be_broken_off() {
    let scene = scene();
    let cancelled = || run(cancel(Shared(Arc::clone(&scene.state)))).map(|answer| answer.status());
    assert_eq!(cancelled().unwrap_err().status(), StatusCode::CONFLICT);
    scene.start().unwrap();
    assert_eq!(cancelled().unwrap(), StatusCode::ACCEPTED);
    scene.tell.send("reading 3 pages").unwrap();
    let ended = scene.once(|now| now["state"] != "running");
    assert_eq!(ended, json!({ "v": 1, "state": "failed", "message": "it was broken off" }));
}
