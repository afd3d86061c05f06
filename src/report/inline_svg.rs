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

/// Points from which on a block of them is written in short.
const FEW_POINTS: usize = 8;

/// A chart as an element of a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InlineSvg {
    pub(crate) svg: String,
    /// Points that are shown, and those that the chart has.
    pub(crate) points: [usize; 2],
}

/// The chart as an element of a page, with a text on how to read it for those who do not see it; `None` if it
/// holds anything that charts are not made of. Of a block of more than `most` points every second, third and so on
/// is shown.
pub(crate) fn inline_svg(
    name: &str,
    svg: &str,
    description: &str,
    most: usize,
) -> Option<InlineSvg> {
    let start = svg.find("<svg")?;
    let mut rest = &svg[start..];
    let mut page = SvgWriter {
        out: String::with_capacity(rest.len()),
        most,
        ..SvgWriter::default()
    };
    let has_groups = svg.contains("<g ");
    let mut described = false;
    while let Some(open) = rest.find('<') {
        page.text(&rest[..open]);
        let close = open + rest[open..].find('>')?;
        let tag = &rest[open + 1..close];
        rest = &rest[close + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            page.flush();
            let _ = write!(page.out, "</{}>", closed.trim());
            if closed.trim() == "title" && !described {
                described = true;
                let text = description.replace('&', "&amp;").replace('<', "&lt;");
                let _ = write!(page.out, "<desc>{text}</desc>");
            }
        } else {
            page.add(SvgTag::read(name, tag, has_groups)?);
            if tag.starts_with("text ") {
                let text = &rest[..rest.find('<')?];
                push_width(&mut page.out, tag, text.trim_matches(['\n', '\r']));
            }
        }
    }
    page.text(rest);
    page.flush();
    Some(InlineSvg {
        svg: page.out,
        points: page.points,
    })
}

/// An opening tag with the attributes that it keeps.
struct SvgTag {
    element: String,
    attributes: Vec<(String, String)>,
    is_empty: bool,
}

impl SvgTag {
    /// Takes attributes out of a tag; `None` if it lacks one of them.
    fn take<const N: usize>(&mut self, keys: [&str; N]) -> Option<[String; N]> {
        let value = |key: &str| {
            let own = self.attributes.iter().find(|(own, _)| own == key);
            own.map(|(_, value)| value.clone())
        };
        let values: Vec<String> = keys.iter().filter_map(|key| value(key)).collect();
        let values = values.try_into().ok()?;
        self.attributes
            .retain(|(key, _)| !keys.contains(&key.as_str()));
        Some(values)
    }

    fn attribute(&self, key: &str) -> Option<&str> {
        let own = self.attributes.iter().find(|(own, _)| own == key);
        own.map(|(_, value)| value.as_str())
    }

    fn style(&self) -> String {
        let mut text = String::new();
        for (key, value) in &self.attributes {
            let _ = write!(text, " {key}=\"{value}\"");
        }
        text
    }
}

/// Writes a chart's elements: lines of one style that follow one another as one path, many points of one style
/// as a group of short elements.
#[derive(Default)]
struct SvgWriter {
    out: String,
    /// Lines that are not written yet: style and path.
    lines: Option<(String, String)>,
    /// Points that are not written yet.
    dots: Vec<SvgTag>,
    points: [usize; 2],
    /// Points of a block at most.
    most: usize,
}

impl SvgWriter {
    /// Adds a text without line breaks at its ends.
    fn text(&mut self, text: &str) {
        let text = text.trim_matches(['\n', '\r']);
        if !text.is_empty() {
            self.flush();
            self.out.push_str(text);
        }
    }

    fn add(&mut self, mut tag: SvgTag) {
        if tag.element == "circle" && tag.is_empty {
            self.flush_lines();
            self.dots.push(tag);
            return;
        }
        self.flush_dots();
        let is_line = matches!(tag.element.as_str(), "polyline" | "polygon") && tag.is_empty;
        let path = tag.attribute("points").filter(|_| is_line);
        if let Some(path) = path.and_then(|points| short_path(points, tag.element == "polygon")) {
            let _ = tag.take(["points"]);
            let (style, is_opaque) = (tag.style(), tag.attribute("opacity").is_none());
            match &mut self.lines {
                // Where translucent areas overlap, one path would be painted once.
                Some((own, all)) if *own == style && is_opaque => all.push_str(&path),
                _ => {
                    self.flush_lines();
                    self.lines = Some((style, path));
                }
            }
            return;
        }
        self.flush_lines();
        let end = if tag.is_empty { "/>" } else { ">" };
        let _ = write!(self.out, "<{}{}{end}", tag.element, tag.style());
    }

