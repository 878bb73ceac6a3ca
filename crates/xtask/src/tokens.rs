//! A Rust file as a flat list of tokens, so that a ban can be written as a short pattern.
//!
//! Tokens see into macro bodies, which a syntax tree does not, and they see neither comments nor
//! the text of strings, so that a message about a banned word is not itself a breach.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// One token and the line on which it begins.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// All tokens in order; groups are flattened, with their brackets as tokens.
pub(crate) fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    push_all(stream, &mut tokens);
    tokens
}

/// The line on which every occurrence of `pattern` begins.
pub(crate) fn find(tokens: &[Token], pattern: &[&str]) -> Vec<usize> {
    tokens
        .windows(pattern.len())
        .filter(|window| window.iter().zip(pattern).all(|(token, text)| token.text == *text))
        .map(|window| window[0].line)
        .collect()
}

/// The line of every call of the macro `name`, and of nothing else that is called so.
pub(crate) fn find_macro(tokens: &[Token], name: &str) -> Vec<usize> {
    ["(", "[", "{"].iter().flat_map(|open| find(tokens, &[name, "!", open])).collect()
}

/// Every module named directly under `std`, be it in a path or in a braced `use`.
pub(crate) fn std_modules(tokens: &[Token]) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for index in 0..tokens.len() {
        let rest = &tokens[index..];
        let [std, first, second, next, ..] = rest else {
            break;
        };
        if std.text != "std" || first.text != ":" || second.text != ":" {
            continue;
        }
        if next.text == "{" {
            found.extend(heads_of_group(&rest[3..]));
        } else {
            found.push((next.line, next.text.as_str()));
        }
    }
    found
}

/// The first token of each comma-separated part of the group that opens at `tokens[0]`.
fn heads_of_group(tokens: &[Token]) -> Vec<(usize, &str)> {
    let mut heads = Vec::new();
    let mut depth = 0_usize;
    let mut at_head = false;
    for token in tokens {
        match token.text.as_str() {
            "{" => {
                depth += 1;
                at_head = depth == 1;
            }
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," => at_head = depth == 1,
            text if at_head => {
                heads.push((token.line, text));
                at_head = false;
            }
            _ => {}
        }
    }
    heads
}

fn push_all(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                push(open, group.span_open(), tokens);
                push_all(group.stream(), tokens);
                push(close, group.span_close(), tokens);
            }
            TokenTree::Ident(ident) => push(&ident.to_string(), ident.span(), tokens),
            TokenTree::Punct(punct) => push(&punct.to_string(), punct.span(), tokens),
            TokenTree::Literal(literal) => push("literal", literal.span(), tokens),
        }
    }
}

fn push(text: &str, span: Span, tokens: &mut Vec<Token>) {
    tokens.push(Token { text: text.to_owned(), line: span.start().line });
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        flatten(text.parse().expect("the sample is Rust"))
    }

    #[test]
    fn a_macro_call_is_found_inside_another_macro_but_an_inequality_is_not() {
        assert_eq!(find_macro(&tokens("fn f() {\n vec![dbg!(1)] }"), "dbg"), [2]);
        assert!(find_macro(&tokens("fn f(dbg: u8) -> bool { dbg != (1) }"), "dbg").is_empty());
        assert!(find_macro(&tokens("fn f() -> &str { \"dbg!(1)\" } // dbg!(1)"), "dbg").is_empty());
    }

    #[test]
    fn modules_of_std_are_seen_in_paths_and_in_braces() {
        let names = |text| -> Vec<String> {
            std_modules(&tokens(text)).into_iter().map(|(_, name)| name.to_owned()).collect()
        };
        assert_eq!(names("fn f() { std::time::Instant::now(); }"), ["time"]);
        assert_eq!(names("use std::{fmt::{self, Write}, fs, io::Read};"), ["fmt", "fs", "io"]);
        assert!(names("use core::time::Duration; mod std_time {}").is_empty());
    }
}
