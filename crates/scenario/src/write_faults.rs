//! Faults and luck as text.

use commitsim_core::{Decision, NodeId, Span, Time, Vote};
use commitsim_sim::{
    Action, Fault, InFlight, Labour, Matching, Moment, Passage, Rhythm, Ring, Scale, Seen, Tail,
    Trigger,
};

use crate::luck::VOTES;
use crate::write::{Object, Script, block, decimal, listed, quote, ratio, shape, span, time};

impl Script<'_> {
    pub(crate) fn fault(&self, fault: &Fault) -> String {
        let keys = Object::default();
        let keys = match &fault.trigger {
            Trigger::At(at) => keys.with("at", time(*at)),
            Trigger::Amid { at, node, acts } => {
                let amid = Object::default().with("node", self.node(*node));
                let amid = amid.with("acts", acts.to_string());
                keys.with("at", time(*at)).with("amid", amid.text())
            }
            Trigger::When { moment, nth, after } => keys
                .with("when", self.moment(moment))
                .with("nth", (*nth > 1).then(|| nth.to_string()))
                .with("after", (*after > Span::ZERO).then(|| span(*after))),
        };
        keys.with(fault.action.word(), self.action(&fault.action)).text()
    }

    fn moment(&self, moment: &Moment) -> String {
        let by = Object::default().with("by", self.node(moment.by));
        let (name, keys) = match &moment.seen {
            Seen::Began => ("began", by),
            Seen::Sent { message, to } => {
                ("sent", by.with("message", quote(message)).with("to", self.maybe(*to)))
            }
            Seen::Received { message, from } => {
                ("received", by.with("message", quote(message)).with("from", self.maybe(*from)))
            }
            Seen::Forced { record } => ("forced", by.with("record", quote(record))),
            Seen::Decided => ("decided", by),
            Seen::Restarted => ("restarted", by),
        };
        let keys = keys.with("transaction", moment.transaction.map(|tx| tx.0.to_string()));
        Object::default().with(name, keys.text()).text()
    }

    fn action(&self, action: &Action) -> String {
        let keys = Object::default();
        let keys = match action {
            Action::Crash { node, restart_after, tail } => keys
                .with("node", self.node(*node))
                .with("restart_after", restart_after.map(span))
                .with("lose_tail", loses(*tail))
                .with("keeps", kept(*tail)),
            Action::CrashLoop { node, times, down, up, tail } => keys
                .with("node", self.node(*node))
                .with("times", times.to_string())
                .with("down", span(*down))
                .with("up", span(*up))
                .with("lose_tail", loses(*tail)),
            Action::Restart(node) => keys.with("node", self.node(*node)),
            Action::Partition { groups, heal_after, in_flight } => {
                let groups = listed(groups.iter().map(|group| self.node_set(group)));
                let hold = *in_flight == InFlight::Hold;
                keys.with("groups", groups)
                    .with("heal_after", heal_after.map(span))
                    .with("in_flight", hold.then(|| quote("hold")))
            }
            Action::CutLink { from, to, heal_after } => keys
                .with("from", self.node(*from))
                .with("to", self.node(*to))
                .with("heal_after", heal_after.map(span)),
            Action::Isolate { node, heal_after } => {
                keys.with("node", self.node(*node)).with("heal_after", heal_after.map(span))
            }
            Action::Swizzle { close, open, every } => keys
                .with("close", self.in_order(close))
                .with("open", self.in_order(open))
                .with("every", span(*every)),
            Action::Lose(matching) | Action::Duplicate(matching) => self.matching(matching),
            Action::Delay(matching, by) => self.matching(matching).with("by", span(*by)),
            Action::Loss { rate, burst, lasts, links, luck } => keys
                .with("rate", ratio(*rate))
                .with("burst", (*burst > 1).then(|| burst.to_string()))
                .with("for", lasts.map(span))
                .with("links", links.as_deref().map(|links| self.links(links)))
                .with("luck", luck.map(|luck| luck.to_string())),
            Action::Latency { times, lasts, links } => keys
                .with("times", factor(*times))
                .with("for", lasts.map(span))
                .with("links", links.as_deref().map(|links| self.links(links))),
            Action::Pause { node, lasts } => {
                keys.with("node", self.node(*node)).with("for", span(*lasts))
            }
            Action::SlowDisk { node, force, lasts } => keys
                .with("node", self.node(*node))
                .with("force", shape(force))
                .with("for", lasts.map(span)),
            Action::Clock { node, rate } => {
                keys.with("node", self.node(*node)).with("rate", factor(*rate))
            }
            Action::Decide { node, tx, decision } => {
                let decision = if *decision == Decision::Commit { "commit" } else { "abort" };
                keys.with("node", self.node(*node))
                    .with("transaction", tx.0.to_string())
                    .with("as", quote(decision))
            }
            Action::Expire(node) => keys.with("node", self.maybe(*node)),
            Action::Heal { last } => keys.with("last", last.then(|| "true".to_string())),
        };
        keys.text()
    }

    fn matching(&self, matching: &Matching) -> Object {
        let Matching { message, from, to, count } = matching;
        Object::default()
            .with("message", quote(message))
            .with("from", self.maybe(*from))
            .with("to", self.maybe(*to))
            .with("count", (*count > 1).then(|| count.to_string()))
    }

    fn maybe(&self, node: Option<NodeId>) -> Option<String> {
        node.map(|node| self.node(node))
    }

    fn in_order(&self, nodes: &[NodeId]) -> String {
        listed(nodes.iter().map(|node| self.node(*node)))
    }

    fn links(&self, links: &[(NodeId, NodeId)]) -> String {
        let link = |(from, to): &(NodeId, NodeId)| {
            Object::default().with("from", self.node(*from)).with("to", self.node(*to)).text()
        };
        listed(links.iter().map(link))
    }

    /// The exceptions from what is drawn, where there are any.
    pub(crate) fn luck(&self) -> Option<String> {
        let luck = &self.setup.luck;
        let lists: [(&str, Vec<String>); 4] = [
            ("messages", luck.messages.iter().map(|one| self.passage(one)).collect()),
            ("alarms", luck.alarms.iter().map(|one| self.ring(one)).collect()),
            ("work", luck.work.iter().map(|one| self.labour(one)).collect()),
            ("disks", luck.disks.iter().map(|one| self.rhythm(one)).collect()),
        ];
        let there: Vec<String> = lists
            .iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(key, list)| format!("\"{key}\": {}", block("    ", list)))
            .collect();
        (!there.is_empty()).then(|| format!("{{\n    {}\n  }}", there.join(",\n    ")))
    }

    fn passage(&self, passage: &Passage) -> String {
        Object::default()
            .with("from", self.node(passage.from))
            .with("to", self.node(passage.to))
            .with("nth", passage.nth.to_string())
            .with("delays", listed(passage.delays.iter().map(|delay| span(*delay))))
            .text()
    }

    fn ring(&self, ring: &Ring) -> String {
        let keys = Object::default().with("node", self.node(ring.node));
        keys.with("alarm", quote(&ring.alarm))
            .with("nth", ring.nth.to_string())
            .with("wait", span(ring.wait))
            .text()
    }

    fn labour(&self, labour: &Labour) -> String {
        let known = |(_, vote): &&(&str, Vote)| *vote == labour.vote;
        let vote = quote(VOTES.iter().find(known).map_or("?", |(name, _)| name));
        Object::default()
            .with("node", self.node(labour.node))
            .with("nth", labour.nth.to_string())
            .with("length", span(labour.length))
            .with("vote", vote)
            .text()
    }

    fn rhythm(&self, rhythm: &Rhythm) -> String {
        let at = |at: &Time| time(*at);
        Object::default()
            .with("node", self.node(rhythm.node))
            .with("until", time(rhythm.until))
            .with("at", listed(rhythm.at.iter().map(at)))
            .text()
    }
}

fn factor(scale: Scale) -> String {
    let (numerator, denominator) = scale.parts();
    decimal(numerator.into(), denominator.into())
}

fn loses(tail: Tail) -> Option<String> {
    (tail == Tail::Lost).then(|| "true".to_string())
}

fn kept(tail: Tail) -> Option<String> {
    match tail {
        Tail::Kept(last) => Some(last.0.to_string()),
        Tail::Drawn | Tail::Lost => None,
    }
}