    fn flush(&mut self) {
        self.flush_lines();
        self.flush_dots();
    }

    fn flush_lines(&mut self) {
        if let Some((style, path)) = self.lines.take() {
            let _ = write!(self.out, "<path{style} d=\"{path}\"/>");
        }
    }

    fn flush_dots(&mut self) {
        let dots = std::mem::take(&mut self.dots);
        self.points[1] += dots.len();
        let every = dots.len().div_ceil(self.most).max(1);
        let shown: Vec<SvgTag> = dots.into_iter().step_by(every).collect();
        self.points[0] += shown.len();
        if shown.len() < FEW_POINTS {
            for dot in shown {
                let _ = write!(self.out, "<circle{}/>", dot.style());
            }
            return;
        }
        // Style and places; styles in the order in which they occur.
        let mut groups: Vec<(String, String)> = Vec::new();
        for mut dot in shown {
            let Some([x, y, radius]) = dot.take(["cx", "cy", "r"]) else {
                continue;
            };
            let (style, place) = match (dot.attribute("fill"), radius.parse::<f64>()) {
                // A line of no length with round ends is a disc.
                (Some(fill), Ok(size))
                    if fill != "none" && dot.attribute("stroke").is_none_or(|it| it == "none") =>
                {
                    let opacity = dot.attribute("opacity");
                    let opacity =
                        opacity.map_or(String::new(), |it| format!(" stroke-opacity=\"{it}\""));
                    let style = format!(
                        " fill=\"none\" stroke=\"{fill}\"{opacity} stroke-width=\"{}\" stroke-linecap=\"round\"",
                        2.0 * size
                    );
                    (style, format!("<path d=\"M{x} {y}h0\"/>"))
                }
                _ => {
                    // The opacity of a group would be that of all points together.
                    let opacity = dot.attribute("opacity").map(str::to_owned);
                    dot.attributes.retain(|(key, _)| key != "opacity");
                    let opacity = opacity.map_or(String::new(), |it| {
                        format!(" stroke-opacity=\"{it}\" fill-opacity=\"{it}\"")
                    });
                    let place = format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
                    (format!("{}{opacity}", dot.style()), place)
                }
            };
            match groups.iter_mut().find(|(own, _)| *own == style) {
                Some((_, places)) => places.push_str(&place),
                None => groups.push((style, place)),
            }
        }
        for (style, places) in groups {
            let _ = write!(self.out, "<g{style}>{places}</g>");
        }
    }
}

