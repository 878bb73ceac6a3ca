//! Where in which text something stands.

use std::borrow::Cow;

/// A stretch of bytes in one of the texts that a scenario was read from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Place {
    /// Which text: the file is 0, what the command line adds comes after it.
    pub(crate) source: u32,
    /// The first byte.
    pub(crate) start: u32,
    /// The byte behind the last one.
    pub(crate) end: u32,
}

impl Place {
    /// The bytes `start` to `end` of text `source`. Texts are far smaller than 4 GiB; a place
    /// beyond that would only be drawn wrongly.
    pub(crate) fn new(source: u32, start: usize, end: usize) -> Place {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Place { source, start: narrow(start), end: narrow(end) }
    }
}

/// A text, and what to call it.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// The name in messages.
    pub(crate) name: String,
    /// The whole text.
    pub(crate) text: Cow<'a, str>,
    /// Whether lines and columns mean something to its author.
    pub(crate) origin: Origin,
}

/// Where a text comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// The scenario file, or standard input.
    File,
    /// An argument of the command line.
    Argument,
}

/// A line of a text, cut out around a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cutting {
    /// The number of the line, from 1.
    pub(crate) line: u32,
    /// The column of the place's first character, from 1, in characters.
    pub(crate) column: u32,
    /// The line, or a part of it, safe to print.
    pub(crate) shown: String,
    /// How many columns of `shown` lie before the place.
    pub(crate) indent: usize,
    /// How many columns of `shown` the place covers, at least 1.
    pub(crate) width: usize,
}

/// How many characters of a line are shown before and after the beginning of a place.
const BEFORE: usize = 60;
const AFTER: usize = 40;

impl Source<'_> {
    /// The line in which `place` begins, with the place in it.
    pub(crate) fn cut(&self, place: Place) -> Cutting {
        let text = self.text.as_ref();
        let start = floor(text, place.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let end = floor(text, place.end).clamp(start, line_end);
        let head = &text[line_start..start];
        let (marked, tail) = (&text[start..end], &text[end..line_end]);
        // What goes on over several lines is marked by its first character alone.
        let spreads = text[start..floor(text, place.end).max(start)].contains('\n');
        let (marked, tail) =
            if spreads { split_first(&text[start..line_end]) } else { (marked, tail) };
        let head_length = head.chars().count();
        let mut shown = String::new();
        if head_length > BEFORE {
            shown.push('…');
        }
        head.chars().skip(head_length.saturating_sub(BEFORE)).for_each(|c| show(c, &mut shown));
        let indent = shown.chars().count();
        marked.chars().take(AFTER).for_each(|c| show(c, &mut shown));
        let width = (shown.chars().count() - indent).max(1);
        let room = AFTER.saturating_sub(marked.chars().count());
        let tail = tail.trim_end_matches('\r');
        tail.chars().take(room).for_each(|c| show(c, &mut shown));
        if marked.chars().count() > AFTER || tail.chars().count() > room {
            shown.push('…');
        }
        let line = 1 + text[..start].matches('\n').count();
        Cutting {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(head_length + 1).unwrap_or(u32::MAX),
            shown: shown.trim_end().to_string(),
            indent,
            width,
        }
    }
}

/// Writes a character so that it can be seen and can do nothing to a terminal: a tab as a blank,
/// everything else that is not plainly visible as its number.
pub(crate) fn show(character: char, into: &mut String) {
    match character {
        '\t' => into.push(' '),
        '"' | '\'' | '\\' => into.push(character),
        _ => into.extend(character.escape_debug()),
    }
}

/// A text in quotes as messages cite it: safe to print, and not longer than a few words.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    text.chars().take(48).for_each(|c| show(c, &mut shown));
    shown.push_str(if text.chars().count() > 48 { "…\"" } else { "\"" });
    shown
}

fn split_first(text: &str) -> (&str, &str) {
    let first = text.chars().next().map_or(0, char::len_utf8);
    text.split_at(first)
}

fn floor(text: &str, offset: u32) -> usize {
    let mut offset = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
