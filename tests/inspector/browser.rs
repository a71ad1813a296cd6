//! A browser with one tab, as calls that return when they are done.

use crate::driver::{DevTools, Driver};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long anything may take to appear; programs without optimisation are slow.
const PATIENCE: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(15);

pub(crate) struct Browser {
    runtime: Runtime,
    client: Client,
    _driver: Driver,
}

impl Browser {
    /// Starts a browser; none where there is no chromedriver.
    pub(crate) fn start() -> Option<Self> {
        let driver = Driver::start()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(driver.capabilities());
        let client = runtime.block_on(builder.connect(&driver.address)).unwrap();
        Some(Self { runtime, client, _driver: driver })
    }

    fn wait<T>(&self, call: impl Future<Output = Result<T, CmdError>>) -> T {
        self.runtime.block_on(call).unwrap()
    }

    pub(crate) fn visit(&self, address: &str) {
        self.wait(self.client.goto(address));
    }

    /// What a script returns; `arguments` are the script's.
    pub(crate) fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.wait(self.client.execute(script, arguments))
    }

    /// What a script hands to its last argument.
    pub(crate) fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.wait(self.client.execute_async(script, arguments))
    }

    /// The value of an expression.
    pub(crate) fn value(&self, expression: &str) -> Value {
        self.run(&format!("return {expression}"), vec![])
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.wait(async { self.client.find(Locator::Css(selector)).await?.text().await })
    }

    pub(crate) fn click(&self, selector: &str) {
        self.wait(async { self.client.find(Locator::Css(selector)).await?.click().await });
    }

    /// Waits until an expression is true, and fails with what the page says when it never is.
    pub(crate) fn until(&self, expression: &str) {
        let started = Instant::now();
        while self.value(&format!("Boolean({expression})")) != true {
            if started.elapsed() > PATIENCE {
                let seen = self.value("document.body.innerText.slice(0, 2000)");
                panic!("never true: {expression}\nthe page says: {}", seen.as_str().unwrap_or_default());
            }
            std::thread::sleep(POLL);
        }
    }

    /// Presses keys one after the other, where the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keys".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.wait(self.client.perform_actions(actions));
    }

    /// Presses a key while another is held.
    pub(crate) fn press_with(&self, held: char, value: char) {
        let actions = KeyActions::new("keys".to_owned()).then(KeyAction::Down { value: held });
        let actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.wait(self.client.perform_actions(actions.then(KeyAction::Up { value: held })));
    }

    pub(crate) fn tools(&self, name: &'static str, parameters: Value) -> Value {
        self.wait(self.client.issue_cmd(DevTools(name, parameters)))
    }

    /// Makes the window this wide and high; under 600 it is a phone's.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.tools("Emulation.setDeviceMetricsOverride", size);
    }

    /// `light` or `dark`: what the user prefers.
    pub(crate) fn prefer(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.tools("Emulation.setEmulatedMedia", features);
    }

    /// What the window shows, as PNG.
    pub(crate) fn shot(&self) -> Vec<u8> {
        self.wait(self.client.screenshot())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser; where that fails, the driver is ended all the same.
        let _ = self.runtime.block_on(self.client.clone().close());
    }
}
