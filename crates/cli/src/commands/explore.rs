//! `commitsim explore`: everything that can happen in a small world.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use commitsim_catalog::{End, Explored, Inquiry, Options};
use commitsim_core::{About, NodeId, Vote};
use commitsim_explore::{Bounds, Quest, Said, Step, Synchrony, Walk};
use commitsim_report::visible;
use commitsim_sim::Topology;
use commitsim_spec::{Property, Violation};
use serde::Serialize;

use crate::counterexample::{self, Searched};
use crate::crew::Threads;
use crate::exit::Exit;
use crate::output::Output;

/// Look at everything that can happen in a small world, in every order
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One transaction begins at n0. Each node may vote YES or NO at any time, every message may take any
time, and as much may go wrong as the bounds allow. The answer is that the protocol holds in all
worlds that can come of that, or a shortest way to one in which it does not. Whether everybody comes
to a decision (AC5) is asked of each world once it is healed: all nodes up, nothing lost.

Examples:
  commitsim explore --protocol 2pc --nodes 2 --crashes 1
  commitsim explore --protocol 2pc-pra --nodes 3 --crashes 1 --losses 1 --json
  commitsim explore --protocol 3pc --nodes 2 --out split.replay.json")]
pub(crate) struct ExploreArgs {
    /// The protocol
    #[arg(long, value_name = "ID")]
    protocol: String,

    /// An option of the protocol, as NAME=VALUE
    #[arg(long = "option", value_name = "NAME=VALUE")]
    options: Vec<String>,

    /// How many nodes hold data, the root among them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8))]
    nodes: u16,

    /// Who talks to whom in protocols that run on a tree
    #[arg(long, value_enum, default_value_t = Shape::Chain)]
    topology: Shape,

    /// How often nodes may crash; each may restart at any time
    #[arg(long, value_name = "C", default_value_t = 0)]
    crashes: u8,

    /// How many messages may be lost
    #[arg(long, value_name = "L", default_value_t = 0)]
    losses: u8,

    /// How many messages may arrive twice
    #[arg(long, value_name = "D", default_value_t = 0)]
    duplicates: u8,

    /// How often the network may fall into two parts
    #[arg(long, value_name = "P", default_value_t = 0)]
    partitions: u8,

    /// How many alarms may go off [default: any number]
    #[arg(long, value_name = "A")]
    alarms: Option<u8>,

    /// Whether an alarm may go off while something is still under way
    #[arg(long, value_enum, default_value_t = Timing::Asynchronous)]
    synchrony: Timing,

    /// Let nodes vote read-only, too
    #[arg(long)]
    read_only: bool,

    /// Look for this property only, as in AC1; may be given several times [default: any]
    #[arg(long = "property", value_name = "NAME")]
    properties: Vec<String>,

    /// Do not heal every world to see whether it comes to a decision
    #[arg(long)]
    safety_only: bool,

    /// Give up after this many worlds
    #[arg(long, value_name = "N", default_value_t = 200_000_000)]
    worlds: u64,

    /// How many threads work [default: one for each processor]
    #[arg(long, short, value_name = "J", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Write what is found as a replay file, which commitsim replay runs
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// Trees that need no list of edges.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Shape {
    /// Everybody with n0
    Star,
    /// Each node with the next
    Chain,
}

/// What is known of the time that things take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Timing {
    /// Nothing: an alarm may go off at any time
    Asynchronous,
    /// Alarms go off only when nothing is under way: patience exceeds every delay
    MessagesFirst,
}

/// So many worlds may wait to be looked at, each with a few thousand bytes.
const WAITING: u64 = 3_000_000;

