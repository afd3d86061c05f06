//! Keeps the house: who may import whom, and how files may look. The table of rooms is the one in
//! ARCHITECTURE.md.

mod habits;
mod imports;
mod rooms;
mod source;
mod tree;
