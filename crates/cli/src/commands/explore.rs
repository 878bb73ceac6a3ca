//! `commitsim explore`: everything that can happen in a small world.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use commitsim_catalog::{End, Explored, Inquiry, Options};
use commitsim_core::About;
use commitsim_explore::{Bounds, Quest, Synchrony, Walk};
use commitsim_report::visible;
use commitsim_scenario::suggestion;
use commitsim_sim::Topology;
use commitsim_spec::Property;

use crate::counterexample::{self, Searched};
use crate::crew::Threads;
use crate::exit::Exit;
use crate::explored::{Report, rate};
use crate::input::shown;
use crate::output::Output;

/// Look at everything that can happen in a small world, in every order
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One transaction begins at n0. Each node may vote YES or NO at any time, every message may take \
any time, and as much may go wrong as the bounds allow. The answer is that the protocol holds in \
all worlds that can come of that, or a shortest way to one in which it does not, or that the \
search was given up (exit code 3).

Whether everybody comes to a decision (AC5) is asked of each world once it is healed: all nodes \
up, nothing lost any more, alarms only when nothing else is left to happen. Of the orders in \
which things can then happen one fair one is tried, or two under --unreliable: all that was ever \
sent arrives once more, or nothing of it does. That every fair order leads to a decision is not \
claimed.

Where messages may be lost, --unreliable often ends where --losses 1 does not, and says more: \
what is under way is then simply all that was ever sent. AC4 is not judged under it, for every \
abort may be the network's fault. The way is a shortest one, except if the search, which looks for \
it again without leaving worlds out, has to give that up under --unreliable.

Without --unreliable a message that is sent again while it is under way arrives once, unless \
--duplicates lets it arrive again. A write covers all that a node has appended; a part of that \
reaches the disk only if the node then dies. Worlds are told apart by fingerprints of 128 bits.

Examples:
  commitsim explore --protocol 2pc --nodes 2 --crashes 1
  commitsim explore --protocol 2pc-pra --nodes 3 --crashes 1 --unreliable --json
  commitsim explore --protocol 3pc --nodes 2 --out split.replay.json

Exit codes:
  0  the protocol holds in all worlds
  1  it does not, and a shortest way to where it does not is printed
  2  the command line is wrong
  3  the search was given up
  4  internal error, or the replay file could not be written")]
pub(crate) struct ExploreArgs {
    /// The protocol
    #[arg(long, value_name = "ID")]
    pub(crate) protocol: String,

    /// An option of the protocol, as NAME=VALUE
    #[arg(long = "option", value_name = "NAME=VALUE")]
    pub(crate) options: Vec<String>,

    /// How many nodes hold data, the root among them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8))]
    pub(crate) nodes: u16,

    /// Who talks to whom in protocols that run on a tree
    #[arg(long, value_enum, default_value_t = Shape::Chain)]
    topology: Shape,

    /// How often nodes may crash; each may restart at any time
    #[arg(long, value_name = "C", default_value_t = 0)]
    pub(crate) crashes: u8,

    /// How many messages may be lost
    #[arg(long, value_name = "L", default_value_t = 0)]
    pub(crate) losses: u8,

    /// How many messages may arrive twice
    #[arg(long, value_name = "D", default_value_t = 0)]
    pub(crate) duplicates: u8,

    /// How often the network may fall into two parts
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub(crate) partitions: u8,

    /// Let the network do what it likes: any number of messages may be lost, and whatever was sent
    /// may arrive at any time and any number of times
    #[arg(long, conflicts_with_all = ["losses", "duplicates", "partitions"])]
    pub(crate) unreliable: bool,

    /// How many alarms may go off [default: any number]
    #[arg(long, value_name = "A")]
    pub(crate) alarms: Option<u8>,

    /// Whether an alarm may go off while something is still under way
    #[arg(long, value_enum, default_value_t = Timing::Asynchronous)]
    pub(crate) synchrony: Timing,

    /// Let nodes vote read-only, too
    #[arg(long)]
    pub(crate) read_only: bool,

    /// Look for this property only, as in AC1; may be given several times [default: any]
    #[arg(long = "property", value_name = "NAME")]
    pub(crate) properties: Vec<String>,

    /// Do not heal every world to see whether it comes to a decision
    #[arg(long)]
    pub(crate) safety_only: bool,

    /// Give up after this many worlds
    #[arg(long, value_name = "N", default_value_t = 200_000_000)]
    worlds: u64,

    /// Give up when this much memory is used, as in 512MiB; what a world takes is estimated
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = bytes)]
    memory: u64,

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
pub(crate) enum Timing {
    /// Nothing: an alarm may go off at any time
    Asynchronous,
    /// Alarms go off only when nothing is under way anywhere: patience exceeds every delay and all
    /// that may come of what arrives
    MessagesFirst,
}

