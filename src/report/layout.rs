//! What a report consists of, and the elements of its page.

use maud::{Markup, html};

/// What a kind of results contributes to its report.
#[derive(Default)]
pub(crate) struct KindReport {
    /// The kind, such as "Run of a scenario".
    pub(crate) kind: &'static str,
    /// The title of the question.
    pub(crate) title: String,
    /// The question in the author's words; empty if nothing is said.
    pub(crate) question: String,
    /// What was done, as names and values.
    pub(crate) done: Vec<(&'static str, String)>,
    /// Findings, a sentence or more each.
    pub(crate) findings: Vec<Markup>,
    /// Tables of the main numbers.
    pub(crate) numbers: Vec<Markup>,
    /// Who is in the numbers, and who is left out.
    pub(crate) attrition: Vec<Markup>,
    /// Limits of these results, before those that all have.
    pub(crate) limits: Vec<String>,
    /// Of what the scenario gives the size, such as " in each run"; empty for all of it.
    pub(crate) each: &'static str,
    /// Whether the results are without the model of couples, so that neither its limits nor its description belong
    /// to them.
    pub(crate) is_without_model: bool,
    /// Sentences for the methods section of a paper, after those on program and couples.
    pub(crate) methods: Vec<String>,
}

/// A table with a caption. The first column names the rows.
pub(crate) fn data_table(caption: &str, head: &[&str], rows: &[Vec<String>]) -> Markup {
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| html! { (cell) }).collect())
        .collect();
    markup_table(caption, head, &rows)
}

/// A table whose cells are markup.
pub(crate) fn markup_table(caption: &str, head: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (column, cell) in row.iter().enumerate() {
                                @if column == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A list of names and values.
pub(crate) fn definitions<'t>(entries: impl IntoIterator<Item = (&'t str, &'t str)>) -> Markup {
    html! {
        dl {
            @for (name, value) in entries {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// A section of the page under a heading.
pub(crate) fn section(id: &str, heading: &str, content: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) }
            (content)
        }
    }
}

/// A list of paragraphs.
pub(crate) fn bullets(items: &[Markup]) -> Markup {
    html! { ul { @for item in items { li { (item) } } } }
}

/// What opens on a click.
pub(crate) fn details(summary: &str, content: &Markup) -> Markup {
    html! { details { summary { (summary) } (content) } }
}
