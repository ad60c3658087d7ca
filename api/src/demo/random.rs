//! Chance that is the same every time: SplitMix64 from a seed. For made-up data only, never for a secret.

use std::ops::RangeInclusive;

/// A sequence of numbers that a seed determines.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A sequence of its own, so that what one part draws does not shift the others.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    /// From 0 to one below `end`, which is above 0. The slight bias of the remainder does not matter here.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn between(&mut self, range: RangeInclusive<i64>) -> i64 {
        let span = (range.end() - range.start()).unsigned_abs() + 1;
        range.start() + (self.next() % span) as i64
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    pub fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// One of the values, as often as their weights say.
    pub fn weighted<T: Copy>(&mut self, values: &[(T, usize)]) -> T {
        let mut place = self.below(values.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in values {
            if place < *weight {
                return *value;
            }
            place -= weight;
        }
        values[0].0
    }

    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_determines_the_sequence() {
        // The first numbers of the reference implementation for the seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn draws_stay_within_their_bounds_and_reach_them() {
        let mut random = Random::new(1);
        let drawn: Vec<i64> = (0..200).map(|_| random.between(-2..=2)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        let mut order: Vec<u32> = (0..20).collect();
        random.shuffle(&mut order);
        assert!(!order.is_sorted());
        order.sort_unstable();
        assert_eq!(order, (0..20).collect::<Vec<_>>());
        let heavy = (0..100).filter(|_| random.weighted(&[('a', 9), ('b', 1)]) == 'a').count();
        assert!((70..100).contains(&heavy), "{heavy}");
    }
}