/// Searches and prints what was found.
pub(crate) fn execute(args: &ExploreArgs, out: &mut Output) -> io::Result<Exit> {
    let Some(runnable) = commitsim_catalog::find(&args.protocol) else {
        let ids: Vec<&str> = commitsim_catalog::abouts().iter().map(|about| about.id).collect();
        let found = format!("there is no protocol `{}`", args.protocol);
        let meant = suggestion(&args.protocol, ids.iter().copied());
        return usage(out, &found, &ids.join(", "), meant);
    };
    let about = runnable.about();
    let options = match options(about, &args.options) {
        Ok(options) => options,
        Err(found) => return usage(out, &found, &known_options(about), None),
    };
    let properties = match properties(&args.properties) {
        Ok(properties) => properties,
        Err(unknown) => {
            let names: Vec<&str> = Property::ALL.iter().map(|property| property.name()).collect();
            let meant = suggestion(&unknown, names.iter().copied());
            let found = format!("there is no property `{unknown}`");
            return usage(out, &found, &names.join(", "), meant);
        }
    };
    // A search may take hours; where its counterexample goes is looked at before.
    if let Some(found) = args.out.as_deref().and_then(no_place) {
        return usage(out, &found, "the name of a file in a directory that there is", None);
    }
    let recovery = !args.safety_only;
    let quest =
        Quest { properties, recovery, reduced: true, worlds: args.worlds, memory: args.memory };
    let inquiry = Inquiry {
        nodes: args.nodes,
        topology: &args.topology(),
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
    let elapsed = begun.elapsed();
    let report = Report::new(args, about, &explored, elapsed);
    if args.json {
        let line = serde_json::to_string(&report);
        out.line(&line.expect("strings and numbers can always be written"))?;
    } else {
        out.paragraph(&report.text())?;
    }
    out.flush()?;
    out.say(&progress(&explored.walk, elapsed));
    let exit = match explored.end {
        End::Holds => Exit::Fine,
        End::Unfinished => Exit::Inconclusive,
        _ => Exit::Failed,
    };
    let failed = exit == Exit::Failed;
    let stored = if failed { args.store(about, &options, &quest, &explored) } else { Ok(()) };
    Ok(match stored {
        Ok(()) => exit,
        Err(why) => {
            out.say(&format!("error: no replay file was written: {why}"));
            Exit::Internal
        }
    })
}

impl ExploreArgs {
    fn topology(&self) -> Topology {
        match self.topology {
            Shape::Star => Topology::Star,
            Shape::Chain => Topology::Chain,
        }
    }

    /// What cannot be had together.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let both = self.unreliable && self.synchrony == Timing::MessagesFirst;
        both.then(|| {
            "the argument '--unreliable' cannot be used with '--synchrony messages-first': alarms \
             would have to wait for messages that may never stop arriving"
                .to_string()
        })
    }

    /// Writes what was found where it is wanted.
    fn store(
        &self,
        about: &'static About,
        options: &Options,
        quest: &Quest,
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
        let (options, properties, nodes) = (&options[..], &quest.properties[..], self.nodes);
        let searched = Searched { about, options, nodes, topology, properties };
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
            unreliable: self.unreliable,
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

fn usage(out: &mut Output, found: &str, allowed: &str, meant: Option<String>) -> io::Result<Exit> {
    let help = meant.map_or(String::new(), |meant| format!("\n  = help: {meant}"));
    out.say(&format!("error: {found}\n  = allowed: {allowed}{help}"));
    Ok(Exit::Usage)
}

/// Why no file can be written there, as far as that can be seen without writing one.
fn no_place(file: &Path) -> Option<String> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let missing = directory.filter(|directory| !directory.is_dir());
    match missing {
        Some(directory) => Some(format!("--out: there is no directory {}", shown(directory))),
        None => file.is_dir().then(|| format!("--out: {} is a directory", shown(file))),
    }
}

/// A size of memory: a number of bytes, or of KiB, MiB or GiB.
fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let shift = match &text[digits.len()..] {
        "" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        unit => return Err(format!("`{unit}` is no unit of memory; allowed: KiB, MiB, GiB")),
    };
    let number: u64 = digits.parse().map_err(|_| "a whole number is missing".to_string())?;
    number.checked_mul(1 << shift).ok_or_else(|| "that is more than there can be".to_string())
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
        known.ok_or_else(|| name.clone())
    };
    names.iter().map(property).collect()
}

fn progress(walk: &Walk, elapsed: Duration) -> String {
    format!(
        "{} worlds, depth {}, {} worlds/s; at most {} MiB: fingerprints {}, waiting worlds {}, \
         what they share {}",
        walk.worlds,
        walk.depth,
        rate(walk, elapsed),
        walk.bytes >> 20,
        walk.fingerprints >> 20,
        walk.waiting_bytes >> 20,
        walk.shared >> 20
    )
}
