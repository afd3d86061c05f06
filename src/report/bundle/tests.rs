use super::{is_of_bundle, psych_ds::data_file_name};
use crate::options::SaveOptions;
use crate::results::{MANIFEST_NAME, Manifest, file_hash, sha256};
use crate::scenario::{Override, Scenario};
#[cfg(feature = "parquet")]
use crate::table::Format;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const RUN: &str = "title = 'Small'\ndescription = 'What is asked'\n[run]\ncouples = 40\ndays = 20\nseed = 7\n\
                   [about]\nauthors = ['Zoë Ångström (0000-0002-1825-0097)', 'Bo Li']\n\
                   license = 'CC-BY-4.0'\ndate = '2026-05-31'\n[parameters]\nbid_rate = 3\n";

fn options() -> SaveOptions {
    SaveOptions::default().charts(false).bundle(true)
}

fn save(text: &str, options: &SaveOptions) -> (TempDir, PathBuf) {
    let scenario = Scenario::read_text("dir/my file.toml", text, &[]);
    let scenario = scenario.unwrap_or_else(|errors| panic!("{errors}"));
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("results");
    let report = scenario.runner().threads(1).save_with(&folder, options);
    assert_eq!(report.expect("results").failed_charts, []);
    (home, folder)
}

fn json(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

/// The entities of a crate by their identifiers.
fn entities(folder: &Path) -> BTreeMap<String, Value> {
    let metadata = json(folder, "ro-crate-metadata.json");
    let graph = metadata["@graph"].as_array().expect("a graph").clone();
    let count = graph.len();
    let by_id: BTreeMap<String, Value> = graph
        .into_iter()
        .map(|entity| (entity["@id"].as_str().expect("an id").to_owned(), entity))
        .collect();
    assert_eq!(by_id.len(), count, "an identifier stands for one entity");
    by_id
}

fn ids(value: &Value) -> Vec<String> {
    let one = std::slice::from_ref(value);
    let all = value.as_array().map_or(one, Vec::as_slice);
    let id = |it: &Value| it["@id"].as_str().expect("a reference").to_owned();
    all.iter().map(id).collect()
}

/// All files below a folder, as paths from it on.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for (inner, prefix) in [(folder.to_owned(), ""), (folder.join("data"), "data/")] {
        for entry in fs::read_dir(inner).into_iter().flatten().flatten() {
            if entry.path().is_file() {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                found.insert(name, fs::read(entry.path()).expect("readable"));
            }
        }
    }
    found
}

