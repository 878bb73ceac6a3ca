//! Pins drawn values. A failure here means that every seed changed its meaning.

use commitsim_rng::{Bits, Draw, Keyed, Purpose, Ratio, Seed, Shape, Stream};

const PURPOSES: [Purpose; 14] = [
    Purpose::Workload,
    Purpose::Votes,
    Purpose::Topology,
    Purpose::FaultPlan,
    Purpose::Loss,
    Purpose::Latency,
    Purpose::Duplication,
    Purpose::DiskForce,
    Purpose::DiskTail,
    Purpose::Swarm,
    Purpose::Exploration,
    Purpose::Work,
    Purpose::Delay,
    Purpose::Cast,
];

#[test]
fn purposes_keep_their_numbers() {
    for (number, purpose) in (1u64..).zip(PURPOSES) {
        assert_eq!(purpose as u64, number);
    }
}

/// One block of `ChaCha8`, written from the definition: sixteen words of 32 bits.
fn chacha8(key: [u8; 32], counter: u64, stream: u64) -> [u32; 16] {
    let mut start = [0u32; 16];
    start[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
    for (word, bytes) in start[4..12].iter_mut().zip(key.chunks_exact(4)) {
        *word = u32::from_le_bytes(bytes.try_into().unwrap());
    }
    start[12..14].copy_from_slice(&[counter as u32, (counter >> 32) as u32]);
    start[14..].copy_from_slice(&[stream as u32, (stream >> 32) as u32]);
    let mut state = start;
    for _ in 0..4 {
        for column in 0..4 {
            quarter(&mut state, [0, 4, 8, 12].map(|row| row + column));
        }
        for diagonal in 0..4 {
            quarter(&mut state, [0, 1, 2, 3].map(|row| 4 * row + (diagonal + row) % 4));
        }
    }
    for (word, first) in state.iter_mut().zip(start) {
        *word = word.wrapping_add(first);
    }
    state
}

fn quarter(state: &mut [u32; 16], [a, b, c, d]: [usize; 4]) {
    for (x, y, z, turn) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
        state[x] = state[x].wrapping_add(state[y]);
        state[z] = (state[z] ^ state[x]).rotate_left(turn);
    }
}

#[test]
fn streams_are_chacha8_as_documented() {
    for seed in [0, 42, u64::MAX] {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&u64::to_le_bytes(seed));
        key[8..].copy_from_slice(b"commitsim random words 1");
        for purpose in PURPOSES {
            let mut stream = Stream::new(Seed(seed), purpose);
            for counter in 0..20 {
                for pair in chacha8(key, counter, purpose as u64).chunks_exact(2) {
                    assert_eq!(stream.bits(), u64::from(pair[0]) | u64::from(pair[1]) << 32);
                }
            }
            assert_eq!(stream.position(), 160);
        }
    }
}

#[test]
fn streams_yield_these_words() {
    let mut stream = Stream::new(Seed(42), Purpose::Votes);
    assert_eq!(stream.position(), 0);
    let words = [stream.bits(), stream.bits(), stream.bits()];
    assert_eq!(words, [0x954a_c26d_a716_2072, 0xffb1_8ddb_95bd_de30, 0x5733_8bdd_d11c_eb60]);
    assert_eq!(stream.position(), 3);
}

#[test]
fn keyed_draws_yield_these_words() {
    let keyed = Keyed::new(Seed(42), Purpose::Latency);
    let mut draw = keyed.draw(1, 2, 3);
    assert_eq!(
        [draw.bits(), draw.bits(), draw.bits()],
        [0x48f4_d81c_8593_5d50, 0x7169_93ca_022c_606b, 0x87be_4fd4_6762_564c]
    );
    assert_eq!(keyed.draw(0, 0, 0).bits(), 0xbe35_30ca_139c_cd04);
    assert_eq!(keyed.draw(u64::MAX, u64::MAX, u64::MAX).bits(), 0xa947_62b7_6284_fc2a);
    assert_eq!(Keyed::new(Seed(43), Purpose::Latency).draw(1, 2, 3).bits(), 0xa99d_87d8_1e37_9b2c);
    assert_eq!(Keyed::new(Seed(42), Purpose::Loss).draw(1, 2, 3).bits(), 0xdb1d_669b_e607_b31f);
}

#[test]
fn keys_and_draws_stay_small() {
    assert!(size_of::<Keyed>() <= 32);
    assert!(size_of::<Draw>() <= 16);
}

#[test]
fn a_draw_depends_on_its_own_name_only() {
    let keyed = Keyed::new(Seed(7), Purpose::Loss);
    let all: Vec<u64> = (0..100).map(|n| keyed.draw(1, 2, n).bits()).collect();
    for n in (0..100).rev().step_by(3) {
        let mut draw = keyed.draw(1, 2, n);
        let mut copy = draw;
        assert_eq!(draw.bits(), all[n as usize]);
        draw.bits();
        assert_eq!(copy.bits(), all[n as usize]);
    }
}

#[test]
fn choices_yield_these_values() {
    let mut stream = Stream::new(Seed(42), Purpose::Cast);
    let dice: Vec<u64> = (0..12).map(|_| stream.within(1..=6)).collect();
    assert_eq!(dice, [1, 3, 5, 1, 3, 2, 3, 2, 6, 5, 5, 5]);
    let wide: Vec<u64> = (0..2).map(|_| stream.within(0..=u64::MAX / 3 * 2)).collect();
    assert_eq!(wide, [5207545637482979943, 2499994987203897971]);
    let half = Ratio::new(1, 2).unwrap();
    let coins: String = (0..12).map(|_| if stream.happens(half) { 'h' } else { 't' }).collect();
    assert_eq!(coins, "htthttthhtth");
    let names = ["bank", "airline", "hotel"];
    let chosen: Vec<&str> = (0..5).filter_map(|_| stream.choose(&names).copied()).collect();
    assert_eq!(chosen, ["hotel", "hotel", "airline", "airline", "hotel"]);
    let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
    stream.shuffle(&mut order);
    assert_eq!(order, [1, 6, 4, 0, 7, 5, 3, 2]);
    assert_eq!(stream.position(), 38);
}

#[test]
fn shapes_yield_these_durations() {
    let (ms, s) = (1_000_000, 1_000_000_000);
    let cases = [
        (Shape::fixed(5 * ms), [5_000_000, 5_000_000, 5_000_000, 5_000_000]),
        (Shape::uniform(ms, 5 * ms).unwrap(), [3_438_738, 4_792_949, 1_163_244, 2_139_944]),
        (Shape::exponential(2 * ms, ms / 2, s).unwrap(), [989_628, 500_000, 6_397_603, 2_510_632]),
        (
            Shape::log_normal(2 * ms, 500_000, s).unwrap(),
            [2_298_823, 4_513_828, 837_338, 1_505_463],
        ),
        (Shape::pareto(ms, 1_500_000, s).unwrap(), [1_390_797, 1_036_070, 8_436_226, 2_309_146]),
        (
            Shape::histogram([(ms, 10), (50 * ms, 3)]).unwrap(),
            [1_000_000, 50_000_000, 1_000_000, 1_000_000],
        ),
    ];
    for (shape, expected) in cases {
        let keyed = Keyed::new(Seed(42), Purpose::Latency);
        let found = [0, 1, 2, 3].map(|n| shape.sample(&mut keyed.draw(1, 2, n)));
        assert_eq!(found, expected, "{shape:?}");
    }
}
