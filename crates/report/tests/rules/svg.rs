//! SVG: well-formed, still and self-contained, nothing beside the paper.

use std::collections::BTreeMap;

use super::rule;

/// How many marks of each class there are.
pub(crate) fn check(text: &str) -> Result<BTreeMap<String, usize>, String> {
    const KNOWN: [&str; 7] = ["svg", "title", "rect", "g", "path", "circle", "text"];
    let document = roxmltree::Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let size = root.attribute("viewBox").ok_or("no size")?;
    let size: Vec<i64> = size.split(' ').filter_map(|number| number.parse().ok()).collect();
    let [0, 0, width, height] = size[..] else { return Err(format!("the size is {size:?}")) };
    let millimetres = root.attribute("width").unwrap_or_default().ends_with("mm");
    rule(millimetres, || "the width is not in millimetres".to_string())?;
    let mut classes = BTreeMap::new();
    for node in document.descendants().filter(|node| node.is_element()) {
        let name = node.tag_name().name();
        rule(KNOWN.contains(&name), || format!("an element {name}"))?;
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            let active = key.starts_with("on") || key == "href" || key == "style";
            rule(!active && !value.contains("url("), || format!("{key}={value}"))?;
        }
        if let Some(class) = node.attribute("class") {
            *classes.entry(class.to_string()).or_default() += 1;
        }
        for (x, y) in places(&node)? {
            let there = (0..=width).contains(&x) && (0..=height).contains(&y);
            rule(there, || format!("a {name} at {x}, {y} of {width}, {height}"))?;
        }
    }
    rule(text.matches("://").count() == 1, || "an address beside the name space".to_string())?;
    Ok(classes)
}

fn places(node: &roxmltree::Node<'_, '_>) -> Result<Vec<(i64, i64)>, String> {
    let number = |text: &str| text.parse::<i64>().map_err(|_| format!("{text} is no place"));
    let mut places = Vec::new();
    for place in node.attribute("d").unwrap_or_default().split(['M', 'L', 'z']) {
        if let Some((x, y)) = place.split_once(' ') {
            places.push((number(x)?, number(y)?));
        }
    }
    for (x, y) in [("x", "y"), ("cx", "cy")] {
        if let (Some(x), Some(y)) = (node.attribute(x), node.attribute(y)) {
            places.push((number(x)?, number(y)?));
        }
    }
    Ok(places)
}
