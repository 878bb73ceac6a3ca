//! `commitsim list`: what there is.

use std::io;

use clap::ValueEnum;
use commitsim_catalog::{Formula, Options, Runnable};
use commitsim_charts::Unit;
use commitsim_core::{About, Choice, Necessary, Tolerance};
use commitsim_report::{METRICS, Metric, Side, Table, entry};
use commitsim_scenario::Table as RegionTable;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::Output;

/// List protocols, names that faults may use, metrics, figures, or tables of regions
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  commitsim list protocols
  commitsim list moments --json
  commitsim list metrics
  commitsim list figures
  commitsim list regions")]
pub(crate) struct ListArgs {
    /// What to list
    what: Listable,

    /// Print one line of JSON for each
    #[arg(long)]
    json: bool,
}

/// What can be listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Listable {
    /// Protocols: what they cost, need and tolerate, and their options
    Protocols,
    /// The names of messages and records that faults can wait for, by protocol
    Moments,
    /// What results and sweeps measure, and in which unit
    Metrics,
    /// What can be drawn of a sweep
    Figures,
    /// Tables of latencies between regions
    Regions,
}

/// Columns before the words of an entry.
const ROOM: usize = 17;

/// Prints the list.
pub(crate) fn execute(args: &ListArgs, out: &mut Output) -> io::Result<Exit> {
    match args.what {
        Listable::Protocols => {
            let protocols: Vec<Protocol> =
                commitsim_catalog::all().iter().map(|runnable| Protocol::of(*runnable)).collect();
            if !args.json {
                out.paragraph(&compared(&protocols, out.columns()))?;
            }
            for protocol in &protocols {
                out.list_item(args.json, protocol)?;
            }
        }
        Listable::Moments => {
            for runnable in commitsim_catalog::all() {
                out.list_item(args.json, &Moments::of(*runnable))?;
            }
        }
        Listable::Metrics => {
            for metric in &METRICS {
                out.list_item(args.json, &Measure::of(metric))?;
            }
            for metric in commitsim_charts::Metric::ALL {
                out.list_item(args.json, &Measure::of_sweep(&metric))?;
            }
        }
        Listable::Figures => {
            for (kind, says) in commitsim_charts::FIGURES {
                out.list_item(args.json, &Drawable { kind, says })?;
            }
        }
        Listable::Regions => {
            let tables = RegionTable::all();
            for table in &tables {
                out.list_item(args.json, &Regions::of(table))?;
            }
        }
    }
    Ok(Exit::Fine)
}

/// All protocols in one table, so that they can be compared; what does not fit into it follows in
/// their entries.
fn compared(protocols: &[Protocol], columns: usize) -> String {
    let words = |heading| (heading, Side::Left);
    let mut table =
        Table::new(&["protocol", "delays", "messages", "forced", "needs", "tolerates"].map(words));
    for protocol in protocols {
        let price = |part: fn(&Price) -> &String| {
            let dense = |cost| part(cost).replace(' ', "");
            protocol.cost.as_ref().map_or_else(|| "-".to_string(), dense)
        };
        let tolerates = match protocol.tolerates.as_slice() {
            [] => "nothing".to_string(),
            all if all.len() == 3 => "all".to_string(),
            some => some.join(", "),
        };
        table.row(vec![
            protocol.id.to_string(),
            protocol.delays.join("/").replace(' ', ""),
            price(|cost| &cost.messages),
            price(|cost| &cost.forced),
            protocol.needs_briefly.to_string(),
            tolerates,
        ]);
    }
    let mut text = String::new();
    table.write(columns, &mut text);
    text.push('\n');
    for (label, meaning) in LEGEND {
        text.push_str(&entry(2, 11, label, meaning));
    }
    text
}

/// What the columns of the table mean, and the letters in them.
const LEGEND: [(&str, &str); 6] = [
    ("delays", "message delays until the root knows, all have decided, all is forgotten"),
    ("messages", "of a commit in which nothing fails, and its forced records"),
    ("needs", "what a node in doubt must reach; +: or a helper, *: or whoever knows the decision"),
    ("tolerates", "the faults under which no two nodes decide differently"),
    ("n, r, h", "voting nodes but the root; those that leave read-only; the height of the tree"),
    ("g", "1 where votes cross on their way, else 0"),
];

/// Something that is listed: as JSON by its fields, and as text.
trait Item: Serialize {
    /// Several lines, each with a line break.
    fn text(&self) -> String;

    /// Whether an empty line stands between this and the next.
    const APART: bool;
}

