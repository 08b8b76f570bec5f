//! The only sort of the core. The standard library's sort adds 4 KB of WebAssembly for each type and comparison, this one 0.3 KB.

use std::cmp::Ordering;

/// Sorts keys by merging runs of doubling length. Stable: equal keys keep their order.
pub(crate) fn sort(keys: &mut Vec<u64>, compare: &dyn Fn(u64, u64) -> Ordering) {
    let in_order = keys.windows(2).all(|pair| matches!(pair, [one, other] if compare(*one, *other) != Ordering::Greater));
    if in_order {
        return;
    }
    let mut run = 1;
    while run < keys.len() {
        let mut merged = Vec::with_capacity(keys.len());
        for pair in keys.chunks(run * 2) {
            let (mut left, mut right) = pair.split_at(run.min(pair.len()));
            while let ([one, ones @ ..], [other, others @ ..]) = (left, right) {
                if compare(*one, *other) == Ordering::Greater {
                    merged.push(*other);
                    right = others;
                } else {
                    merged.push(*one);
                    left = ones;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        *keys = merged;
        run *= 2;
    }
}

/// Sorts numbers.
pub(crate) fn ascending(numbers: &mut Vec<u64>) {
    sort(numbers, &|one, other| one.cmp(&other));
}

#[cfg(test)]
mod tests {
    use super::{ascending, sort};

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut seed = 7_u64;
        for length in (0..40).chain([1000, 1023, 1024, 1025]) {
            let mut numbers: Vec<u64> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    seed >> 58
                })
                .collect();
            let (mut expected, mut stable) = (numbers.clone(), (0..).zip(&numbers).map(|(n, key)| key << 32 | n).collect());
            expected.sort_unstable();
            ascending(&mut numbers);
            assert_eq!(numbers, expected);
            sort(&mut stable, &|one, other| (one >> 32).cmp(&(other >> 32)));
            assert!(stable.is_sorted(), "equal keys changed places");
        }
    }
}
