//! One Rust file, parsed once for all rules, and its place in the tree.

use std::ops::RangeInclusive;

use syn::spanned::Spanned;

use crate::problem::Problem;
use crate::table::{self, Row};
use crate::tokens::{self, Token};

/// A parsed Rust file.
pub(crate) struct RustFile {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) syntax: syn::File,
    pub(crate) tokens: Vec<Token>,
    /// The lines of every item that only tests compile.
    tests: Vec<RangeInclusive<usize>>,
}

impl RustFile {
    pub(crate) fn parse(path: &str, text: &str) -> Result<Self, Problem> {
        let stream: proc_macro2::TokenStream = text
            .parse()
            .map_err(|error: proc_macro2::LexError| unreadable(path, error.span(), &error))?;
        let syntax: syn::File =
            syn::parse2(stream.clone()).map_err(|error| unreadable(path, error.span(), &error))?;
        let mut tests = Vec::new();
        collect_tests(&syntax.items, &mut tests);
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens: tokens::flatten(stream),
            syntax,
            tests,
        })
    }

    /// The directory of the crate under `crates/`.
    pub(crate) fn crate_dir(&self) -> Option<&str> {
        crate_dir(&self.path)
    }

    /// What the table says of this file's crate.
    pub(crate) fn row(&self) -> Option<&'static Row> {
        self.crate_dir().and_then(table::row)
    }

    /// The path inside the crate, such as `src/lib.rs`.
    pub(crate) fn path_in_crate(&self) -> &str {
        self.path.splitn(3, '/').nth(2).unwrap_or(&self.path)
    }

    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the file holds code of the crate itself, not of its tests, examples or benches.
    ///
    /// A `tests.rs` or a folder `tests` beside the code is a test module that moved out.
    pub(crate) fn is_product(&self) -> bool {
        let inside = self.path_in_crate();
        inside.starts_with("src/")
            && !inside.split('/').any(|part| part == "tests" || part == "tests.rs")
    }

    /// Whether `line` belongs to code that only tests compile.
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&line))
    }

    /// How many lines the file has, those of its test modules not counted.
    pub(crate) fn lines_without_tests(&self) -> usize {
        let lines = self.text.lines().count();
        (1..=lines).filter(|line| !self.is_test_line(*line)).count()
    }
}

/// The directory under `crates/` that holds `path`.
pub(crate) fn crate_dir(path: &str) -> Option<&str> {
    let (dir, _) = path.strip_prefix("crates/")?.split_once('/')?;
    Some(dir)
}

fn unreadable(path: &str, span: proc_macro2::Span, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(
        path,
        span.start().line,
        "syntax",
        format!("this is not Rust that tidy can read: {error}"),
        "a file that cannot be read cannot be checked; make it compile",
    )
}

fn collect_tests(items: &[syn::Item], tests: &mut Vec<RangeInclusive<usize>>) {
    for item in items {
        if attributes(item).iter().any(is_test_attribute) {
            tests.push(item.span().start().line..=item.span().end().line);
        } else if let syn::Item::Mod(syn::ItemMod { content: Some((_, inner)), .. }) = item {
            collect_tests(inner, tests);
        }
    }
}

/// Whether the attribute is `#[test]`, `#[cfg(test)]` or a `cfg` that needs `test` among others.
fn is_test_attribute(attribute: &syn::Attribute) -> bool {
    if attribute.path().is_ident("test") {
        return true;
    }
    let syn::Meta::List(list) = &attribute.meta else {
        return false;
    };
    let words = tokens::flatten(list.tokens.clone());
    let has = |word: &str| words.iter().any(|token| token.text == word);
    list.path.is_ident("cfg") && has("test") && !has("not") && !has("any")
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";

    #[test]
    fn test_modules_are_not_counted() {
        let file = RustFile::parse("crates/sim/src/run.rs", SAMPLE).unwrap();
        assert_eq!(file.lines_without_tests(), 2);
        assert!(file.is_test_line(5) && !file.is_test_line(1));
    }

    #[test]
    fn code_that_only_leaves_tests_out_is_product_code() {
        let file = RustFile::parse("crates/sim/src/a.rs", "#[cfg(not(test))]\nmod a {}\n").unwrap();
        assert!(!file.is_test_line(2));
    }

    #[test]
    fn the_place_of_a_file_is_read_from_its_path() {
        let place = |path| {
            let file = RustFile::parse(path, "").unwrap();
            (file.crate_dir().map(str::to_owned), file.is_product())
        };
        assert_eq!(place("crates/sim/src/run.rs"), (Some("sim".to_owned()), true));
        assert_eq!(place("crates/sim/tests/run.rs"), (Some("sim".to_owned()), false));
        assert_eq!(place("crates/sim/src/run/tests.rs"), (Some("sim".to_owned()), false));
        assert_eq!(place("scripts/a.rs"), (None, false));
    }

    #[test]
    fn a_file_that_is_not_rust_is_named() {
        let problem = RustFile::parse("crates/sim/src/a.rs", "\nfn a( {}").err().unwrap();
        assert_eq!((problem.path.as_str(), problem.rule), ("crates/sim/src/a.rs", "syntax"));
    }
}
