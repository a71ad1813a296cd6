//! What a page adds to the counters of its host: the columns that `filter --hosts` adds up in its database.

use crate::classify::Report;
use crate::host::{HostEvidence, Place};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// One page's counts; null of a page whose URL is not known or has no host, and of a record that gave no page.
#[derive(Default, serde::Serialize)]
pub(super) struct HostEntry(Option<HostCounts>);

impl HostEntry {
    pub(super) fn of(report: &Report) -> Self {
        Self(HostCounts::of(report))
    }
}

/// One page's counts and where they belong.
struct HostCounts {
    place: Place,
    page: HostEvidence,
}

impl HostCounts {
    fn of(report: &Report) -> Option<Self> {
        let place = report.page().source().url.as_deref().and_then(Place::of_url)?;
        let mut page = HostEvidence::default();
        page.add_page(report);
        Some(Self { place, page })
    }
}

impl Serialize for HostCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("domain", self.place.domain())?;
        map.serialize_entry("prefix", self.place.prefix())?;
        map.serialize_entry("host", self.place.host())?;
        for (name, count) in self.page.counters().filter(|(_, count)| *count > 0) {
            map.serialize_entry(name, &count)?;
        }
        if let Some((date, _)) = &self.page.dates {
            map.serialize_entry("date", date)?;
        }
        if !self.page.filings.is_empty() {
            map.serialize_entry("filings", &self.page.filings.keys().collect::<Vec<_>>())?;
        }
        map.end()
    }
}
