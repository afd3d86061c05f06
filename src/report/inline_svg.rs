//! Charts inside the page: SVG text that is checked, made smaller, and given identifiers that no other chart
//! has.

use crate::chart::{HEADING, NOTE};
use std::fmt::Write;

/// The elements that charts are made of. Nothing else is put into a page: it might load or run something.
const ELEMENTS: &[&str] = &[
    "svg",
    "title",
    "desc",
    "g",
    "defs",
    "clipPath",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "path",
    "text",
    "tspan",
    "linearGradient",
    "stop",
    "pattern",
];
/// Attributes with values that are the default and that no group passes on, so that they say nothing.
const SAID_ANYWAY: &[(&str, &str)] = &[("opacity", "1"), ("x", "0"), ("y", "0")];
/// The same of those that a group would pass on.
const SAID_WITHOUT_GROUPS: &[(&str, &str)] = &[("stroke", "none"), ("text-anchor", "start")];
/// The typefaces of charts, which the page's style sheet names once.
const TYPEFACES: &str = "font-family";
/// Characters from which on a text is given the width that the chart was laid out for: in a typeface of the
/// reader's machine it may be wider.
const LONG: usize = 4;

/// The chart as an element of a page, with a text on how to read it for those who do not see it; `None` if it
/// holds anything that charts are not made of.
pub(crate) fn inline_svg(name: &str, svg: &str, description: &str) -> Option<String> {
    let start = svg.find("<svg")?;
    let mut rest = &svg[start..];
    let mut out = String::with_capacity(rest.len());
    let has_groups = svg.contains("<g ");
    let mut described = false;
    while let Some(open) = rest.find('<') {
        push_text(&mut out, &rest[..open]);
        let close = open + rest[open..].find('>')?;
        let tag = &rest[open + 1..close];
        rest = &rest[close + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            let _ = write!(out, "</{}>", closed.trim());
            if closed.trim() == "title" && !described {
                described = true;
                let text = description.replace('&', "&amp;").replace('<', "&lt;");
                let _ = write!(out, "<desc>{text}</desc>");
            }
        } else {
            push_tag(&mut out, name, tag, has_groups)?;
            if tag.starts_with("text ") {
                let text = &rest[..rest.find('<')?];
                push_width(&mut out, tag, text.trim_matches(['\n', '\r']));
            }
        }
    }
    push_text(&mut out, rest);
    Some(out)
}

/// Adds a text without the line breaks around it.
fn push_text(out: &mut String, text: &str) {
    out.push_str(text.trim_matches(['\n', '\r']));
}

/// Adds to the opening tag of a text, which ends the page so far, how wide the text is to be.
fn push_width(out: &mut String, tag: &str, text: &str) {
    let size = tag
        .split_once("font-size=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let size = size.and_then(|(size, _)| size.parse::<f64>().ok());
    let (Some(size), true) = (size, text.chars().count() >= LONG) else {
        return;
    };
    let style = if tag.contains("font-weight=\"bold\"") {
        HEADING
    } else {
        NOTE
    };
    let plain = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let plain = plain
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    // The style measures in millimetres, of a size in points.
    let ems = style.width(&plain) / (style.size * 25.4 / 72.0);
    out.truncate(out.len() - 1);
    let _ = write!(
        out,
        " textLength=\"{:.0}\" lengthAdjust=\"spacingAndGlyphs\">",
        ems * size
    );
}

/// Adds an opening tag; fails on an element or attribute that charts do not have.
fn push_tag(out: &mut String, chart: &str, tag: &str, has_groups: bool) -> Option<()> {
    let (tag, end) = match tag.strip_suffix('/') {
        Some(tag) => (tag, "/>"),
        None => (tag, ">"),
    };
    let tag = tag.trim();
    let (element, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    if !ELEMENTS.contains(&element) {
        return None;
    }
    let _ = write!(out, "<{element}");
    let mut rest = attributes.trim();
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=')?;
        let key = key.trim();
        let quote = after
            .chars()
            .next()
            .filter(|sign| ['"', '\''].contains(sign))?;
        let (value, after) = after[1..].split_once(quote)?;
        rest = after.trim_start();
        let runs = key.starts_with("on") || key == "style" || key.contains("href");
        let loads = value.contains("url(") && !value.starts_with("url(#");
        if runs || loads || value.contains(['<', '"']) {
            return None;
        }
        let default = SAID_ANYWAY.contains(&(key, value))
            || !has_groups && SAID_WITHOUT_GROUPS.contains(&(key, value));
        if key == TYPEFACES || (element != "svg" && default) {
            continue;
        }
        let value = match key {
            "id" => format!("{chart}-{value}"),
            "aria-labelledby" | "aria-describedby" => value
                .split_whitespace()
                .map(|id| format!("{chart}-{id}"))
                .collect::<Vec<_>>()
                .join(" "),
            _ => value.replace("url(#", &format!("url(#{chart}-")),
        };
        let _ = write!(out, " {key}=\"{}\"", value.trim_end());
    }
    out.push_str(end);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" x=\"0\">\n\
        <title>Trust &amp; care</title>\n<defs><clipPath id=\"c\"><rect x=\"0\" y=\"2\" opacity=\"1\"/></clipPath></defs>\n\
        <g clip-path=\"url(#c)\"><text font-family=\"Noto Sans, Arial\" x=\"1\" stroke=\"none\">\nday 1\n</text></g></svg>\n";

    #[test]
    fn a_chart_keeps_its_shapes_and_texts_with_identifiers_of_its_own() {
        let inlined = inline_svg("survival", CHART, "How to read <it>").expect("a chart");
        assert_eq!(
            inlined,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" x=\"0\"><title>Trust &amp; care</title>\
             <desc>How to read &lt;it></desc><defs><clipPath id=\"survival-c\"><rect y=\"2\"/></clipPath></defs>\
             <g clip-path=\"url(#survival-c)\"><text x=\"1\" stroke=\"none\">day 1</text></g></svg>"
        );
    }

    #[test]
    fn a_long_text_has_the_width_that_the_chart_was_laid_out_for() {
        let chart = "<svg><text font-size=\"100\" x=\"1\">\nTrust &amp; care\n</text><text font-size=\"100\">0.5</text></svg>";
        let inlined = inline_svg("c", chart, "").expect("a chart");
        let width = NOTE.width("Trust & care") / (NOTE.size * 25.4 / 72.0) * 100.0;
        let expected = format!(
            "x=\"1\" textLength=\"{width:.0}\" lengthAdjust=\"spacingAndGlyphs\">Trust &amp; care<"
        );
        assert!(inlined.contains(&expected), "{inlined}");
        assert!(inlined.contains("<text font-size=\"100\">0.5<"));
    }

    #[test]
    fn a_picture_that_could_run_or_load_something_is_refused() {
        for (from, to) in [
            ("<text", "<script"),
            ("<text", "<text onload=\"x()\""),
            ("<text", "<text style=\"fill:url(http://x)\""),
            ("<text", "<image href=\"http://x\"/><text"),
            ("<text", "<a xlink:href=\"javascript:x\"/><text"),
            ("<text", "<text fill=\"url(http://x)\""),
            ("<text", "<!-- x --><text"),
        ] {
            let odd = CHART.replacen(from, to, 1);
            assert_eq!(inline_svg("odd", &odd, ""), None, "{to}");
        }
    }
}
