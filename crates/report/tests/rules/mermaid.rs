//! Mermaid: a sequence diagram of known statements, no longer than it takes.

use std::collections::BTreeMap;

use super::rule;

/// How many arrows of each kind there are.
pub(crate) fn check(text: &str) -> Result<BTreeMap<&'static str, usize>, String> {
    let count = text.chars().count();
    rule(count < 50_000, || format!("{count} characters"))?;
    let mut lines = text.lines();
    rule(lines.next() == Some("sequenceDiagram"), || "no sequence diagram".to_string())?;
    let mut arrows = BTreeMap::new();
    let mut nodes = 0;
    for line in lines {
        let line = line.trim_start();
        plain(line)?;
        if let Some(rest) = line.strip_prefix("participant ") {
            let (name, alias) = rest.split_once(" as ").ok_or("a participant without a name")?;
            rule(name == format!("p{nodes}"), || format!("{name} is the {nodes}th"))?;
            rule(!alias.trim().eq_ignore_ascii_case("end"), || "a node is called end".to_string())?;
            nodes += 1;
        } else if let Some(rest) = line.strip_prefix("Note over ") {
            let (over, text) = rest.split_once(": ").ok_or("a note without a text")?;
            over.split(',').try_for_each(|name| known(name, nodes))?;
            rule(!text.is_empty(), || "an empty note".to_string())?;
        } else if !line.starts_with("title ") {
            let kinds = ["->>", "-x", "-)"];
            let kind = kinds.into_iter().find(|kind| line.contains(kind));
            let kind = kind.ok_or_else(|| format!("unknown: {line}"))?;
            let (from, rest) = line.split_once(kind).ok_or("no arrow")?;
            let (to, _) = rest.split_once(": ").ok_or("an arrow without a text")?;
            known(from, nodes)?;
            known(to, nodes)?;
            *arrows.entry(kind).or_default() += 1;
        }
    }
    rule(arrows.values().sum::<usize>() <= 300, || "more than 300 messages".to_string())?;
    Ok(arrows)
}

fn known(name: &str, nodes: usize) -> Result<(), String> {
    let number: Option<usize> = name.strip_prefix('p').and_then(|digits| digits.parse().ok());
    rule(number.is_some_and(|number| number < nodes), || format!("nobody is called {name}"))
}

/// Semicolons and number signs are those of entities, and nothing looks like a tag or a comment.
fn plain(line: &str) -> Result<(), String> {
    let wild = line.contains(['<', '{', '}', '"', '%', '\\']) || line.contains(char::is_control);
    // The tip of an arrow is no bracket.
    rule(!wild, || format!("{line} may be taken for something else"))?;
    for (n, part) in line.split('#').enumerate() {
        let entity = part.split_once(';').is_some_and(|(code, rest)| {
            !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit()) && !rest.contains(';')
        });
        let free = n == 0 && !part.contains(';');
        rule(entity || free, || format!("{line} ends within itself"))?;
    }
    Ok(())
}
