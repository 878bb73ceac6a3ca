//! The program on a terminal: colour, width, progress, and being interrupted.
#![cfg(unix)]
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "who watches a screen has to wait for what appears on it"
)]

mod terminal;

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use terminal::Place;

/// Nothing here takes so long, also on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program with a terminal for all its streams.
struct Screen {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    seen: Arc<Mutex<Vec<u8>>>,
    // The terminal is there as long as this is.
    _terminal: Box<dyn MasterPty + Send>,
}

impl Screen {
    fn of(place: &Place, columns: u16, environment: &[(&str, &str)], arguments: &[&str]) -> Screen {
        let size = PtySize { rows: 50, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_commitsim"));
        command.args(arguments);
        command.cwd(place.path());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "COLUMNS"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        environment.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let keys = pair.master.take_writer().unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&seen);
        thread::spawn(move || {
            let mut some = [0; 4_096];
            while let Ok(count @ 1..) = reader.read(&mut some) {
                all.lock().unwrap().extend(&some[..count]);
            }
        });
        Screen { child, keys, seen, _terminal: pair.master }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    fn wait_for(&self, words: &str) {
        let begun = Instant::now();
        while !self.text().contains(words) {
            assert!(begun.elapsed() < PATIENCE, "no {words} in {:?}", self.text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn interrupt(&mut self) {
        self.keys.write_all(b"\x03").unwrap();
        self.keys.flush().unwrap();
    }

    fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// How it ended, and all that was seen.
    fn end(mut self) -> (u32, String) {
        let begun = Instant::now();
        while self.is_running() {
            assert!(begun.elapsed() < PATIENCE, "it goes on: {:?}", self.text());
            thread::sleep(Duration::from_millis(5));
        }
        let code = self.child.wait().unwrap().exit_code();
        // What it wrote last may still be under way to us.
        let mut before = usize::MAX;
        while self.text().len() != before {
            before = self.text().len();
            thread::sleep(Duration::from_millis(60));
        }
        (code, self.text())
    }
}

/// The text as it was meant to be seen, without colours and movements.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            let _ = chars.find(|c| c.is_ascii_alphabetic());
        } else {
            plain.push(c);
        }
    }
    plain
}

const LOSS: &str = r#"{"format": "commitsim/1", "title": "Loss", "protocols": ["2pc", "p2pc"],
  "nodes": 4, "network": {"loss": 0, "latency": {"uniform": ["1ms", "3ms"]}},
  "patience": {"votes": "20ms", "decision": "20ms", "acks": "20ms", "max": "200ms"},
  "sweep": {"seeds": 9,
    "vary": [{"path": "/network/loss", "label": "loss", "values": [0, "2%", "10%"]}]}}"#;

/// Many short runs, and then long ones.
const LONG: &str = r#"{"format": "commitsim/1", "protocols": ["2pc"],
  "workload": {"transactions": 1}, "horizon": "10h", "sweep": {"seeds": 60,
    "vary": [{"path": "/workload/transactions", "label": "load", "values": [1, 200000]}]}}"#;

