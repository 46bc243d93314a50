//! Timing: contenders take turns in short rounds, so that whatever else the machine does falls on
//! all of them alike.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Which time counts.
#[derive(Clone, Copy)]
pub enum Watch {
    /// What the calling thread spends on a processor: other programs' turns do not count.
    Cpu,
    /// What passes on the wall: for work that waits for a disk.
    Wall,
}

impl Watch {
    /// How long `work` takes.
    pub fn time<T>(self, work: impl FnOnce() -> T) -> (T, Duration) {
        match self {
            Self::Cpu => {
                let start = thread_time();
                let done = work();
                (done, thread_time() - start)
            }
            Self::Wall => {
                let start = Instant::now();
                let done = work();
                (done, start.elapsed())
            }
        }
    }
}

/// Something to be timed: runs so many repetitions and says how long they took.
pub struct Contender<'a>(Box<dyn FnMut(u32, Watch) -> Duration + 'a>);

/// Times every repetition of `work`.
pub fn each<'a, T>(mut work: impl FnMut() -> T + 'a) -> Contender<'a> {
    Contender(Box::new(move |repetitions, watch| {
        let batch = || (0..repetitions).for_each(|_| drop(std::hint::black_box(work())));
        watch.time(batch).1
    }))
}

/// Leaves it to `work` what of a repetition counts: the rest of it prepares and clears away.
pub fn part<'a>(mut work: impl FnMut(Watch) -> Duration + 'a) -> Contender<'a> {
    Contender(Box::new(move |repetitions, watch| (0..repetitions).map(|_| work(watch)).sum()))
}

/// Leaves it to `work` to run so many repetitions and to say how long they took on the wall: another
/// process looks at its own clock.
pub fn told<'a>(mut work: impl FnMut(u32) -> Duration + 'a) -> Contender<'a> {
    Contender(Box::new(move |repetitions, _| work(repetitions)))
}

/// Lets the contenders run in turns and gives nanoseconds per repetition for each: the median of
/// the faster half of its rounds.
pub fn race<const N: usize>(watch: Watch, contenders: [Contender<'_>; N]) -> [f64; N] {
    let mut times = race_all(watch, contenders.into()).into_iter();
    std::array::from_fn(|_| times.next().expect("a time for each contender"))
}

/// As [`race`], for any number.
pub fn race_all(watch: Watch, contenders: Vec<Contender<'_>>) -> Vec<f64> {
    let quarter = |mut rounds: Vec<f64>| {
        rounds.sort_by(f64::total_cmp);
        rounds[rounds.len() / 4]
    };
    race_rounds(watch, contenders).into_iter().map(quarter).collect()
}

/// As [`race_all`], with every round of each: rounds of the same number ran one after the other.
pub fn race_rounds(watch: Watch, contenders: Vec<Contender<'_>>) -> Vec<Vec<f64>> {
    let lane = |Contender(run)| Lane { run, repetitions: 1, rounds: Vec::new() };
    let mut lanes: Vec<_> = contenders.into_iter().map(lane).collect();
    let mut slowest = Duration::ZERO;
    for lane in &mut lanes {
        slowest = slowest.max(lane.warm_up(watch));
    }
    let rounds = (BUDGET.as_secs_f64() / slowest.as_secs_f64().max(1e-9)) as usize;
    for _ in 0..rounds.clamp(ROUNDS_MIN, ROUNDS_MAX) {
        for lane in &mut lanes {
            let took = (lane.run)(lane.repetitions, watch);
            lane.rounds.push(took.as_secs_f64() * 1e9 / f64::from(lane.repetitions));
        }
    }
    lanes.into_iter().map(|lane| lane.rounds).collect()
}

struct Lane<'a> {
    run: Box<dyn FnMut(u32, Watch) -> Duration + 'a>,
    repetitions: u32,
    rounds: Vec<f64>,
}

impl Lane<'_> {
    /// Finds how many repetitions make a round, and says how long that takes.
    fn warm_up(&mut self, watch: Watch) -> Duration {
        loop {
            let took = (self.run)(self.repetitions, watch);
            if took >= ROUND || self.repetitions >= 1 << 24 {
                return took;
            }
            self.repetitions *= 2;
        }
    }
}

fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs() as u32)
}

/// A round lasts at least this long: short, so that few are disturbed, and far above the clock's grain.
const ROUND: Duration = Duration::from_millis(2);
/// What the rounds of the slowest contender may take together.
const BUDGET: Duration = Duration::from_millis(1_200);
const ROUNDS_MIN: usize = 5;
const ROUNDS_MAX: usize = 200;
