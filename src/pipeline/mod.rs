//! The run over folders.
