//! The `fieldstrip` program.

fn main() {}
