//! What scenarios mean: every feature, the defaults, the overrides and the limits.

mod protocols;

use commitsim_core::{Decision, Factor, Lsn, NodeId, Patience, Span, Time, TxId, Vote};
use commitsim_rng::{Ratio, Seed, Shape};
use commitsim_scenario::{Overrides, Problems, Scenario, Table, limits, read};
use commitsim_sim::{
    Action, Arrivals, Coordinator, Family, InFlight, Labour, Link, Matching, Moment, Order,
    Participants, Passage, Rhythm, Ring, Scale, Seen, Tail, Topology, Trigger,
};
use protocols::KNOWN;

const KITCHEN_SINK: &str = include_str!("kitchen-sink.json");
const LEAST: &str = r#"{"format": "commitsim/1", "protocols": ["2pc"]}"#;

fn read_text(text: &str) -> Result<Scenario, Problems> {
    read("test.json", text.as_bytes(), &KNOWN, &Overrides::default())
}

/// The least scenario with more keys.
fn with(keys: &str) -> Result<Scenario, Problems> {
    read_text(&LEAST.replace('}', &format!(", {keys}}}")))
}

fn accepted(text: &str) -> Scenario {
    read_text(text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn overridden(text: &str, overrides: &Overrides) -> Result<Scenario, Problems> {
    read("test.json", text.as_bytes(), &KNOWN, overrides)
}

fn set(pointer: &str, json: &str) -> Overrides {
    Overrides { set: vec![(pointer.to_string(), json.to_string())], ..Overrides::default() }
}

fn ids(scenario: &Scenario) -> Vec<&str> {
    scenario.protocols.iter().map(|protocol| protocol.id).collect()
}

fn ratio(numerator: u64, denominator: u64) -> Ratio {
    Ratio::new(numerator, denominator).unwrap()
}

#[test]
fn defaults_are_those_of_the_interface() {
    let scenario = accepted(LEAST);
    let setup = &scenario.setup;
    assert_eq!(scenario.names, ["n0", "n1", "n2"]);
    assert_eq!((scenario.seed, &scenario.setup.topology), (Seed(0), &Topology::Star));
    assert_eq!((scenario.title, scenario.notes), (None, None));
    assert_eq!(ids(&accepted(LEAST)), ["2pc"]);
    let options = &scenario.protocols[0].options;
    let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
    assert_eq!(*options, [pair("termination", "none"), pair("colocate", "false")]);
    let second = Span::from_millis(1_000);
    let max = Span::from_millis(10_000);
    let patience =
        Patience { votes: second, decision: second, acks: second, backoff: Factor::TWO, max };
    assert_eq!(scenario.patience, patience);
    assert_eq!(setup.nodes, 3);
    let usual =
        Link { latency: Shape::fixed(1_000_000), loss: Ratio::ZERO, duplicate: Ratio::ZERO };
    assert_eq!(setup.network.usual, usual);
    assert_eq!((setup.network.order, setup.network.links.len()), (Order::Any, 0));
    assert_eq!(setup.disk.force, Shape::fixed(100_000));
    assert_eq!(setup.disk.flush, Span::from_millis(10));
    assert_eq!(setup.work, vec![Shape::fixed(500_000); 3]);
    assert!(setup.votes.no.is_empty() && setup.votes.no_rate.is_zero());
    assert_eq!((setup.workload.transactions, &setup.workload.arrivals), (1, &Arrivals::Serial));
    assert_eq!(setup.workload.coordinator, Coordinator::Node(NodeId(0)));
    assert_eq!(setup.workload.participants, Participants::All);
    assert!(setup.faults.is_empty() && setup.storm.is_none());
    assert_eq!((setup.horizon, setup.event_limit), (Time(60_000_000_000), 50_000_000));
}

#[test]
fn every_feature_is_read() {
    let scenario = accepted(KITCHEN_SINK);
    assert_eq!(scenario.title.as_deref(), Some("Everything at once, für alle"));
    assert_eq!(scenario.notes.as_deref(), Some("two\nlines"));
    assert_eq!(scenario.seed, Seed(255));
    assert_eq!(ids(&scenario), ["3pc", "2pc"]);
    assert_eq!(scenario.protocols[1].options[1].1, "true");
    let edges = [(0, 2), (2, 3), (1, 0)].map(|(a, b)| (NodeId(a), NodeId(b)));
    assert_eq!(scenario.setup.topology, Topology::Edges(edges.to_vec()));
    let backoff = Factor::new(3, 2).unwrap();
    assert_eq!((scenario.patience.backoff, scenario.patience.acks), (backoff, Span(1)));
    let setup = &scenario.setup;
    assert_eq!(setup.disk.force, Shape::log_normal(2_000_000, 500_000, 1_000_000_000).unwrap());
    let pareto = Shape::pareto(1_000_000, 1_500_000, 1_000_000_000).unwrap();
    let histogram = Shape::histogram([(1_000_000, 10), (50_000_000, 1)]).unwrap();
    assert_eq!(setup.work, [pareto.clone(), pareto.clone(), histogram, pareto]);
    let only = |node| [NodeId(node)].into_iter().collect();
    assert_eq!((&setup.votes.no, &setup.votes.read_only), (&only(1), &only(3)));
    assert_eq!((&setup.votes.never, setup.votes.no_rate), (&only(2), ratio(1, 20)));
    let arrivals = Arrivals::Closed { clients: 8, think: Span(5_000) };
    assert_eq!((setup.workload.transactions, &setup.workload.arrivals), (1_000, &arrivals));
    assert_eq!(setup.workload.coordinator, Coordinator::RoundRobin);
    assert_eq!(setup.workload.participants, Participants::Random(3));
    let storm = setup.storm.as_ref().unwrap();
    assert_eq!(storm.until, Time(2_000_000_000));
    assert_eq!(storm.families, [Family::Disk, Family::Crash]);
}

/// The table comes first, then single links in their order; what a later one does not mention
/// stays.
#[test]
fn links_win_over_regions() {
    let network = accepted(KITCHEN_SINK).setup.network;
    assert_eq!(network.order, Order::Fifo);
    assert_eq!(network.usual.latency, Shape::uniform(1_000_000, 5_000_000).unwrap());
    assert_eq!(network.links.len(), 12);
    let link = |from, to| {
        let ends = (NodeId(from), NodeId(to));
        network.links.iter().find(|(a, b, _)| (*a, *b) == ends).map(|(_, _, link)| link).unwrap()
    };
    assert_eq!(link(0, 1).latency, Shape::fixed(40_000_000));
    assert_eq!((link(0, 1).loss, link(0, 1).duplicate), (ratio(1, 20), ratio(1, 40_000)));
    assert_eq!(link(0, 3).latency, Shape::fixed(40_000_000));
    assert_eq!(link(3, 0).latency, Shape::fixed(40_000_000));
    assert_eq!((link(3, 0).loss, link(3, 0).duplicate), (ratio(1, 400), Ratio::ZERO));
    let exponential = Shape::exponential(2_000_000, 0, limits::SPAN.0).unwrap();
    assert_eq!((&link(1, 2).latency, &link(2, 1).latency), (&exponential, &exponential));
    assert!(network.links.is_sorted_by_key(|(from, to, _)| (*from, *to)));
    assert!(Table::all()[0].licence.contains("CC BY"));
}

#[test]
fn every_fault_is_read() {
    let faults = accepted(KITCHEN_SINK).setup.faults;
    let actions: Vec<Action> = faults.iter().map(|fault| fault.action.clone()).collect();
    let (bank, hotel, car) = (NodeId(0), NodeId(2), NodeId(3));
    let second = Some(Span::from_millis(1_000));
    let two = Span::from_millis(2_000);
    let group = |nodes: &[NodeId]| nodes.iter().copied().collect();
    let matching =
        |message: &str, from, to, count| Matching { message: message.to_string(), from, to, count };
    let slow = Shape::fixed(50_000_000);
    let wanted = [
        Action::Crash { node: bank, restart_after: second, tail: Tail::Lost },
        Action::Restart(bank),
        Action::Heal { last: false },
        Action::Partition {
            groups: vec![group(&[bank, car]), group(&[hotel])],
            heal_after: Some(two),
            in_flight: InFlight::Hold,
        },
        Action::CutLink { from: bank, to: car, heal_after: second },
        Action::Isolate { node: car, heal_after: None },
        Action::Lose(matching("Commit", Some(bank), None, 3)),
        Action::Delay(matching("Yes", None, Some(bank), 1), Span::from_millis(500)),
        Action::Duplicate(matching("Yes", None, None, 1)),
        Action::Loss {
            rate: ratio(1, 5),
            burst: 1,
            lasts: second,
            links: Some(vec![(bank, car), (car, bank)]),
            luck: None,
        },
        Action::Latency { times: Scale::new(5, 2).unwrap(), lasts: None, links: None },
        Action::Pause { node: hotel, lasts: two },
        Action::SlowDisk { node: hotel, force: slow, lasts: Some(two) },
        Action::Clock { node: hotel, rate: Scale::new(6, 5).unwrap() },
        Action::Decide { node: car, tx: TxId(999), decision: Decision::Abort },
        Action::Heal { last: false },
        Action::Crash { node: car, restart_after: None, tail: Tail::Kept(Lsn(2)) },
        Action::CrashLoop {
            node: bank,
            times: 3,
            down: Span::from_millis(1),
            up: Span::from_millis(2),
            tail: Tail::Lost,
        },
        Action::Swizzle {
            close: vec![bank, car],
            open: vec![car, bank],
            every: Span::from_millis(1),
        },
        Action::Expire(Some(car)),
        Action::Expire(None),
        Action::Loss { rate: ratio(1, 100), burst: 5, lasts: None, links: None, luck: Some(7) },
        Action::Heal { last: true },
    ];
    assert_eq!(actions, wanted);
    assert_eq!(faults[0].trigger, Trigger::At(Time::ZERO));
    assert_eq!(faults[15].trigger, Trigger::At(Time(120_000_000_000)));
    let back = Moment { by: bank, seen: Seen::Restarted, transaction: None };
    assert_eq!(faults[17].trigger, Trigger::When { moment: back, nth: 1, after: Span::ZERO });
    assert_eq!(faults[16].trigger, Trigger::Amid { at: Time(5_000_000), node: car, acts: 3 });
}

#[test]
fn every_exception_from_luck_is_read() {
    let luck = accepted(KITCHEN_SINK).setup.luck;
    let (from, hotel, to) = (NodeId(0), NodeId(2), NodeId(3));
    let passage = |nth, delays: &[Span]| Passage { from, to, nth, delays: delays.to_vec() };
    let twice = [Span::from_millis(1), Span::ZERO];
    assert_eq!(luck.messages, [passage(1, &[]), passage(2, &twice)]);
    let (alarm, wait) = ("VotesDue".to_string(), Span::from_millis(3));
    assert_eq!(luck.alarms, [Ring { node: from, alarm, nth: 1, wait }]);
    let length = Span::from_millis(2);
    assert_eq!(luck.work, [Labour { node: to, nth: 1, length, vote: Vote::ReadOnly }]);
    let at = vec![Time(4_000_000), Time(2_000_000)];
    assert_eq!(luck.disks, [Rhythm { node: hotel, until: Time(9_000_000), at }]);
}

#[test]
fn every_moment_is_read() {
    let faults = accepted(KITCHEN_SINK).setup.faults;
    let (bank, car) = (NodeId(0), NodeId(3));
    let when = |by, seen, transaction: Option<u32>, nth, after| Trigger::When {
        moment: Moment { by, seen, transaction: transaction.map(TxId) },
        nth,
        after,
    };
    let zero = Span::ZERO;
    let sent = Seen::Sent { message: "PreCommit".to_string(), to: Some(car) };
    let received = Seen::Received { message: "Ack".to_string(), from: Some(car) };
    let forced = Seen::Forced { record: "Begin".to_string() };
    let wanted = [
        when(bank, Seen::Began, None, 1, zero),
        when(bank, Seen::Began, Some(999), 1, zero),
        when(bank, sent, None, 2, Span::from_millis(1)),
        when(bank, received, Some(7), 1, zero),
        when(car, forced, None, 1, zero),
        when(car, Seen::Decided, None, 1, zero),
    ];
    let triggers: Vec<Trigger> = faults[1..7].iter().map(|fault| fault.trigger.clone()).collect();
    assert_eq!(triggers, wanted);
}

#[test]
fn all_forms_of_the_small_parts_are_read() {
    let topology = |json: &str| with(&format!(r#""topology": {json}"#)).unwrap().setup.topology;
    assert_eq!(topology(r#""chain""#), Topology::Chain);
    assert_eq!(topology(r#""min-diameter""#), Topology::MinDiameter);
    assert_eq!(topology(r#"{"tree": {"arity": 2}}"#), Topology::Tree { arity: 2 });
    let seed = |json: &str| with(&format!(r#""seed": {json}"#)).unwrap().seed;
    assert_eq!(seed("9007199254740991"), Seed((1 << 53) - 1));
    assert_eq!(seed("\"18446744073709551615\""), Seed(u64::MAX));
    let workload = |json: &str| with(&format!(r#""workload": {json}"#)).unwrap().setup.workload;
    let mean = Span::from_millis(1);
    let poisson = workload(r#"{"arrivals": {"poisson": {"mean": "1ms"}}}"#);
    assert_eq!(poisson.arrivals, Arrivals::Poisson { mean });
    let every = workload(r#"{"arrivals": {"every": "1ms"}, "coordinator": "n2"}"#);
    assert_eq!(every.arrivals, Arrivals::Every(mean));
    assert_eq!(every.coordinator, Coordinator::Node(NodeId(2)));
    let alone = with(r#""nodes": 1, "topology": {"edges": []}, "storm": {"until": "1s"}"#).unwrap();
    assert_eq!((alone.setup.nodes, alone.names.len()), (1, 1));
    assert_eq!(alone.setup.storm.unwrap().families.len(), Family::ALL.len());
    let twice = r#"{"format": "commitsim/1",
        "protocols": ["2pc", {"id": "2pc", "options": {"termination": "cooperative"}}]}"#;
    assert_eq!(ids(&accepted(twice)), ["2pc", "2pc"]);
}

#[test]
fn settings_are_made_before_anything_is_checked() {
    let mut overrides = set("/nodes", "5");
    overrides.set.push(("/network".to_string(), "{}".to_string()));
    overrides.set.push(("/network/loss".to_string(), " \"5%\" ".to_string()));
    overrides.set.push(("/protocols/-".to_string(), "\"3pc\"".to_string()));
    overrides.set.push(("/protocols/0".to_string(), "{\"id\": \"2pc\"}".to_string()));
    overrides.set.push(("/votes".to_string(), "{\"no\": []}".to_string()));
    overrides.set.push(("/votes/no/-".to_string(), "\"n4\"".to_string()));
    overrides.seed = Some(Seed(9));
    let scenario = overridden(LEAST, &overrides).unwrap();
    assert_eq!((scenario.setup.nodes, scenario.seed), (5, Seed(9)));
    assert_eq!(scenario.setup.network.usual.loss, ratio(1, 20));
    assert!(scenario.setup.votes.no.contains(NodeId(4)));
    assert_eq!(ids(&scenario), ["2pc", "3pc"]);
    let whole = set("", &LEAST.replace("2pc", "3pc"));
    assert_eq!(ids(&overridden(LEAST, &whole).unwrap()), ["3pc"]);
}

/// Pointers follow RFC 6901: `~1` is a slash, `~0` a tilde, and numbers have no leading zero.
#[test]
fn wrong_settings_are_shown_on_their_own() {
    let said = |pointer: &str, json: &str| {
        let problems = overridden(LEAST, &set(pointer, json)).unwrap_err();
        assert_eq!(problems.list()[0].file, "--set");
        problems.to_string()
    };
    let wanted = "\
error: \"1.5\" is more than everything
  --> --set
   |
 1 | /votes={\"no_rate\": 1.5}
   |                    ^^^ at votes.no_rate
   = allowed: a number from 0 to 1, or a text like \"5%\", \"1/400\" or \"25ppm\"

1 problem in test.json";
    assert_eq!(said("/votes", "{\"no_rate\": 1.5}"), wanted);
    let wanted = "\
error: \"x/~y\" is not a key of a scenario
  --> --set
   |
 1 | /x~1~0y=1
   | ^^^^^^^ at \"x/~y\"
   = allowed: ";
    assert!(said("/x~1~0y", "1").starts_with(wanted), "{}", said("/x~1~0y", "1"));
    assert!(said("/network/loss", "0").starts_with("error: the scenario has no \"network\" there"));
    assert!(said("/protocols/1", "0").starts_with("error: the scenario has no \"1\" there"));
    assert!(said("/protocols/00", "0").starts_with("error: the scenario has no \"00\" there"));
    assert!(said("/format/x", "0").starts_with("error: the scenario has no \"x\" there"));
    assert!(said("nodes", "5").starts_with("error: \"nodes\" does not begin with /"));
    assert!(said("/nodes", "5 5").starts_with("error: something follows"));
    assert!(said("/nodes", "").starts_with("error: the text ends too early"));
    assert!(said("/disk", "{\"a\": 1, \"a\": 1}").contains("stands here twice"));
    assert!(said(&"/0".repeat(100), "[]").starts_with("error: this pointer is too long"));
}

#[test]
fn protocols_are_picked_with_their_options() {
    let pick = |names: &[&str]| {
        let protocols = names.iter().map(|name| name.to_string()).collect();
        overridden(KITCHEN_SINK, &Overrides { protocols, ..Overrides::default() })
    };
    let picked = pick(&["2pc", "2pc"]).unwrap();
    assert_eq!(ids(&picked), ["2pc"]);
    assert_eq!(picked.protocols[0].options[0].1, "cooperative");
    let replaced = Overrides { protocols: vec!["3pc".to_string()], ..Overrides::default() };
    assert_eq!(ids(&overridden(LEAST, &replaced).unwrap()), ["3pc"]);
    let problems = pick(&["d2pc", "2pcc"]).unwrap_err().to_string();
    let wanted = "\
error: protocol `d2pc` is not in this version
  --> --protocol
   |
 1 | d2pc
   | ^^^^
   = allowed: `2pc`, `3pc`

error: there is no protocol \"2pcc\"
  --> --protocol
   |
 1 | 2pcc
   | ^^^^
   = allowed: `2pc`, `3pc`
   = help: did you mean `2pc`?

2 problems in test.json";
    assert_eq!(problems, wanted);
}

/// A few hundred bytes of text must not become gigabytes of scenarios.
#[test]
fn all_points_of_a_sweep_have_to_be_held() {
    let list = |count: u32, unit: &str| {
        let values: Vec<String> = (1..=count).map(|n| format!("\"{n}{unit}\"")).collect();
        values.join(",")
    };
    let swept = |rest: &str, horizons: u32, flushes: u32| {
        with(&format!(
            r#"{rest}, "disk": {{}}, "sweep": {{"vary": [
                {{"path": "/horizon", "values": [{}]}},
                {{"path": "/disk/flush", "values": [{}]}}]}}"#,
            list(horizons, "s"),
            list(flushes, "ms")
        ))
    };
    let heals = |count: usize| {
        format!(r#""faults": [{}]"#, vec![r#"{"at":"0","heal":{}}"#; count].join(","))
    };
    assert!(swept(&heals(100), 10, 10).is_ok());
    let problems = swept(&heals(5_000), 100, 100).unwrap_err().to_string();
    let says = "error: a scenario of this size, 10000 times, is too much to hold";
    assert!(problems.starts_with(says), "{problems}");
    let places: Vec<String> = (0..400).map(|n| format!("\"n{n}\": \"east-us\"")).collect();
    let regions = format!(
        r#""nodes": 400, "network": {{"regions":
            {{"table": "azure-2026-07-p95", "place": {{{}}}}}}}"#,
        places.join(",")
    );
    assert!(swept(&regions, 2, 2).is_ok());
    assert!(swept(&regions, 10, 10).unwrap_err().to_string().starts_with("error: a scenario of"));
}

#[test]
fn limits_are_where_they_are_said_to_be() {
    let spaces = |length: usize| LEAST.to_string() + &" ".repeat(length - LEAST.len());
    assert!(read_text(&spaces(limits::TEXT)).is_ok());
    let problems = read_text(&spaces(limits::TEXT + 1)).unwrap_err();
    assert!(problems.to_string().starts_with("error: the file has 1048577 bytes"));
    assert!(with("\"nodes\": 1000").is_ok());
    let workload = |transactions: u32| {
        with(&format!(r#""nodes": 100, "workload": {{"transactions": {transactions}}}"#))
    };
    assert!(workload(2_500_000).is_ok());
    assert!(workload(2_500_001).is_err());
    assert!(with(r#""horizon": "87600h""#).is_ok());
    assert!(with(r#""horizon": "87600.01h""#).is_err());
    let title = |length: usize| with(&format!(r#""title": "{}""#, "ü".repeat(length)));
    assert!(title(200).is_ok() && title(201).is_err());
    let name = |length: usize| with(&format!(r#""nodes": ["{}"]"#, "n".repeat(length)));
    assert!(name(64).is_ok() && name(65).is_err() && name(0).is_err());
    let faults = |count: usize| {
        with(&format!(r#""faults": [{}]"#, vec![r#"{"at":"0","heal":{}}"#; count].join(",")))
    };
    assert!(faults(10_000).is_ok() && faults(10_001).is_err());
    let every = |horizon: &str| {
        let workload = r#""workload": {"transactions": 10000000, "arrivals": {"every": "87600h"}}"#;
        with(&format!(r#"{workload}, "horizon": "{horizon}""#))
    };
    assert!(every("87600h").is_err());
    let many = (0..2_000).map(|n| format!("\"k{n}\": 0")).collect::<Vec<_>>().join(",");
    let problems = with(&many).unwrap_err();
    assert_eq!((problems.list().len(), problems.more()), (20, true));
}

/// Many nodes with long names, and as many wrong ones, do not keep the reader busy for long.
#[test]
fn many_near_misses_are_answered_quickly() {
    let names = |letter: &str| -> String {
        let names = (0..7_000).map(|n| format!("\"{}{n:04}\"", letter.repeat(60)));
        names.take(if letter == "a" { 1_000 } else { 7_000 }).collect::<Vec<_>>().join(",")
    };
    let text = format!(r#""nodes": [{}], "votes": {{"no": [{}]}}"#, names("a"), names("b"));
    assert_eq!(with(&text).unwrap_err().list().len(), 20);
}

/// Regions for many nodes make many links, which is refused before they are made.
#[test]
fn regions_are_limited() {
    let regions = |nodes: u32| {
        let place = (0..nodes).map(|n| format!("\"n{n}\": \"uk-south\""));
        let place = place.collect::<Vec<_>>().join(",");
        let table = r#""table": "azure-2026-07-p95""#;
        with(&format!(
            r#""nodes": {nodes}, "network": {{"regions": {{{table}, "place": {{{place}}}}}}}"#
        ))
    };
    assert_eq!(regions(50).unwrap().setup.network.links.len(), 50 * 49);
    assert!(regions(501).is_err());
}

/// Damaged scenarios never make the reader panic, and whatever it says can be drawn.
#[test]
fn damaged_texts_do_no_harm() {
    let mut state: u64 = 7;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let pieces = [
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "\\u",
        "\\ud83d",
        "0",
        "-",
        "1e9",
        "1e-9",
        "null",
        "\n",
        "\u{0}",
        "é",
        "\u{202e}",
        "99999999999999999999",
        "\"0\"",
        "\"5ms\"",
        "n0",
        "ns",
        "true",
        "\"*\"",
        "[]",
        "{}",
        "~1",
        "\u{feff}",
        ".5",
        "\"car\"",
        "\"at\"",
        "\"1/0\"",
    ];
    for _ in 0..20_000 {
        let mut text = KITCHEN_SINK.as_bytes().to_vec();
        for _ in 0..=draw(4) {
            let at = draw(text.len());
            let end = (at + draw(12)).min(text.len());
            match draw(4) {
                0 => text[at] = (draw(256)) as u8,
                1 => drop(text.drain(at..end)),
                2 => drop(text.splice(at..at, pieces[draw(pieces.len())].bytes())),
                _ => drop(text.splice(at..end, pieces[draw(pieces.len())].bytes())),
            }
        }
        if let Err(problems) = read("test.json", &text, &KNOWN, &Overrides::default()) {
            assert!(!problems.list().is_empty() && problems.list().len() <= limits::PROBLEMS);
            let drawn = problems.to_string();
            let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!drawn.contains(hidden), "{drawn:?}");
        }
    }
}

/// Each value in turn is replaced by values of every kind: wherever one is wrong, it is said
/// where, and nothing panics.
#[test]
fn any_value_may_be_wrong() {
    let values =
        ["null", "true", "-1", "1e3", "0.5", "\"\"", "\"n9\"", "[]", "[[]]", "{}", "[0,0]"];
    let mut pointers = Vec::new();
    collect(&serde_json::from_str(KITCHEN_SINK).unwrap(), "", &mut pointers);
    assert!(pointers.len() > 200);
    for pointer in &pointers {
        for value in values {
            if let Err(problems) = overridden(KITCHEN_SINK, &set(pointer, value)) {
                for problem in problems.list() {
                    assert!(!problem.found.is_empty(), "{pointer} {value}");
                    assert!(!problem.path.is_empty() || pointer.is_empty(), "{problem}");
                }
            }
        }
    }
}

fn collect(json: &serde_json::Value, pointer: &str, pointers: &mut Vec<String>) {
    pointers.push(pointer.to_string());
    match json {
        serde_json::Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{n}"), pointers);
            }
        }
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                collect(value, &format!("{pointer}/{key}"), pointers);
            }
        }
        _ => {}
    }
}
