//! Chance that is the same in every run: drawn from a seed.

/// A stream of numbers that look random.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub fn throw(&mut self, sides: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    /// The place of one of so many.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.throw(u64::try_from(count).unwrap())).unwrap()
    }

    /// True so many times in ten thousand.
    pub fn happens(&mut self, per_myriad: u64) -> bool {
        self.throw(10_000) < per_myriad
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }
}
