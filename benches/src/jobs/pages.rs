//! Pages and searches, and how their cost grows with the vault around them.

use std::rc::Rc;

use pwvault_core::Session;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryFilter, EntryPages, EntryQuery};

use crate::Fallible;
use crate::growth::Growth;
use crate::jobs::Bench;
use crate::race::{Watch, each, race_all};
use crate::world::{FEW, World};

type Ask = fn(&World, u32) -> Fallible<(Session, EntryQuery)>;

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let sizes = bench.sizes();
    let worlds = sizes.iter().map(|size| bench.world(*size)).collect::<Fallible<Vec<_>>>()?;
    for (id, job, ask) in ASKED {
        let times = measure(&worlds, sizes, ask)?;
        let points: Vec<_> = sizes.iter().copied().zip(times).collect();
        // The small end is a vault whose pages all fit into the processor's cache.
        for pair in points.windows(2).skip(1) {
            let [(from, before), (to, after)] = pair else { continue };
            let reference = format!("the same with {from} entries in the vault");
            let job = format!("{job}, {to} entries in the vault");
            bench.report.compare(&format!("{id}_{to}"), &job, *after, &reference, *before, Some(2.0));
        }
        bench.report.grow(Growth { job: job.to_owned(), points });
    }
    search_by_reach(bench)
}

/// A search costs what the principal can see.
fn search_by_reach(bench: &mut Bench) -> Fallible<()> {
    let worlds = [bench.world(1_000)?, bench.world(10_000)?];
    let sizes = [1_000, 10_000];
    let times = measure(&worlds, &sizes, |world, _| Ok((world.everyone()?, searching())))?;
    let [small, large] = times[..] else { return Err("a search gave no time".into()) };
    let reference = "the same among 1,000, ten times over";
    let job = "search the names, addresses and fields of 10,000 visible entries";
    bench.report.compare("search_10000_visible", job, large, reference, small * 10.0, None);
    Ok(())
}

fn measure(worlds: &[Rc<World>], sizes: &[u32], ask: Ask) -> Fallible<Vec<f64>> {
    let asked = worlds.iter().zip(sizes).map(|(world, size)| ask(world, *size)).collect::<Fallible<Vec<_>>>()?;
    let contender = |(session, query): &(Session, EntryQuery)| session.list_entries(query).expect("a page");
    Ok(race_all(Watch::Cpu, asked.iter().map(|asked| each(move || contender(asked))).collect()))
}

fn searching() -> EntryQuery {
    let filter = EntryFilter { text: Some("customer 0000042".to_owned()), ..EntryFilter::default() };
    EntryQuery { filter, ..EntryQuery::default() }
}

/// What is asked: the name in the summary, the words, the question.
const ASKED: [(&str, &str, Ask); 4] = [
    ("page_first", "the newest 50 of the 500 entries shared to a role", |world, _| {
        Ok((world.staff()?, EntryQuery::default()))
    }),
    ("page_middle", "50 from the middle of a client's tenth of the vault", |world, size| {
        let bulk = world.client("bulk")?;
        let half = usize::try_from(size / 20)?;
        let query = EntryQuery::default();
        let pages = usize::try_from(query.limit).map(|limit| half / limit)?;
        let middle = EntryPages::new(&bulk, query.clone()).nth(pages.saturating_sub(1)).transpose()?;
        let after = middle.and_then(|page| page.next);
        Ok((bulk, EntryQuery { after, ..query }))
    }),
    ("page_all", "the newest 50 for who sees everything", |world, _| Ok((world.everyone()?, EntryQuery::default()))),
    ("search", "search a client's 500 entries", |world, _| Ok((world.client("anna")?, searching()))),
];
const _: () = assert!(FEW == 500, "the words above name it");
