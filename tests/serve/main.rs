//! The service as its clients see it: answers, limits, and what it refuses.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, reason = "what the helpers of a test cannot do fails the test")]
#![expect(clippy::indexing_slicing, reason = "what is not there fails the test")]
#![expect(clippy::string_slice, reason = "positions come from searches for ASCII text")]

mod answers;
mod bad_input;
mod described;
mod labelling;
mod server;
mod strangers;