impl Output {
    fn list_item<T: Item>(&mut self, json: bool, item: &T) -> io::Result<()> {
        if json {
            let line = serde_json::to_string(item);
            self.line(&line.expect("strings and lists can always be written"))
        } else if T::APART {
            self.paragraph(&item.text())
        } else {
            self.words(&item.text())
        }
    }
}

#[derive(Debug, Serialize)]
struct Protocol {
    id: &'static str,
    title: &'static str,
    source: &'static str,
    assumptions: &'static str,
    /// Until the root knows, until all have decided, until all is forgotten.
    delays: [&'static str; 3],
    cost: Option<Price>,
    needs: &'static str,
    /// The same in one word.
    #[serde(skip)]
    needs_briefly: &'static str,
    tolerates: Vec<&'static str>,
    helpers: &'static [&'static str],
    options: Vec<Setting>,
}

/// What a commit costs by `n` and `r`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Price {
    messages: String,
    forced: String,
}

#[derive(Debug, Serialize)]
struct Setting {
    name: &'static str,
    values: &'static [&'static str],
    meaning: &'static str,
    /// What values other than the default change in the promise of the protocol.
    changes: Vec<Change>,
}

#[derive(Debug, Serialize)]
struct Change {
    value: &'static str,
    cost: Option<Price>,
    needs: Option<&'static str>,
}

impl Protocol {
    fn of(runnable: &dyn Runnable) -> Protocol {
        let about = runnable.about();
        let (cost, needs) = promised(runnable, &Options::default());
        let setting = |choice: &Choice| {
            let changes = choice.values.iter().skip(1).filter_map(|value| {
                let options = Options::new(about, [(choice.name, *value)]).ok()?;
                let (other, need) = promised(runnable, &options);
                let other = other.filter(|other| Some(other) != cost.as_ref());
                let need = Some(need).filter(|need| *need != needs);
                let changes = other.is_some() || need.is_some();
                changes.then_some(Change { value, cost: other, needs: need })
            });
            let Choice { name, values, meaning } = *choice;
            Setting { name, values, meaning, changes: changes.collect() }
        };
        let options = about.options.iter().map(setting).collect();
        let tolerates = tolerated(about.tolerates);
        let About { id, title, source, assumptions, delays, helpers, .. } = *about;
        let needs_briefly = briefly(runnable.promise(&Options::default()).necessary);
        Protocol {
            id,
            title,
            source,
            assumptions,
            delays,
            cost,
            needs,
            needs_briefly,
            tolerates,
            helpers,
            options,
        }
    }
}

fn promised(runnable: &dyn Runnable, options: &Options) -> (Option<Price>, &'static str) {
    let promise = runnable.promise(options);
    let price = |Formula { mut messages, mut forced }| {
        let crossed = |most: u64| if most > 0 { " + g" } else { "" };
        messages.push_str(crossed(promise.glare.messages));
        forced.push_str(crossed(promise.glare.forced));
        Price { messages, forced }
    };
    (Formula::of(&promise).map(price), needed(promise.necessary))
}

fn needed(necessary: Necessary) -> &'static str {
    match necessary {
        Necessary::Nobody => "nobody",
        Necessary::Root => "the root",
        Necessary::LastOrInformed => {
            "the last node of the chain, or any node that knows the decision"
        }
        Necessary::RootOrHelper => "the root or a helper",
        Necessary::RootOrInformed => "the root, or any node that knows the decision",
        Necessary::RegistersOrInformed => {
            "the root or a helper that reaches all other voters, or a node that knows the decision"
        }
        Necessary::AllOrInformed => "all voters, or any node that knows the decision",
        Necessary::ConnectedOrInformed => {
            "all voters, within reach of each other too; or any node that knows the decision"
        }
        Necessary::Survivor => {
            "a voter that has not crashed, or any node that knows the decision, or all voters"
        }
    }
}

/// The same in one word; a plus stands for "or a helper", a star for "or any node that knows the
/// decision".
fn briefly(necessary: Necessary) -> &'static str {
    match necessary {
        Necessary::Nobody => "nobody",
        Necessary::Root => "root",
        Necessary::LastOrInformed => "last*",
        Necessary::RootOrHelper => "root+",
        Necessary::RootOrInformed => "root*",
        Necessary::RegistersOrInformed => "registers*",
        Necessary::AllOrInformed => "all*",
        Necessary::ConnectedOrInformed => "connected*",
        Necessary::Survivor => "survivor*",
    }
}

