//! chromedriver as a child, and the commands of Chromium that `WebDriver` does not have.

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = "chromedriver";

/// A running chromedriver with its own folder for everything that it and the browser write. Both are gone when it is
/// dropped.
pub(crate) struct Driver {
    child: Child,
    pub(crate) address: String,
    folder: tempfile::TempDir,
}

impl Driver {
    /// Starts chromedriver on a free port; none where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let program = installed()?;
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(program);
        command.arg("--port=0").env("TMPDIR", folder.path()).env("HOME", folder.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let port = port_of(BufReader::new(child.stdout.take().unwrap()));
        Some(Self { child, address: format!("http://127.0.0.1:{port}"), folder })
    }

    /// What the browser is started with.
    pub(crate) fn capabilities(&self) -> Map<String, Value> {
        let profile = format!("--user-data-dir={}", self.folder.path().join("profile").display());
        let mut arguments = vec![
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            &profile,
        ];
        if is_root() {
            arguments.push("--no-sandbox");
        }
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        options.as_object().unwrap().clone()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The browser's sandbox does not run as root.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|folder| folder.join(PROGRAM)).find(|file| Path::is_file(file));
    if found.is_none() {
        let message = "no chromedriver on the PATH; apt-get install chromium chromium-driver";
        let is_required = std::env::var("PAGESIEVE_BROWSER").is_ok_and(|value| value == "required");
        assert!(!is_required, "{message}");
        println!("skipped: {message}");
    }
    found
}

/// The port from the line in which chromedriver says that it was started.
fn port_of(lines: impl BufRead) -> u16 {
    let mut said = String::new();
    for line in lines.lines() {
        let line = line.unwrap();
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
        said.extend([&line, "\n"]);
    }
    panic!("chromedriver did not start: {said}");
}

/// A command of the `DevTools` protocol: its name and its parameters.
#[derive(Debug)]
pub(crate) struct DevTools(pub(crate) &'static str, pub(crate) Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}
