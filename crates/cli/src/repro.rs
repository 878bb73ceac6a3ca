//! The command that repeats a run.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;

use commitsim_rng::Seed;

use crate::changes::{Changes, Queue};
use crate::input;

/// One line for a shell that repeats this run of this protocol.
pub(crate) fn run(
    changes: &Changes,
    queue: Queue,
    file: &Path,
    protocol: &str,
    seed: Seed,
) -> String {
    let mut line = command("run", changes, file, protocol, seed);
    if queue == Queue::Keyed {
        line.push_str(" --queue keyed");
    }
    line
}

/// One line for a shell that runs a replay file again.
pub(crate) fn replay(file: &Path) -> String {
    let mut line = "commitsim replay ".to_string();
    name(file, &mut line);
    line
}

/// One line for a shell that lets a command look at this protocol of this scenario.
pub(crate) fn command(
    command: &str,
    changes: &Changes,
    file: &Path,
    protocol: &str,
    seed: Seed,
) -> String {
    let mut line = format!("commitsim {command} ");
    name(file, &mut line);
    line.push_str(" --protocol ");
    quote(OsStr::new(protocol), &mut line);
    line.push_str(&format!(" --seed {seed}"));
    for setting in changes.settings() {
        line.push_str(" --set ");
        quote(OsStr::new(&setting), &mut line);
    }
    line
}

/// Appends the name of a file so that no command takes it for an option.
fn name(file: &Path, line: &mut String) {
    if file.as_os_str().as_encoded_bytes().starts_with(b"-") && !input::is_standard(file) {
        line.push_str("./");
    }
    quote(file.as_os_str(), line);
}

/// Appends a word so that a shell reads it as it is. What a terminal might obey, and what is not
/// UTF-8, is written in the form `$'…'`, which bash, zsh and ksh know.
fn quote(word: &OsStr, line: &mut String) {
    let bytes = word.as_encoded_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./,:=@%+".contains(byte);
    match word.to_str() {
        Some(text) if !text.is_empty() && bytes.iter().all(plain) => line.push_str(text),
        Some(text) if commitsim_report::visible(text) == text => {
            line.push('\'');
            line.push_str(&text.replace('\'', r"'\''"));
            line.push('\'');
        }
        _ => {
            line.push_str("$'");
            for byte in bytes {
                match byte {
                    b'\'' | b'\\' => line.extend(['\\', char::from(*byte)]),
                    b' '..=b'~' => line.push(char::from(*byte)),
                    _ => write!(line, "\\x{byte:02x}").expect("a String takes everything"),
                }
            }
            line.push('\'');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(word: &str) -> String {
        let mut line = String::new();
        quote(OsStr::new(word), &mut line);
        line
    }

    #[test]
    fn words_are_quoted_where_they_must_be() {
        assert_eq!(quoted("scenarios/2pc-accept.json"), "scenarios/2pc-accept.json");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("my file.json"), "'my file.json'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("/seed=\"7\""), "'/seed=\"7\"'");
        assert_eq!(quoted("a\u{1b}b\n'\\"), r"$'a\x1bb\x0a\'\\'");
        assert_eq!(quoted("é"), "'é'");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_every_word_as_it_was() {
        for word in
            ["plain", "two words", "it's $HOME `x` \"q\" \\", "*?[a]~", "!$(x);&|<>é", "a\tb\u{1b}"]
        {
            let script = format!("printf %s {}", quoted(word));
            let output = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
