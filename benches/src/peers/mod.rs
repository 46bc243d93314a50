//! Other products' libraries, each behind the few calls that are timed.

pub mod age;
pub mod casbin;
pub mod cedar;
pub mod josekit;
pub mod keepass;
pub mod openpgp;
