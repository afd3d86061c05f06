//! The table of rooms in ARCHITECTURE.md, and that it is the house that stands.

use super::tree::{files, read};
use std::collections::BTreeMap;

/// One room of the table.
pub(super) struct Room {
    pub(super) floor: u32,
    pub(super) may_import: Vec<String>,
}

/// The rooms by name.
pub(super) fn rooms() -> BTreeMap<String, Room> {
    let text = read("ARCHITECTURE.md");
    let mut rooms: BTreeMap<String, Room> = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [floor, name, _, imports] = cells[..] else {
            continue;
        };
        let Ok(floor) = floor.parse() else { continue };
        let may_import = match imports {
            "–" => Vec::new(),
            "all above" => rooms.keys().cloned().collect(),
            names => names.split(", ").map(str::to_owned).collect(),
        };
        let name = name.trim_matches('`').to_owned();
        assert!(
            rooms.insert(name, Room { floor, may_import }).is_none(),
            "twice: {line}"
        );
    }
    rooms
}

/// The room that a file under `src` belongs to; none for the library's and the program's root.
pub(super) fn room_of(file: &str) -> Option<&str> {
    let path = file.strip_prefix("src/")?;
    let room = path.split('/').next()?;
    match room {
        "lib.rs" | "main.rs" => None,
        _ => Some(room.strip_suffix(".rs").unwrap_or(room)),
    }
}

#[test]
fn the_table_of_rooms_is_read() {
    let rooms = rooms();
    assert!(rooms.len() >= 16, "{} rooms", rooms.len());
    assert!(rooms["foundation"].may_import.is_empty());
    assert_eq!(rooms["analysis"].may_import, ["foundation", "design"]);
    assert_eq!(rooms["study"].may_import.len(), 14);
}

#[test]
fn imports_of_the_table_go_downhill() {
    let rooms = rooms();
    for (name, room) in &rooms {
        for below in &room.may_import {
            let floor = rooms
                .get(below)
                .unwrap_or_else(|| panic!("{name}: no room {below}"))
                .floor;
            assert!(
                floor < room.floor,
                "{name} on floor {} may import {below}",
                room.floor
            );
        }
    }
}

#[test]
fn every_room_under_src_is_in_the_table() {
    let rooms = rooms();
    for file in files("src") {
        if let Some(room) = room_of(&file) {
            assert!(
                rooms.contains_key(room),
                "{file}: no room `{room}` in ARCHITECTURE.md"
            );
        }
    }
}

#[test]
fn every_check_that_the_architecture_names_exists() {
    let text = read("ARCHITECTURE.md");
    let mut named = 0;
    for check in text.split('`').skip(1).step_by(2) {
        let Some((file, test)) = check
            .split_once("::")
            .filter(|(file, _)| file.ends_with(".rs"))
        else {
            continue;
        };
        assert!(
            read(file).contains(&format!("fn {test}(")),
            "ARCHITECTURE.md: {check}"
        );
        named += 1;
    }
    assert!(named > 10, "{named} checks are named");
}