#[test]
fn a_crate_describes_every_file_with_its_size_and_hash() {
    let (_home, folder) = save(RUN, &options());
    let entities = entities(&folder);
    let parts: BTreeSet<String> = [&entities["./"], &entities["data/"]]
        .iter()
        .flat_map(|it| ids(&it["hasPart"]))
        .filter(|id| id != "data/")
        .collect();
    let all = files(&folder);
    // A file cannot hold its own hash.
    let described = all.keys().filter(|name| *name != "ro-crate-metadata.json");
    assert_eq!(parts, described.cloned().collect());
    let manifest = Manifest::read(&folder).expect("a manifest");
    for (name, bytes) in &all {
        let listed = manifest.file(name).map(|file| file.blake3.clone());
        if name == MANIFEST_NAME || name == "ro-crate-metadata.json" {
            continue;
        }
        assert_eq!(file_hash(&folder.join(name)).expect("readable"), listed);
        let entity = &entities[name];
        assert_eq!(entity["contentSize"], bytes.len().to_string(), "{name}");
        let hash = sha256(&folder.join(name)).expect("readable");
        assert_eq!(entity["sha256"], hash, "{name}");
        assert!(
            entity["encodingFormat"]
                .as_str()
                .expect("a type")
                .contains('/')
        );
    }
    assert!(manifest.file("ro-crate-metadata.json").is_some());
    // The vector of FIPS 180 for a text of three letters.
    fs::write(folder.join("abc"), "abc").expect("writable");
    assert_eq!(
        sha256(&folder.join("abc")).expect("readable"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn a_crate_says_who_made_it_with_what_and_what_columns_hold() {
    let (_home, folder) = save(RUN, &options());
    let entities = entities(&folder);
    let root = &entities["./"];
    assert_eq!(
        (&root["name"], &root["description"]),
        (&"Small".into(), &"What is asked".into())
    );
    assert_eq!(root["datePublished"], "2026-05-31");
    let authors = ["https://orcid.org/0000-0002-1825-0097", "#author-2"];
    assert_eq!(ids(&root["author"]), authors);
    assert_eq!(entities[authors[0]]["name"], "Zoë Ångström");
    let license = ids(&root["license"]);
    assert_eq!(license, ["https://spdx.org/licenses/CC-BY-4.0"]);
    assert_eq!(entities[&license[0]]["@type"], "CreativeWork");
    let action = &entities[&ids(&root["mentions"])[0]];
    assert_eq!(action["@type"], "CreateAction");
    let description = action["description"].as_str().expect("a text");
    assert!(
        description.contains("pairbond run --bundle 'my file.toml'"),
        "{description}"
    );
    assert_eq!(ids(&action["object"]), ["scenario.toml", "#seed"]);
    assert_eq!(entities["#seed"]["value"], "7");
    assert!(ids(&action["result"]).contains(&"couples.csv".to_owned()));
    let program = &entities[&ids(&action["instrument"])[0]];
    assert_eq!(program["softwareVersion"], env!("CARGO_PKG_VERSION"));
    let columns = ids(&entities["couples.csv"]["variableMeasured"]);
    assert_eq!(
        columns,
        ids(&entities["data/description-couples_data.csv"]["variableMeasured"])
    );
    let header = fs::read_to_string(folder.join("couples.csv")).expect("a table");
    let header: Vec<&str> = header
        .lines()
        .next()
        .expect("a header")
        .split(',')
        .collect();
    let named = columns
        .iter()
        .map(|id| entities[id]["name"].as_str().expect("a name"));
    assert_eq!(named.collect::<Vec<_>>(), header);
    let trust = &entities["#couples/trust_end_a"];
    assert_eq!(
        (&trust["minValue"], &trust["maxValue"]),
        (&0.0.into(), &1.0.into())
    );
    assert!(trust["description"].as_str().expect("a text").len() > 10);
}

#[test]
fn what_a_scenario_does_not_state_is_said_to_be_not_stated() {
    let (_home, folder) = save("title = 'T'\n[run]\ncouples = 9\ndays = 9\n", &options());
    let entities = entities(&folder);
    let root = &entities["./"];
    assert_eq!(
        entities[&ids(&root["license"])[0]]["name"],
        "Licence not stated"
    );
    assert_eq!(root.get("author"), None);
    assert!(
        root["description"]
            .as_str()
            .expect("a text")
            .contains("is not stated")
    );
    let description = json(&folder, "dataset_description.json");
    for key in ["author", "license", "datePublished"] {
        assert_eq!(description.get(key), None);
    }
    let plan = fs::read_to_string(folder.join("preregistration.md")).expect("a plan");
    assert!(plan.contains("Authors: `[ ]`"), "{plan}");
}

/// The rules of Psych-DS: a description of the required keys and of exactly the columns that tables have, and
/// tables of keyword names whose rows are as long as their header.
fn assert_psych_ds(folder: &Path) {
    let description = json(folder, "dataset_description.json");
    assert_eq!(description["@type"], "Dataset");
    assert_eq!(description["@context"], "https://schema.org/");
    for key in ["name", "description"] {
        assert!(!description[key].as_str().expect("a text").is_empty());
    }
    let variables = description["variableMeasured"].as_array().expect("a list");
    let named: BTreeSet<&str> = variables
        .iter()
        .map(|variable| variable["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(named.len(), variables.len(), "each name once");
    let mut columns = BTreeSet::new();
    let mut tables = 0;
    for entry in fs::read_dir(folder.join("data")).expect("a folder of data") {
        let path = entry.expect("readable").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let value = name
            .strip_prefix("description-")
            .and_then(|rest| rest.strip_suffix("_data.csv"))
            .unwrap_or_else(|| panic!("{name}"));
        assert!(
            value.chars().all(|letter| letter.is_ascii_alphanumeric()),
            "{name}"
        );
        let mut rows = csv::Reader::from_path(&path).expect("a table");
        let header: Vec<String> = rows
            .headers()
            .expect("a header")
            .iter()
            .map(str::to_owned)
            .collect();
        assert!(
            rows.records().all(|row| row.is_ok()),
            "rows as long as the header"
        );
        columns.extend(header);
        tables += 1;
    }
    assert!(tables > 0);
    assert_eq!(named, columns.iter().map(String::as_str).collect());
}

#[test]
fn every_kind_of_scenario_has_a_description_of_its_tables() {
    for text in [
        include_str!("../../../tests/report/run.toml"),
        include_str!("../../../tests/report/conditions.toml"),
    ] {
        let (_home, folder) = save(text, &options());
        assert_psych_ds(&folder);
        let manifest = Manifest::read(&folder).expect("a manifest");
        for table in manifest.tables.iter().filter(|it| it.name != "codebook") {
            let own = fs::read(folder.join(format!("{}.csv", table.name))).expect("a table");
            let data = fs::read(folder.join(data_file_name(&table.name))).expect("a table");
            assert!(own == data, "{}", table.name);
        }
    }
    let home = tempfile::tempdir().expect("a folder");
    let sweep = include_str!("../../../tests/report/sweep.toml");
    let scenario = Scenario::parse(sweep).expect("a scenario");
    let folder = home.path().join("sweep");
    let saved = scenario
        .sweep()
        .expect("a sweep")
        .save_with(&folder, &options());
    assert_eq!(saved.expect("results").failed_charts, []);
    assert_psych_ds(&folder);
}

#[cfg(feature = "parquet")]
#[test]
fn data_are_csv_whatever_the_format_of_the_tables() {
    let (_one, csv) = save(RUN, &options());
    let (_other, parquet) = save(RUN, &options().format(Format::Parquet));
    let data = |folder: &Path| {
        let mut all = files(folder);
        all.retain(|name, _| name.starts_with("data/"));
        all
    };
    assert!(!data(&csv).is_empty() && data(&csv) == data(&parquet));
    let based = &entities(&parquet)["data/description-couples_data.csv"]["isBasedOn"];
    assert_eq!(ids(based), ["couples.parquet"]);
}

#[test]
fn texts_of_a_scenario_stay_texts() {
    let hostile = "\"\\</script> *b* `c` [d](e) | <img src=x>";
    let text = format!(
        "# {hostile}\n# \u{202e}reversed\ntitle = '''{hostile}'''\ndescription = '''\n# Heading\n\
         {hostile}'''\n[run]\ncouples = 9\ndays = 9\n[[event]]\nkind = 'stress'\nday = 3\n\
         partner = 'a'\nsize = 0.5\nlabel = '''{hostile}'''\n"
    );
    let (_home, folder) = save(&text, &options());
    assert_eq!(entities(&folder)["./"]["name"], hostile);
    assert_eq!(json(&folder, "dataset_description.json")["name"], hostile);
    let plan = fs::read_to_string(folder.join("preregistration.md")).expect("a plan");
    let (before, file) = plan
        .split_once("````toml\n")
        .or_else(|| plan.split_once("```toml\n"))
        .expect("the file");
    assert!(
        !before.contains(" <img") && !before.contains(" *b*") && !before.contains("\n# Heading")
    );
    let shown = "\"\\\\\\</script\\> \\*b\\* \\`c\\` \\[d\\](e) \\| \\<img src=x\\>";
    assert_eq!(before.matches(shown).count(), 5, "{before}");
    assert!(file.contains(hostile) && !plan.contains('\u{202e}'));
}

#[test]
fn the_plan_of_a_bundle_is_the_one_made_before_the_run() {
    let overrides = [Override::parse("run.couples=30").expect("an override")];
    let read =
        |text: &str| Scenario::read_text("dir/my file.toml", text, &overrides).expect("a scenario");
    let scenario = read(RUN);
    let plan = scenario.preregistration();
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("results");
    scenario
        .runner()
        .save_with(&folder, &options())
        .expect("results");
    let kept = fs::read_to_string(folder.join("preregistration.md")).expect("a plan");
    assert!(kept == plan);
    for expected in [
        "# Preregistration: Small",
        "## 1 Aims",
        "## 2 Data-generating mechanisms",
        "## 3 Estimands",
        "## 4 Methods",
        "## 5 Performance measures",
        "Zoë Ångström (https://orcid.org/0000-0002-1825-0097); Bo Li",
        "Couples: 30 (30 in 1 replicate)",
        // The square root of 0.25 / 30.
        "of a share: at most 0.0913",
        "| `parameters.bid_rate` | `3.0` | `2.8` |",
        "Set in place of the file's values: `run.couples=30`",
        "Seed of all random numbers: 7",
        "`pairbond run 'my file.toml' --set run.couples=30`",
    ] {
        assert!(plan.contains(expected), "{expected}\n{plan}");
    }
    let other = read(&RUN.replace("seed = 7", "seed = 8")).preregistration();
    assert!(other != plan);
}

#[test]
fn the_plan_names_conditions_claims_and_the_points_of_a_sweep() {
    let plan = |text: &str| Scenario::parse(text).expect("a scenario").preregistration();
    let claims = include_str!("../../../tests/report/claims.toml");
    let text = plan(claims);
    for claim in &Scenario::parse(claims)
        .expect("one")
        .claims_spec()
        .expect("claims")
        .claims
    {
        assert!(text.contains(&format!("`{}`", claim.name)) && text.contains("claimed to lie"));
    }
    assert!(
        text.contains("256 replicates") && text.contains("`pairbond claims"),
        "{text}"
    );
    let text = plan(include_str!("../../../tests/report/sweep.toml"));
    assert!(text.contains("A sweep varies these values in") && text.contains("`pairbond sweep"));
    let text = plan(include_str!("../../../tests/report/conditions.toml"));
    assert!(
        text.contains("Conditions, with common random numbers"),
        "{text}"
    );
    assert!(text.contains("paired difference") && text.contains("`pairbond run"));
}

#[test]
fn a_bundle_made_later_has_the_bytes_of_one_made_with_the_results() {
    let (_one, bundled) = save(RUN, &options());
    let (home, plain) = save(RUN, &options().bundle(false));
    let before = files(&plain);
    assert!(before.keys().all(|name| !is_of_bundle(name)));
    let out = home.path().join("out");
    assert_eq!(crate::bundle(&plain, &out, false).expect("a bundle"), None);
    assert!(files(&out) == files(&bundled));
    assert!(files(&plain) == before, "results are only read");
    // A bundle of a bundle is the same.
    let again = home.path().join("again");
    crate::bundle(&out, &again, false).expect("a bundle");
    assert!(files(&again) == files(&bundled));
    crate::bundle(&plain, &out, false).expect_err("an older folder is not replaced");
    crate::bundle(&plain, &out, true).expect("an older folder is replaced");
    fs::write(plain.join("survival.csv"), "day\n").expect("writable");
    let refused = crate::bundle(&plain, home.path().join("other"), false).expect_err("altered");
    assert!(
        refused
            .to_string()
            .contains("survival.csv is not the file that was written")
    );
}