/// Searches and prints what was found.
pub(crate) fn execute(args: &ExploreArgs, out: &mut Output) -> io::Result<Exit> {
    let Some(runnable) = commitsim_catalog::find(&args.protocol) else {
        let ids: Vec<&str> = commitsim_catalog::abouts().iter().map(|about| about.id).collect();
        return usage(out, &format!("there is no protocol `{}`", args.protocol), &ids.join(", "));
    };
    let about = runnable.about();
    let options = match options(about, &args.options) {
        Ok(options) => options,
        Err(found) => return usage(out, &found, &known_options(about)),
    };
    let properties = match properties(&args.properties) {
        Ok(properties) => properties,
        Err(found) => {
            let names: Vec<&str> = Property::ALL.iter().map(|property| property.name()).collect();
            return usage(out, &found, &names.join(", "));
        }
    };
    let quest =
        Quest { properties, recovery: !args.safety_only, worlds: args.worlds, waiting: WAITING };
    let topology = match args.topology {
        Shape::Star => Topology::Star,
        Shape::Chain => Topology::Chain,
    };
    let inquiry = Inquiry {
        nodes: args.nodes,
        topology: &topology,
        options: &options,
        bounds: args.bounds(),
        quest: &quest,
    };
    let begun = Instant::now();
    let mut told = begun;
    let explored = runnable.explore(&inquiry, &Threads::new(args.jobs), &mut |walk| {
        if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            out.say(&progress(walk, begun.elapsed()));
        }
        true
    });
    let report = Report::new(args, about, &explored);
    if args.json {
        let line = serde_json::to_string(&report);
        out.line(&line.expect("strings and numbers can always be written"))?;
    } else {
        out.paragraph(&report.text())?;
    }
    out.flush()?;
    out.say(&progress(&explored.walk, begun.elapsed()));
    let exit = match explored.end {
        End::Holds => Exit::Fine,
        End::Unfinished => Exit::Inconclusive,
        _ => Exit::Failed,
    };
    let stored = if exit == Exit::Failed { args.store(about, &options, &explored) } else { Ok(()) };
    Ok(match stored {
        Ok(()) => exit,
        Err(why) => {
            out.say(&format!("error: no replay file was written: {why}"));
            Exit::Internal
        }
    })
}

impl ExploreArgs {
    /// Writes what was found where it is wanted.
    fn store(
        &self,
        about: &'static About,
        options: &Options,
        explored: &Explored,
    ) -> Result<(), String> {
        let Some(file) = &self.out else { return Ok(()) };
        let topology = match self.topology {
            Shape::Star => "star",
            Shape::Chain => "chain",
        };
        let value = |choice: &commitsim_core::Choice| {
            let chosen = choice.values.iter().find(|value| options.is(choice.name, value));
            let value = chosen.or(choice.values.first()).copied().unwrap_or_default();
            (choice.name.to_string(), value.to_string())
        };
        let options: Vec<(String, String)> = about.options.iter().map(value).collect();
        let searched = Searched { about, options: &options, nodes: self.nodes, topology };
        let text = counterexample::replay(searched, explored)?;
        commitsim_report::store(file, |target| target.write_all(text.as_bytes()))
            .map_err(|error| format!("{}: {error}", visible(&file.to_string_lossy())))
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            crashes: self.crashes,
            losses: self.losses,
            duplicates: self.duplicates,
            partitions: self.partitions,
            alarms: self.alarms,
            refusals: true,
            readers: self.read_only,
            synchrony: match self.synchrony {
                Timing::Asynchronous => Synchrony::Asynchronous,
                Timing::MessagesFirst => Synchrony::MessagesFirst,
            },
        }
    }
}

fn usage(out: &mut Output, found: &str, allowed: &str) -> io::Result<Exit> {
    out.say(&format!("error: {found}\n  = allowed: {allowed}"));
    Ok(Exit::Usage)
}

