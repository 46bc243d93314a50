//! What follows from something that happened in the host. Owns which records are concerned and what
//! becomes of them; who may say that it happened, and when what follows is written, is decided in
//! [`super::host_events`].

mod entries;
mod handed_out;
mod keys;
mod people;
mod rules;
mod sweep;
mod told;
mod work;

pub(super) use sweep::{Place, Step};
pub use told::{Consequence, Consequences, HandOver, Tally};
