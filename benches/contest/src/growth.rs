//! How cost grows with the number of entries: a table and a plot on logarithmic axes.

use std::fmt::Write as _;

use crate::report::time;

/// The cost of one thing by the number of entries.
pub struct Growth {
    /// What was done.
    pub job: String,
    /// Entries and nanoseconds, in ascending order of entries.
    pub points: Vec<(u32, f64)>,
}

/// The figures as a Markdown table.
pub fn table(lines: &[Growth]) -> String {
    let sizes = sizes(lines);
    let mut out = String::from("| entries |");
    sizes.iter().for_each(|size| out.push_str(&format!(" {size} |")));
    out.push_str("\n|---|");
    sizes.iter().for_each(|_| out.push_str("--:|"));
    out.push('\n');
    for Growth { job, points } in lines {
        let _ = write!(out, "| {job} |");
        for size in &sizes {
            let cost = points.iter().find(|(entries, _)| entries == size);
            let _ = write!(out, " {} |", cost.map_or_else(|| "-".to_owned(), |(_, ns)| time(*ns)));
        }
        out.push('\n');
    }
    out
}

/// The lines on logarithmic axes, where what is linear rises at 45 degrees and what is constant
/// is level.
pub fn svg(lines: &[Growth]) -> String {
    let costs = || lines.iter().flat_map(|line| line.points.iter().map(|(_, ns)| *ns));
    let entries = || lines.iter().flat_map(|line| line.points.iter().map(|(entries, _)| f64::from(*entries)));
    let x = Axis::over(entries(), LEFT, RIGHT);
    let y = Axis::over(costs(), BOTTOM, TOP);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    for tick in y.ticks() {
        let at = y.place(tick);
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {at:.1}H{RIGHT}\" stroke=\"#ddd\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            at + 4.0,
            time(tick)
        );
    }
    for tick in x.ticks() {
        let at = x.place(tick);
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {BOTTOM}V{TOP}\" stroke=\"#ddd\"/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{tick} entries</text>",
            BOTTOM + 20.0
        );
    }
    for (at, Growth { job, points }) in lines.iter().enumerate() {
        let colour = COLOURS[at % COLOURS.len()];
        let places: Vec<_> = points.iter().map(|(entries, ns)| (x.place(f64::from(*entries)), y.place(*ns))).collect();
        let path: Vec<_> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = write!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        for (x, y) in &places {
            let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>");
        }
        let row = HEIGHT - 12.0 - (lines.len() - 1 - at) as f64 * 20.0;
        let _ = writeln!(
            out,
            "<circle cx=\"{LEFT}\" cy=\"{:.1}\" r=\"5\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{row:.1}\">{job}</text>",
            row - 4.0,
            LEFT + 12.0
        );
    }
    out.push_str("</svg>\n");
    out
}

fn sizes(lines: &[Growth]) -> Vec<u32> {
    let mut sizes: Vec<_> = lines.iter().flat_map(|line| line.points.iter().map(|(size, _)| *size)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

/// Powers of ten from one end to the other.
struct Axis {
    low: i32,
    high: i32,
    from: f64,
    to: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        let low = low.log10().floor() as i32;
        Self { low, high: (high.log10().ceil() as i32).max(low + 1), from, to }
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|power| 10_f64.powi(power))
    }

    fn place(&self, value: f64) -> f64 {
        let part = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.from + part * (self.to - self.from)
    }
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 670.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 360.0;
const COLOURS: [&str; 6] = ["#0b6e99", "#d9480f", "#2b8a3e", "#862e9c", "#c2255c", "#5f3dc4"];
