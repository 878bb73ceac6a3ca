//! The first line of a trace (format `commitsim-trace/1`). The others are [`Observed`].
//!
//! [`Observed`]: crate::Observed

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

/// Everything that it takes to make the trace again, and the names of its nodes.
#[derive(Clone, Copy, Debug)]
pub struct TraceHeader<'a> {
    /// The text of the scenario file.
    pub scenario: &'a str,
    /// What was changed in it on the command line, as `/pointer=JSON`.
    pub set: &'a [String],
    /// The protocol's id.
    pub protocol: &'a str,
    /// The options that differ from the protocol's defaults.
    pub options: &'a BTreeMap<String, String>,
    /// The seed in decimal.
    pub seed: &'a str,
    /// The version of commitsim.
    pub version: &'a str,
    /// The names of all nodes, in node order.
    pub nodes: &'a [String],
}

/// The header in the order of its keys.
#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    scenario: &'a RawValue,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    set: &'a [String],
    protocol: &'a str,
    options: &'a BTreeMap<String, String>,
    seed: &'a str,
    version: &'a str,
    nodes: &'a [String],
}

impl TraceHeader<'_> {
    /// The header on one line, without a line break.
    ///
    /// # Errors
    ///
    /// The scenario is not JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let scenario = RawValue::from_string(compact(self.scenario))?;
        serde_json::to_string(&Written {
            format: "commitsim-trace/1",
            scenario: &scenario,
            set: self.set,
            protocol: self.protocol,
            options: self.options,
            seed: self.seed,
            version: self.version,
            nodes: self.nodes,
        })
    }
}

/// JSON without its white space, so that it fits on one line; every value stays as it was written.
fn compact(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut chars = json.chars();
    while let Some(char) = chars.next() {
        match char {
            ' ' | '\t' | '\n' | '\r' => {}
            '"' => {
                text.push('"');
                copy_string(&mut chars, &mut text);
            }
            _ => text.push(char),
        }
    }
    text
}

/// Copies the rest of a string, up to its closing quotation mark.
fn copy_string(chars: &mut std::str::Chars<'_>, text: &mut String) {
    while let Some(char) = chars.next() {
        text.push(char);
        match char {
            '"' => break,
            '\\' => text.extend(chars.next()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_but_not_in_strings() {
        let json = "{\r\n  \"a b\\\" c\\\\\" : [ 1.50 ,\t\"\" ]\n}\n";
        assert_eq!(compact(json), "{\"a b\\\" c\\\\\":[1.50,\"\"]}");
        assert_eq!(compact("\"open \\"), "\"open \\");
    }

    #[test]
    fn a_header_holds_all_that_a_run_follows_from() {
        let options = BTreeMap::from([("termination".to_string(), "none".to_string())]);
        let mut header = TraceHeader {
            scenario: "{\n \"format\": \"commitsim/1\" }",
            set: &[],
            protocol: "2pc",
            options: &options,
            seed: "18446744073709551615",
            version: "0.1.0",
            nodes: &["a".to_string()],
        };
        assert_eq!(
            header.to_json().unwrap(),
            concat!(
                r#"{"format":"commitsim-trace/1","scenario":{"format":"commitsim/1"},"#,
                r#""protocol":"2pc","options":{"termination":"none"},"#,
                r#""seed":"18446744073709551615","version":"0.1.0","nodes":["a"]}"#
            )
        );
        let set = ["/nodes=4".to_string()];
        header.set = &set;
        assert!(header.to_json().unwrap().contains(r#""set":["/nodes=4"],"#));
        header.scenario = "{";
        assert!(header.to_json().is_err());
    }
}
