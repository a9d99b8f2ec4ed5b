//! How bad it gets, and what is drawn.

use crate::MINUTE;

/// How bad it gets: chances in a thousand, for each action.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) processes: usize,
    /// Whether it is a service provider's application.
    pub(crate) provider: bool,
    pub(crate) skew: i64,
    pub(crate) lost_answers: u64,
    pub(crate) not_sent: u64,
    pub(crate) denied: u64,
    pub(crate) lost_loads: u64,
    pub(crate) lost_swaps: u64,
    pub(crate) late_swaps: u64,
    pub(crate) kills: u64,
    pub(crate) drops: u64,
    pub(crate) voids: u64,
    /// How long a token lasts, in seconds.
    pub(crate) lasts: u64,
    /// How far the time moves, as a power of two of milliseconds.
    pub(crate) pace: u64,
}

impl Profile {
    pub(crate) fn calm(processes: usize) -> Self {
        Self {
            processes,
            provider: false,
            skew: 0,
            lost_answers: 0,
            not_sent: 0,
            denied: 0,
            lost_loads: 0,
            lost_swaps: 0,
            late_swaps: 0,
            kills: 0,
            drops: 0,
            voids: 0,
            lasts: 86_400,
            pace: 8,
        }
    }

    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        if seed.is_multiple_of(5) {
            // Nothing but short tokens: the quota is used up without any repair.
            let processes = 2 + random.below(3) as usize;
            let pace = [8, 12, 16, 20][random.below(4) as usize];
            let skew = 5 * MINUTE * random.below(2) as i64;
            return Self {
                provider: seed.is_multiple_of(10),
                lasts: [30, 600][random.below(2) as usize],
                pace,
                skew,
                not_sent: 50,
                ..Self::calm(processes)
            };
        }
        let mut some = |most: u64| if random.below(2) == 0 { 0 } else { random.below(most + 1) };
        Self {
            skew: if some(1) == 0 { 0 } else { 5 * MINUTE },
            lost_answers: some(300),
            not_sent: some(100),
            denied: some(30),
            lost_loads: some(200),
            lost_swaps: some(300),
            late_swaps: some(100),
            kills: some(20),
            drops: some(30),
            voids: some(100),
            lasts: [86_400, 86_400, 1_200, 30][random.below(4) as usize],
            pace: [8, 12, 16, 20, 24][random.below(5) as usize],
            processes: 2 + random.below(3) as usize,
            provider: seed.is_multiple_of(2),
        }
    }
}

/// xorshift64*
pub(crate) struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 16) % end
    }

    pub(crate) fn bytes(&mut self) -> [u8; 20] {
        std::array::from_fn(|_| self.below(256) as u8)
    }
}