fn tolerated(tolerance: Tolerance) -> Vec<&'static str> {
    let Tolerance { crashes, loss, partitions } = tolerance;
    let all = [(crashes, "crashes"), (loss, "loss"), (partitions, "partitions")];
    all.into_iter().filter_map(|(holds, name)| holds.then_some(name)).collect()
}

impl Price {
    fn words(&self) -> String {
        format!("{} messages, {} forced records", self.messages, self.forced)
    }
}

impl Item for Protocol {
    const APART: bool = true;

    fn text(&self) -> String {
        let mut text = entry(0, 0, self.id, self.title);
        let mut line = |label: &str, words: &str| text.push_str(&entry(2, ROOM, label, words));
        if let Some(cost) = &self.cost {
            line("a commit costs", &cost.words());
        }
        line("in doubt needs", self.needs);
        let tolerates = self.tolerates.join(", ");
        line("agrees under", if tolerates.is_empty() { "no fault" } else { &tolerates });
        for Setting { name, values, meaning, changes } in &self.options {
            line("option", &format!("{name}={}: {meaning}", values.join("|")));
            for Change { value, cost, needs } in changes {
                let costs = cost.as_ref().map(|cost| format!("a commit costs {}", cost.words()));
                let needs = needs.map(|needs| format!("in doubt needs {needs}"));
                let words: Vec<String> = costs.into_iter().chain(needs).collect();
                line("", &format!("with {value}, {}", words.join("; ")));
            }
        }
        if !self.helpers.is_empty() {
            line("helpers", &self.helpers.join(" "));
        }
        line("assumes", self.assumptions);
        line("source", self.source);
        text
    }
}

/// The names that moments and faults may use.
#[derive(Debug, Serialize)]
struct Moments {
    id: &'static str,
    messages: &'static [&'static str],
    records: &'static [&'static str],
}

impl Moments {
    fn of(runnable: &dyn Runnable) -> Moments {
        let about = runnable.about();
        Moments { id: about.id, messages: about.messages, records: about.records }
    }
}

impl Item for Moments {
    const APART: bool = true;

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.id);
        text.push_str(&entry(2, ROOM, "sent, received", &self.messages.join(" ")));
        text.push_str(&entry(2, ROOM, "forced", &self.records.join(" ")));
        text
    }
}

#[derive(Debug, Serialize)]
struct Measure {
    of: &'static str,
    key: &'static str,
    unit: &'static str,
    says: &'static str,
}

impl Measure {
    fn of(metric: &Metric) -> Measure {
        let Metric { of, key, unit, says } = *metric;
        Measure { of: of.place(), key, unit, says }
    }

    /// What a sweep measures of each run.
    fn of_sweep(metric: &commitsim_charts::Metric) -> Measure {
        let unit = match metric.unit {
            Unit::Time => "ns",
            Unit::RoundTrips => "round trips",
            Unit::Rate => "per second",
            Unit::Count => "count",
            Unit::Share => "share",
        };
        Measure { of: "sweep", key: metric.name, unit, says: metric.says }
    }
}

impl Item for Measure {
    const APART: bool = false;

    fn text(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" ({})", self.unit) };
        let between = if self.of == "sweep" { ' ' } else { '.' };
        let key = format!("{}{between}{}", self.of, self.key);
        entry(0, 31, &key, &format!("{}{unit}", self.says))
    }
}

/// A kind of figure.
#[derive(Debug, Serialize)]
struct Drawable {
    kind: &'static str,
    says: &'static str,
}

impl Item for Drawable {
    const APART: bool = false;

    fn text(&self) -> String {
        entry(0, 9, self.kind, self.says)
    }
}

#[derive(Debug, Serialize)]
struct Regions<'a> {
    table: &'a str,
    statistic: &'a str,
    source: &'a str,
    licence: &'a str,
    regions: &'a [String],
}

impl Regions<'_> {
    fn of(table: &RegionTable) -> Regions<'_> {
        let RegionTable { name, statistic, source, licence, .. } = table;
        Regions { table: name, statistic, source, licence, regions: table.regions() }
    }
}

impl Item for Regions<'_> {
    const APART: bool = true;

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.table);
        let entries = [
            ("regions", self.regions.join(" ")),
            ("statistic", self.statistic.to_string()),
            ("source", self.source.to_string()),
            ("licence", self.licence.to_string()),
        ];
        for (label, words) in entries {
            text.push_str(&entry(2, ROOM, label, &words));
        }
        text
    }
}
