//! Walking the inputs.