fn place() -> Place {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/2pc-accept.json");
    let text = std::fs::read_to_string(shipped).unwrap();
    Place::with(&[("accept.json", &text), ("loss.json", LOSS), ("long.json", LONG)])
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let place = place();
    let coloured = |environment: &[(&str, &str)]| {
        let (code, text) = Screen::of(&place, 80, environment, &["run", "accept.json"]).end();
        assert_eq!(code, 0, "{text}");
        assert!(plain(&text).contains("verdict ok"), "{text}");
        text.contains("\u{1b}[")
    };
    assert!(coloured(&[]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
    assert!(!coloured(&[("TERM", "dumb")]));
    // Mistakes in the arguments too.
    let wrong = |environment: &[(&str, &str)]| {
        let (code, text) = Screen::of(&place, 80, environment, &["run", "--nonsense"]).end();
        assert_eq!(code, 2, "{text}");
        text.contains("\u{1b}[")
    };
    assert!(wrong(&[]) && !wrong(&[("NO_COLOR", "1")]));
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let place = place();
    let commands: [&[&str]; 7] = [
        &["run", "accept.json"],
        &["list", "metrics"],
        &["list", "protocols"],
        &["sweep", "loss.json", "--overwrite", "--out", "r"],
        &["sweep", "loss.json", "--estimate"],
        &["compare", "loss.json", "--overwrite", "--out", "c"],
        &["sweep", "--help"],
    ];
    for columns in [80, 40] {
        for arguments in commands {
            let (code, text) = Screen::of(&place, columns, &[], arguments).end();
            assert_eq!(code, 0, "{text}");
            let lines = plain(&text);
            // Sentences are broken by the terminal; tables and lists would be torn.
            for line in lines.split(['\r', '\n']).filter(|line| line.starts_with(' ')) {
                let wide = line.chars().count();
                let fits = wide <= usize::from(columns);
                assert!(fits, "{arguments:?} at {columns}: {wide} in {line:?}");
            }
        }
    }
}

#[test]
fn an_interrupted_sweep_stores_what_is_done() {
    let place = place();
    for columns in [80, 40] {
        let out = format!("r{columns}");
        let sweep = ["sweep", "long.json", "--out", &out, "-j", "1"];
        let mut screen = Screen::of(&place, columns, &[], &sweep);
        screen.wait_for("/120 ");
        // The runs that are left take long enough to be interrupted.
        screen.interrupt();
        let (code, text) = screen.end();
        assert_eq!(code, 130, "{text}");
        assert!(text.contains("the same command goes on"), "{text}");
        let part = place.read(&format!("{out}/shards/shard-0000-of-0001.part"));
        assert!((1..120).contains(&part.lines().count()), "{}", part.lines().count());
        // The bar is drawn in lines that fit, and is taken away.
        let bar = text.contains('\u{2588}') || text.contains('\u{2591}');
        assert_eq!(bar, columns == 80, "{text}");
        let drawn = text.split(['\r', '\n']).filter(|line| line.contains("/120 "));
        for line in drawn {
            let wide = plain(line).trim_matches(['^', 'C']).chars().count();
            assert!(wide <= usize::from(columns), "{wide} at {columns}: {line:?}");
        }
    }
}

#[test]
fn the_second_interruption_ends_it_at_once() {
    let place = place();
    let mut screen = Screen::of(&place, 80, &[], &["sweep", "long.json", "--out", "r", "-j", "1"]);
    let part = place.path().join("r/shards/shard-0000-of-0001.part");
    let done = || std::fs::read_to_string(&part).map_or(0, |text| text.lines().count());
    let begun = Instant::now();
    while done() < 60 {
        assert!(begun.elapsed() < PATIENCE, "{:?}", screen.text());
        thread::sleep(Duration::from_millis(1));
    }
    screen.interrupt();
    thread::sleep(Duration::from_millis(100));
    assert!(screen.is_running(), "a long run is being made: {:?}", screen.text());
    screen.interrupt();
    let (code, text) = screen.end();
    assert_eq!(code, 130, "{text}");
    assert!(!text.contains("the same command goes on"), "{text}");
    // What was done before is there all the same.
    assert_eq!(done(), 60);
}

#[test]
fn no_bar_where_standard_error_is_no_terminal() {
    let place = place();
    let done = place.commitsim(&["sweep", "loss.json", "--out", "r"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    // Words go to standard error: a pipe for the results leaves them alone.
    let shell = "commitsim sweep loss.json --out s --seeds 4 2> words; test ! -s words";
    assert_eq!(place.paste(shell).code, 0);
}

#[test]
fn a_closed_pipe_is_success() {
    let place = place();
    let sweep = ["sweep", "loss.json", "--out", "r", "-q"];
    assert_eq!(place.commitsim(&sweep).code, 0);
    for command in [
        "report r --out -",
        "merge r --json",
        "plot r --json",
        "schema",
        "man sweep",
        "completions bash",
        "list metrics",
        "sweep --help",
    ] {
        let line = format!("bash -c 'set -o pipefail; commitsim {command} | head -1'");
        let done = place.paste(&line);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{command}");
        assert_eq!(done.stdout.lines().count(), 1, "{command}");
        let line = format!("bash -c 'set -o pipefail; commitsim {command} | true'");
        let done = place.paste(&line);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{command}");
    }
}
