//! By how much protocols differ, seed by seed.

use commitsim_stats::{Gap, Paired, Reached};

use crate::csv::{Csv, Field};
use crate::metric::Metric;
use crate::results::Results;
use crate::summary::{said, unit};

/// By how much the protocol of a cell exceeds the first one at the same point.
pub(crate) struct Difference {
    pub(crate) cell: usize,
    pub(crate) metric: Metric,
    paired: Paired,
}

/// All differences from the first protocol of the list, by cell and then by metric.
pub(crate) fn differences(results: &Results) -> Vec<Difference> {
    let protocols = results.manifest().protocols.len();
    let cells = (0..results.manifest().cells.len()).filter(|cell| cell % protocols > 0);
    let each = |cell: usize| {
        let one = move |metric: Metric| {
            let paired = results.paired(cell, cell - cell % protocols, metric)?;
            Some(Difference { cell, metric, paired })
        };
        Metric::ALL.into_iter().filter_map(one)
    };
    cells.flat_map(each).collect()
}

impl Difference {
    /// The median and its interval, how many pairs there are, and in how many it never came.
    pub(crate) fn words(&self) -> [String; 4] {
        let median = self.paired.median().map_or_else(|| "-".to_string(), |gap| self.said(gap));
        let bounds = self.paired.interval();
        let bounds = bounds.map_or_else(String::new, |(low, high)| {
            format!("[{}, {}]", self.said(low), self.said(high))
        });
        [median, bounds, self.paired.count().to_string(), self.paired.neither().to_string()]
    }

    fn said(&self, gap: Gap) -> String {
        match gap {
            Gap::FirstOnly => "only here".to_string(),
            Gap::OtherOnly => "never here".to_string(),
            Gap::By(by) => {
                let size = said(self.metric, Reached::At(by.unsigned_abs()));
                if by < 0 { format!("\u{2212}{size}") } else { size }
            }
        }
    }
}

/// By how much each protocol exceeds the first one of the list, seed by seed.
#[must_use]
pub fn differences_csv(results: &Results) -> String {
    let manifest = results.manifest();
    let mut headings: Vec<&str> = manifest.axes.iter().map(|axis| axis.label.as_str()).collect();
    headings.extend(["protocol", "minus", "metric", "unit", "pairs", "neither"]);
    headings.extend(["median", "low95", "high95"]);
    let mut csv = Csv::new(&headings);
    for Difference { cell, metric, paired } in differences(results) {
        let (point, protocol) = results.place(cell);
        let values = manifest.axes.iter().zip(manifest.values_at(point));
        let key: Vec<Field> =
            values.map(|(axis, value)| Field::Text(axis.names[value].clone())).collect();
        let words = [manifest.protocol_name(protocol), manifest.protocol_name(0)];
        let words = words.into_iter().chain([metric.name.to_string(), unit(metric).to_string()]);
        let counts = [paired.count(), paired.neither()].map(|n| Field::Whole(n.into()));
        let bounds = paired.interval();
        let gaps = [paired.median(), bounds.map(|(low, _)| low), bounds.map(|(_, high)| high)];
        let fields = words.map(Field::Text).chain(counts).chain(gaps.map(gap));
        csv.row(key.iter().cloned().chain(fields));
    }
    csv.into_text()
}

fn gap(gap: Option<Gap>) -> Field {
    match gap {
        None => Field::Empty,
        Some(Gap::By(by)) => Field::Whole(by.into()),
        Some(Gap::FirstOnly) => Field::Text("the other never came".to_string()),
        Some(Gap::OtherOnly) => Field::Text("never came".to_string()),
    }
}
