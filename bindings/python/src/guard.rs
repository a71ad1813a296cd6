//! Panics of judging → messages. Other panics of the process keep the hook that they had.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether this thread is at work on a page.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
    /// Where and why it panicked last while it was.
    static CAUSE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics silent while a page is being judged; its row tells them.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if AT_WORK.get() {
                CAUSE.with(|cause| *cause.borrow_mut() = Some(info.to_string()));
            } else {
                before(info);
            }
        }));
    });
}

/// What the work gives, or where and why it panicked, in one line.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    AT_WORK.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    AT_WORK.set(false);
    outcome.map_err(|_| CAUSE.with(|cause| cause.borrow_mut().take()).unwrap_or_default().replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_in_one_line() {
        install();
        let told = caught(|| panic!("the page\nis bad")).unwrap_err();
        assert!(
            told.contains("guard.rs") && told.contains("the page is bad") && !told.contains('\n'),
            "{told}"
        );
        assert_eq!(caught(|| 7), Ok(7));
    }
}
