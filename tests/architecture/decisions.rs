//! The index of decision records: every record is listed with its title and status.

use super::tree::{files, read};

#[test]
fn the_index_of_decisions_is_complete() {
    let index = read("docs/decisions/README.md");
    let rows: Vec<Vec<&str>> = index
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains(".md)"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let records: Vec<String> = files("docs/decisions")
        .into_iter()
        .filter(|file| !file.ends_with("README.md"))
        .collect();
    assert_eq!(rows.len(), records.len(), "rows of the index, records");
    for (row, record) in rows.iter().zip(&records) {
        let name = record.rsplit('/').next().expect("a file has a name");
        let text = read(record);
        let title = text
            .lines()
            .next()
            .expect("a record has a title")
            .trim_start_matches("# ");
        let status = text.lines().nth(2).unwrap_or_default();
        let status = status
            .strip_prefix("Status: ")
            .unwrap_or_else(|| panic!("{record}: no status"));
        let line = row.join(" | ");
        assert!(
            line.contains(&format!("({name})")),
            "{record}: not in its place in the index"
        );
        let number = name.split('-').next().expect("a record has a number");
        assert!(line.contains(number), "{record}: {line}");
        let title = title
            .trim_start_matches(number)
            .trim_start_matches(['.', ':', ' ']);
        assert!(
            line.contains(title),
            "{record}: the index has another title: {line}"
        );
        let word = ["partly superseded", "superseded", "rejected", "accepted"]
            .into_iter()
            .find(|word| status.starts_with(word))
            .unwrap_or_else(|| panic!("{record}: status `{status}`"));
        assert!(
            line.contains(&format!("| {word}")),
            "{record}: the index has another status: {line}"
        );
    }
}
