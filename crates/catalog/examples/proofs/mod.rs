//! What is proved, the quickest first.

use commitsim_explore::{Bounds, Synchrony};
use commitsim_spec::Property;

/// One search.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) options: Vec<(&'static str, &'static str)>,
    pub(crate) nodes: u16,
    pub(crate) bounds: Bounds,
    /// What is to break; none where everything is to hold.
    pub(crate) property: Option<Property>,
}

impl Row {
    /// The columns by which a row is known.
    pub(crate) fn head(&self) -> String {
        let options: Vec<String> =
            self.options.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("| `{}` | {} | {} | {} | ", self.id, options.join(" "), self.nodes, self.words())
    }

    fn words(&self) -> String {
        let Bounds { crashes, losses, duplicates, partitions, alarms, .. } = self.bounds;
        let mut words = Vec::new();
        let mut add = |number: u8, one: &str, several: &str| match number {
            0 => {}
            1 => words.push(format!("1 {one}")),
            more => words.push(format!("{more} {several}")),
        };
        add(crashes, "crash", "crashes");
        add(losses, "loss", "losses");
        add(duplicates, "duplicate", "duplicates");
        add(partitions, "partition", "partitions");
        if self.bounds.unreliable {
            words.push("any losses".to_string());
        }
        match alarms {
            None => {}
            Some(0) => words.push("no alarm".to_string()),
            Some(most) => words.push(format!("at most {most} alarms")),
        }
        words.extend(self.bounds.readers.then(|| "read-only votes".to_string()));
        words.push(
            match self.bounds.synchrony {
                Synchrony::Asynchronous => "asynchronous",
                Synchrony::MessagesFirst => "messages first",
            }
            .to_string(),
        );
        words.join(", ")
    }
}

/// A protocol, and the options that change what it does.
type Choice = (&'static str, &'static [(&'static str, &'static str)]);

/// What promises agreement under crashes, losses and partitions. Whether an outcome is forced or
/// lazy is no choice here: the disks of a search write when they like, so the worlds are the same.
const SAFE: [Choice; 16] = [
    ("2pc-linear", &[]),
    ("2pc-pra", &[]),
    ("t2pc", &[]),
    ("t2pc", &[("vote_force", "early")]),
    ("2pc", &[]),
    ("2pc-prc", &[]),
    ("2pc-pra", &[("termination", "cooperative")]),
    ("2pc", &[("termination", "cooperative")]),
    ("2pc-prc", &[("termination", "cooperative")]),
    ("2pc-backup", &[]),
    ("2pc-backup", &[("backups", "2")]),
    ("2pc-watchdog", &[]),
    ("2pc-decentralized", &[]),
    ("d2pc", &[]),
    ("p2pc", &[]),
    ("p2pc", &[("vote_force", "early")]),
];

/// All rows, the small ones first.
pub(crate) fn rows() -> Vec<Row> {
    let undisturbed = Bounds { alarms: Some(0), readers: true, ..Bounds::NONE };
    let counted = Bounds { crashes: 1, losses: 1, duplicates: 1, ..Bounds::NONE };
    let unreliable = |crashes| Bounds { crashes, unreliable: true, ..Bounds::NONE };
    let readers = Bounds { readers: true, ..unreliable(2) };
    let small = [(3, undisturbed), (2, counted), (2, readers), (3, unreliable(1))];
    let mut rows = safe(&small);
    rows.retain(|row| row.bounds != counted || !LONG_WHEN_COUNTED.contains(&row.id));
    rows.extend(three_phase());
    rows.extend(negative());
    rows.extend(safe(&[(3, unreliable(2))]));
    rows.extend(safe(&[(4, unreliable(1))]));
    rows
}

/// Where a search with one loss and one duplicate, none of which may be left out, does not come to
/// its end in a hundred times the worlds that it takes with any number of both.
const LONG_WHEN_COUNTED: [&str; 5] =
    ["2pc-backup", "2pc-watchdog", "2pc-decentralized", "d2pc", "p2pc"];

/// Searches of all that promises as much, with so many nodes within such bounds.
fn safe(searches: &[(u16, Bounds)]) -> Vec<Row> {
    let row = |(id, options): Choice, (nodes, bounds): (u16, Bounds)| {
        let options = options.to_vec();
        Row { id, options, nodes, bounds, property: None }
    };
    let each = |choice: Choice| searches.iter().map(move |search| row(choice, *search));
    SAFE.into_iter().flat_map(each).collect()
}

const PATIENT: Bounds = Bounds { synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };

/// Three-phase commit promises agreement under crashes, if patience exceeds every delay.
fn three_phase() -> Vec<Row> {
    let row = |nodes, bounds| Row { id: "3pc", options: Vec::new(), nodes, bounds, property: None };
    let crashes = |crashes| Bounds { crashes, ..PATIENT };
    let alarms = |crashes, most| Bounds { crashes, alarms: Some(most), ..PATIENT };
    vec![
        row(3, Bounds { readers: true, ..PATIENT }),
        // More than is promised: one loss alone splits nobody.
        row(3, Bounds { losses: 1, ..PATIENT }),
        row(2, crashes(2)),
        row(3, crashes(1)),
        row(3, alarms(2, 6)),
        row(3, alarms(2, 12)),
        row(3, crashes(2)),
        row(4, alarms(1, 6)),
        row(4, crashes(1)),
    ]
}

/// What breaks outside of a promise, and how soon.
fn negative() -> Vec<Row> {
    let row = |id, nodes, bounds, property| Row {
        id,
        options: Vec::new(),
        nodes,
        bounds,
        property: Some(property),
    };
    let ac1 = Property::Ac1;
    vec![
        row("3pc", 2, Bounds::NONE, ac1),
        row("3pc", 3, Bounds::NONE, ac1),
        row("3pc", 2, Bounds { crashes: 1, losses: 1, ..PATIENT }, ac1),
        row("3pc", 2, Bounds { losses: 3, ..PATIENT }, ac1),
        row("3pc", 3, Bounds { partitions: 1, ..PATIENT }, ac1),
        row("3pc-naive", 2, Bounds { losses: 1, ..PATIENT }, ac1),
        row("3pc-naive", 3, Bounds { crashes: 1, ..PATIENT }, ac1),
        row("2pc-watchdog-naive", 2, Bounds::NONE, ac1),
        row("2pc-watchdog-naive", 3, Bounds { crashes: 1, ..PATIENT }, ac1),
    ]
}