/// A line through points as a path of steps from point to point; `None` where the points are not integers.
fn short_path(points: &str, is_closed: bool) -> Option<String> {
    let mut path = String::new();
    let mut before: Option<[i64; 2]> = None;
    for point in points.split_whitespace() {
        let (x, y) = point.split_once(',')?;
        let now: [i64; 2] = [x.parse().ok()?, y.parse().ok()?];
        match before {
            None => {
                let _ = write!(path, "M{} {}", now[0], now[1]);
            }
            Some(from) => {
                if path.ends_with(|last: char| last.is_ascii_digit()) && !path.contains('l') {
                    path.push('l');
                }
                for (place, step) in [now[0] - from[0], now[1] - from[1]].into_iter().enumerate() {
                    let is_first = place == 0 && path.ends_with('l');
                    if step >= 0 && !is_first {
                        path.push(' ');
                    }
                    let _ = write!(path, "{step}");
                }
            }
        }
        before = Some(now);
    }
    if is_closed {
        path.push('z');
    }
    before.map(|_| path)
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

impl SvgTag {
    /// Reads an opening tag; `None` for an element or attribute that charts do not have.
    fn read(chart: &str, tag: &str, has_groups: bool) -> Option<SvgTag> {
        let (tag, is_empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let tag = tag.trim();
        let (element, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        if !ELEMENTS.contains(&element) {
            return None;
        }
        let mut kept = Vec::new();
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
            kept.push((key.to_owned(), value.trim_end().to_owned()));
        }
        Some(SvgTag {
            element: element.to_owned(),
            attributes: kept,
            is_empty,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 500;

    const CHART: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" x=\"0\">\n\
        <title>Trust &amp; care</title>\n<defs><clipPath id=\"c\"><rect x=\"0\" y=\"2\" opacity=\"1\"/></clipPath></defs>\n\
        <g clip-path=\"url(#c)\"><text font-family=\"Noto Sans, Arial\" x=\"1\" stroke=\"none\">\nday 1\n</text></g></svg>\n";

    #[test]
    fn a_chart_keeps_its_shapes_and_texts_with_identifiers_of_its_own() {
        let inlined = inline_svg("survival", CHART, "How to read <it>", MOST).expect("a chart");
        assert_eq!(
            inlined.svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" x=\"0\"><title>Trust &amp; care</title>\
             <desc>How to read &lt;it></desc><defs><clipPath id=\"survival-c\"><rect y=\"2\"/></clipPath></defs>\
             <g clip-path=\"url(#survival-c)\"><text x=\"1\" stroke=\"none\">day 1</text></g></svg>"
        );
    }

    #[test]
    fn a_long_text_has_the_width_that_the_chart_was_laid_out_for() {
        let chart = "<svg><text font-size=\"100\" x=\"1\">\nTrust &amp; care\n</text><text font-size=\"100\">0.5</text></svg>";
        let inlined = inline_svg("c", chart, "", MOST).expect("a chart").svg;
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
            assert_eq!(inline_svg("odd", &odd, "", MOST), None, "{to}");
        }
    }

    #[test]
    fn lines_of_one_style_are_one_path_of_steps() {
        let line =
            |points: &str, style: &str| format!("<polyline {style} points=\"{points} \"/>\n");
        let svg = |lines: String| {
            inline_svg("c", &format!("<svg>{lines}</svg>"), "", MOST)
                .expect("a chart")
                .svg
        };
        let red = "stroke=\"#F00\"";
        assert_eq!(
            svg(line("10,20 15,18 14,25", red) + &line("1,1 2,2", red)),
            "<svg><path stroke=\"#F00\" d=\"M10 20l5-2-1 7M1 1l1 1\"/></svg>"
        );
        // Not where they would be painted once where they overlap, nor of other styles.
        let faint = "opacity=\"0.5\" stroke=\"#F00\"";
        assert_eq!(
            svg(line("1,1 2,2", faint) + &line("1,1 2,2", faint))
                .matches("<path")
                .count(),
            2
        );
        assert_eq!(
            svg(line("1,1 2,2", red) + &line("1,1 2,2", faint))
                .matches("<path")
                .count(),
            2
        );
        assert!(svg(line("1.5,1 2,2", red)).contains("polyline"));
        let area = "<polygon fill=\"#00F\" points=\"0,0 4,0 4,3 \"/>".to_owned();
        assert_eq!(
            svg(area),
            "<svg><path fill=\"#00F\" d=\"M0 0l4 0 0 3z\"/></svg>"
        );
    }

    #[test]
    fn many_points_are_short_and_the_number_that_is_shown_is_known() {
        let disc = |place: usize| {
            format!(
                "<circle cx=\"{place}\" cy=\"7\" r=\"3\" opacity=\"0.5\" fill=\"#00F\" stroke=\"none\"/>\n"
            )
        };
        let ring = |place: usize| {
            format!("<circle cx=\"{place}\" cy=\"9\" r=\"3\" fill=\"none\" stroke=\"#F00\"/>\n")
        };
        let chart = |count: usize| -> InlineSvg {
            let points: String = (0..count).map(|it| disc(it) + &ring(it)).collect();
            inline_svg("c", &format!("<svg>{points}</svg>"), "", MOST).expect("a chart")
        };
        let few = chart(2);
        assert_eq!(
            (few.svg.matches("<circle").count(), few.points),
            (4, [4, 4])
        );
        let some = chart(5);
        let group = "<g fill=\"none\" stroke=\"#00F\" stroke-opacity=\"0.5\" stroke-width=\"6\" \
                     stroke-linecap=\"round\"><path d=\"M0 7h0\"/><path d=\"M1 7h0\"/>";
        assert!(some.svg.contains(group), "{}", some.svg);
        assert_eq!(some.svg.matches("<circle").count(), 5);
        let many = chart(3 * MOST);
        assert_eq!(many.points, [MOST, 6 * MOST]);
        let shown = many.svg.matches("h0").count() + many.svg.matches("<circle").count();
        assert_eq!(shown, MOST);
    }
}
