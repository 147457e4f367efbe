//! The program as people run it: folders in, release and review folder out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::disallowed_methods)]

mod audit;
mod bad_days;
mod check;
mod folders;
mod killed;
mod memory;
mod names;
mod resume;
mod retyped;
mod support;
