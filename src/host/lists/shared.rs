//! Names below which strangers publish: what a list says of the whole says nothing of one of them.

use crate::lexicon::is_shared_host;
use std::net::IpAddr;

/// Whether the entry of a list covers the sites of many strangers: a public suffix (`com.cn`, `blogspot.com`), or a whole
/// platform (`medium.com`). An entry with a path, or of one site on a platform, does not.
///
/// ```
/// use pagesieve::host::is_shared;
/// assert!(is_shared("com.cn") && is_shared("blogspot.com") && is_shared("medium.com"));
/// assert!(!is_shared("spam.blogspot.com") && !is_shared("medium.com/@spam") && !is_shared("example.com"));
/// ```
pub fn is_shared(entry: &str) -> bool {
    let is_address = entry.starts_with('[') || entry.parse::<IpAddr>().is_ok();
    !is_address && !entry.contains('/') && (psl::domain_str(entry).is_none() || is_shared_host(entry))
}