fn options(about: &'static About, given: &[String]) -> Result<Options, String> {
    let pair = |text: &'_ String| {
        let (name, value) = text.split_once('=').unwrap_or((text.as_str(), ""));
        (name.to_string(), value.to_string())
    };
    let pairs: Vec<(String, String)> = given.iter().map(pair).collect();
    Options::new(about, pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn known_options(about: &About) -> String {
    let choice =
        |choice: &commitsim_core::Choice| format!("{}={}", choice.name, choice.values.join("|"));
    let known: Vec<String> = about.options.iter().map(choice).collect();
    if known.is_empty() { "no options".to_string() } else { known.join(", ") }
}

fn properties(names: &[String]) -> Result<Vec<Property>, String> {
    let property = |name: &String| {
        let known = Property::ALL.into_iter().find(|property| property.name() == name);
        known.ok_or_else(|| format!("there is no property `{name}`"))
    };
    names.iter().map(property).collect()
}

fn progress(walk: &Walk, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(1e-9);
    format!(
        "{} worlds, depth {}, {:.0} worlds/s, {} MiB of fingerprints",
        walk.worlds,
        walk.depth,
        walk.worlds as f64 / seconds,
        walk.bytes >> 20
    )
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Report<'a> {
    format: &'static str,
    protocol: &'a str,
    options: &'a [String],
    nodes: u16,
    crashes: u8,
    losses: u8,
    duplicates: u8,
    partitions: u8,
    alarms: Option<u8>,
    synchrony: &'static str,
    read_only: bool,
    verdict: &'static str,
    worlds: u64,
    choices: u64,
    depth: u32,
    violations: Vec<Objected>,
    way: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Objected {
    property: &'static str,
    says: String,
}

impl<'a> Report<'a> {
    fn new(args: &'a ExploreArgs, about: &About, explored: &Explored) -> Report<'a> {
        let names = Names { voters: args.nodes, about };
        let (verdict, violations): (_, &[Violation]) = match &explored.end {
            End::Holds => ("holds", &[]),
            End::Broken(violations) => ("broken", violations),
            End::Stuck(violations) => ("stuck", violations),
            End::Restless => ("restless", &[]),
            End::Unfinished => ("unfinished", &[]),
        };
        let objected = |violation: &Violation| Objected {
            property: violation.property.name(),
            says: violation.says(&|node| names.node(node)),
        };
        Report {
            format: "commitsim-explore/1",
            protocol: &args.protocol,
            options: &args.options,
            nodes: args.nodes,
            crashes: args.crashes,
            losses: args.losses,
            duplicates: args.duplicates,
            partitions: args.partitions,
            alarms: args.alarms,
            synchrony: match args.synchrony {
                Timing::Asynchronous => "asynchronous",
                Timing::MessagesFirst => "messages-first",
            },
            read_only: args.read_only,
            verdict,
            worlds: explored.walk.worlds,
            choices: explored.walk.choices,
            depth: explored.walk.depth,
            violations: violations.iter().map(objected).collect(),
            way: explored.way.iter().map(|step| names.step(step)).collect(),
        }
    }

    fn text(&self) -> String {
        let bounds = format!(
            "{} with {} nodes, {} crashes, {} losses, {} duplicates, {} partitions, {}",
            self.protocol,
            self.nodes,
            self.crashes,
            self.losses,
            self.duplicates,
            self.partitions,
            self.synchrony
        );
        let alarms = self.alarms.map_or(String::new(), |most| format!(", at most {most} alarms"));
        let worlds = self.worlds;
        let mut text = match self.verdict {
            "holds" => format!("{bounds}{alarms}\n  holds in all {worlds} worlds\n"),
            "unfinished" => format!("{bounds}{alarms}\n  given up after {worlds} worlds\n"),
            _ => format!("{bounds}{alarms}\n  broken in {} steps\n", self.way.len()),
        };
        for (step, number) in self.way.iter().zip(1..) {
            text.push_str(&format!("  {number:>3}  {step}\n"));
        }
        if self.verdict == "restless" {
            text.push_str("  when nothing goes wrong any more, it goes on for ever\n");
        }
        for Objected { property, says } in &self.violations {
            let when = if self.verdict == "stuck" { "once healed, " } else { "" };
            text.push_str(&format!("  {property}: {when}{says}\n"));
        }
        text
    }
}

/// The names of nodes, messages and alarms.
struct Names<'a> {
    voters: u16,
    about: &'a About,
}

impl Names<'_> {
    fn node(&self, node: NodeId) -> String {
        let helper = node.0.checked_sub(self.voters).map(usize::from);
        match helper.and_then(|helper| self.about.helpers.get(helper)) {
            Some(name) => (*name).to_string(),
            None => format!("n{}", node.0),
        }
    }

    fn said(&self, said: &Said) -> String {
        let name = self.about.messages.get(usize::from(said.word.tag)).copied().unwrap_or("?");
        format!("{name} from {} to {}", self.node(said.from), self.node(said.to))
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Begin => "the transaction begins".to_string(),
            Step::Deliver(said) => format!("{} arrives", self.said(said)),
            Step::Duplicate(said) => format!("{} arrives, and will again", self.said(said)),
            Step::Lose(said) => format!("{} is lost", self.said(said)),
            Step::Vote(node, vote) => {
                let vote = match vote {
                    Vote::Yes => "YES",
                    Vote::No => "NO",
                    Vote::ReadOnly => "read-only",
                };
                format!("{} ends its work with {vote}", self.node(*node))
            }
            Step::Sync(node) => format!("the log of {} is on disk", self.node(*node)),
            Step::Fire(node, timer) => {
                let name = self.about.timers.get(usize::from(*timer)).copied().unwrap_or("?");
                format!("the alarm {name} of {} goes off", self.node(*node))
            }
            Step::Crash(node, kept) => {
                format!("{} crashes, {} records are left", self.node(*node), kept.0)
            }
            Step::Amid(step, acts, kept) => format!(
                "{}; the node crashes after {acts} acts of that, {} records are left",
                self.step(step),
                kept.0
            ),
            Step::Restart(node) => format!("{} restarts", self.node(*node)),
            Step::Part(part) => {
                let names: Vec<String> = part.iter().map(|node| self.node(node)).collect();
                format!("the network parts: {} and the others", names.join(", "))
            }
            Step::Mend => "the network is whole again".to_string(),
        }
    }
}
