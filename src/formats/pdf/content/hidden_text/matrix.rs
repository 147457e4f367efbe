//! Size and direction of a coordinate system: matrices without their translation (8.3.3).

/// The first four numbers of a matrix.
pub(super) type Matrix = [f64; 4];

/// Changes nothing.
pub(super) const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0];
/// Where the content does not tell.
pub(super) const UNKNOWN: Matrix = [f64::NAN; 4];

/// The matrix of six numbers.
pub(super) fn of(numbers: &[f64]) -> Option<Matrix> {
    match numbers {
        [a, b, c, d, _, _] => Some([*a, *b, *c, *d]),
        _ => None,
    }
}

/// First the one, then the other.
pub(super) fn product([a, b, c, d]: Matrix, [e, f, g, h]: Matrix) -> Matrix {
    [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h]
}

/// The vector that becomes this one; none where the matrix flattens everything or is not known.
pub(super) fn undo([a, b, c, d]: Matrix, (x, y): (f64, f64)) -> Option<(f64, f64)> {
    let determinant = a * d - b * c;
    let vector = ((x * d - y * c) / determinant, (y * a - x * b) / determinant);
    (vector.0.is_finite() && vector.1.is_finite()).then_some(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_back() {
        let turned = product([0.0, 2.0, -2.0, 0.0], [1.0, 0.0, 0.5, 3.0]);
        let [a, b, c, d] = turned;
        let there = |(x, y): (f64, f64)| (x * a + y * c, x * b + y * d);
        assert_eq!(undo(turned, there((5.0, 7.0))), Some((5.0, 7.0)));
        assert_eq!(undo([1.0, 1.0, 1.0, 1.0], (1.0, 1.0)), None);
        assert_eq!(undo(UNKNOWN, (1.0, 1.0)), None);
    }
}
