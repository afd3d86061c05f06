//! What is released together has one version.

use super::tree::{read, root};

/// The rest of the first line that begins with a key.
fn value_of(text: &str, key: &str) -> Option<String> {
    let mut lines = text.lines();
    let rest = lines.find_map(|line| line.strip_prefix(key))?;
    Some(rest.trim().trim_matches('"').to_owned())
}

#[test]
fn all_packages_have_the_version_of_the_crate() {
    let crate_version = env!("CARGO_PKG_VERSION").to_owned();
    let version = |file: &str, key: &str| (file.to_owned(), value_of(&read(file), key));
    let mut found = vec![
        version("Cargo.toml", "version = "),
        version("CITATION.cff", "version: "),
        version("python/pairbond/_version.py", "__version__ = "),
    ];
    // The packages of other languages may be left out of a copy of the sources.
    if root().join("r/DESCRIPTION").exists() {
        found.push(version("r/DESCRIPTION", "Version: "));
    }
    for (file, version) in found {
        assert_eq!(version.as_ref(), Some(&crate_version), "{file}");
    }
    // The wheel takes its version from the crate when it is built.
    let project = read("python/pyproject.toml");
    assert_eq!(
        value_of(&project, "dynamic = "),
        Some("[\"version\"]".to_owned())
    );
    assert_eq!(value_of(&project, "version = "), None);
}

#[test]
fn a_key_has_the_rest_of_its_line() {
    let text = "name = \"x\"\nversion = \"1.2.3\"\n";
    assert_eq!(value_of(text, "version = "), Some("1.2.3".to_owned()));
    assert_eq!(value_of(text, "Version: "), None);
}
