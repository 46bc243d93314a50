//! Deciding who may do what.

use std::hint::black_box;
use std::sync::Arc;

use pwvault_core::clock::Timestamp;
use pwvault_core::model::{Action, Actions, EntryHead, Grant, Grantee, Person, Policy};
use pwvault_core::policy::{Authority, FactsIndex};
use pwvault_core::{AdminId, Principal, RoleId};

use crate::Fallible;
use crate::jobs::Bench;
use crate::race::{Watch, each, race};
use crate::sample::{Plain, owner};

/// How many grants the entry has that is decided about.
pub const GRANTS: u32 = 100;

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let principal = Principal::admin_with_roles(AdminId::new("7")?, vec![role(41)?, role(77)?, role(1_000)?]);
    let authority = Authority::compile(Arc::new(Policy::default()), &principal);
    let granted = entry(0, 0..GRANTS)?;
    let mut one = FactsIndex::at(Timestamp::MIN);
    one.push(&granted);
    let one = one.seen_by(&authority);

    let mut many = FactsIndex::at(Timestamp::MIN);
    for number in 0..MANY {
        many.push(&entry(number, if number % 10 == 0 { number % 97..number % 97 + 3 } else { 0..0 })?);
    }
    let many = many.seen_by(&authority);

    let [indexed, plain, explained, filtered] = race(
        Watch::Cpu,
        [
            each(|| one.evaluate(black_box(Action::Reveal), 0)),
            each(|| authority.evaluate(black_box(Action::Reveal), &granted)),
            each(|| authority.explain(black_box(Action::Edit), &granted)),
            each(|| many.filter(black_box(Action::Reveal)).count()),
        ],
    );
    let report = &mut bench.report;
    let limit = "the limit of one millisecond";
    report.compare("filter_100k", "decide about 100,000 indexed entries", filtered, limit, 1e6, Some(1.0));
    report.note(format!(
        "A decision about an entry with {GRANTS} grants takes {} through an index, {} on its overview, {} with reasons \
         and remedies.",
        crate::report::time(indexed),
        crate::report::time(plain),
        crate::report::time(explained)
    ));
    #[cfg(feature = "peers")]
    {
        let (cedar, casbin) = (crate::peers::cedar::Peer::new()?, crate::peers::casbin::Peer::new()?);
        let [cedar, casbin] = race(Watch::Cpu, [each(|| cedar.decide()), each(|| casbin.decide())]);
        let job = "decide about an indexed entry with 100 grants";
        report.compare("decide_cedar", job, indexed, "cedar-policy, a policy for each grant", cedar, Some(1e-3));
        report.compare("decide_casbin", job, indexed, "casbin, a line for each grant", casbin, Some(1e-3));
        let job = "decide about its overview, without an index";
        report.compare("decide_overview_cedar", job, plain, "cedar-policy, a policy for each grant", cedar, None);
    }
    Ok(())
}

/// An entry granted to the roles of these numbers.
fn entry(number: u32, roles: std::ops::Range<u32>) -> Fallible<EntryHead> {
    let (mut head, _) = Plain::number(number).split(owner(&format!("client {}", number % 1_000))?);
    for number in roles {
        head.grants.push(Grant::new(
            Grantee::Role(role(number)?),
            Actions::VIEW_AND_REVEAL,
            Person::System,
            Timestamp::from_millis(0),
        ));
    }
    Ok(head)
}

fn role(number: u32) -> Fallible<RoleId> {
    Ok(RoleId::new(format!("role {number}"))?)
}

const MANY: u32 = 100_000;
