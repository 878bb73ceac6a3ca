//! The axis of time: to scale, with visible breaks where nothing happens for long, and cut into
//! strips that lie below each other like the lines of a page.

/// How long most messages travel on paper: what is aimed at, and the least and the most.
const USUAL: i64 = 2_400;
const LEAST: i64 = 1_200;
const MOST: i64 = 3_600;

/// A wait that is longer than so many fifths of what a message takes is broken. What stays of it on
/// either side is to scale.
const LONG: i64 = 8;
const BESIDE: i64 = 650;
const GAP: i64 = 500;

/// What is empty at both ends of a strip.
const MARGIN: i64 = 350;

/// The instants of a drawing and their places, in strips of one width.
#[derive(Debug)]
pub(super) struct Axis {
    /// Pieces of time to scale, in order; between two of them is a break.
    pieces: Vec<Piece>,
    /// Hundredths of a millimetre for so many nanoseconds.
    scale: (i64, u64),
    /// Where strips begin, and where the last ends.
    cuts: Vec<i64>,
}

/// A piece of time that is drawn to scale.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: u64,
    to: u64,
    /// The first instant in it.
    first: u64,
    /// Where it begins, if all strips were one.
    at: i64,
}

/// A wait that was shortened: its middle, and the time that is not drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Break {
    pub(super) at: i64,
    pub(super) skipped: u64,
}

impl Axis {
    /// An axis for these instants on strips of a width. `usual` is how long most messages travel,
    /// `quiet` says how bad it is to cut at a place, `strips` how many there may be.
    pub(super) fn of(
        instants: &[u64],
        usual: u64,
        width: i64,
        strips: usize,
        quiet: &dyn Fn(&Axis, i64) -> i64,
    ) -> Axis {
        let room = width - 2 * MARGIN;
        let at = |unit: i64| Axis::to_scale(instants, (unit, usual.max(1)));
        let mut axis = at(USUAL);
        let long = axis.length();
        // What nearly fits on one strip is made to fit, and what is short is stretched.
        let near = long <= room * 3 / 2 && at(LEAST).length() <= room;
        let unit = if near { unit_that_fits(&at, room) } else { USUAL };
        let enough = room.saturating_mul(i64::try_from(strips).unwrap_or(i64::MAX)) * 4 / 5;
        let unit = if long > enough { LEAST } else { unit };
        if unit != USUAL {
            axis = at(unit);
        }
        axis.cuts = axis.cut(room, strips, quiet);
        axis
    }

    fn to_scale(instants: &[u64], scale: (i64, u64)) -> Axis {
        let mut axis = Axis { pieces: Vec::new(), scale, cuts: Vec::new() };
        let first = instants.first().copied().unwrap_or(0);
        let mut piece = Piece { from: first, to: first, first, at: 0 };
        for time in instants {
            if axis.span(time.saturating_sub(piece.to)) > scale.0 * LONG / 5 {
                let beside = axis.time(BESIDE);
                piece.to = piece.to.saturating_add(beside);
                axis.pieces.push(piece);
                let from = time.saturating_sub(beside);
                let at = piece.at + axis.span(piece.to - piece.from) + GAP;
                piece = Piece { from, to: *time, first: *time, at };
            }
            piece.to = *time;
        }
        axis.pieces.push(piece);
        axis
    }

    /// How broad so much time is.
    fn span(&self, time: u64) -> i64 {
        let (broad, long) = self.scale;
        let wanted = i128::from(time) * i128::from(broad) / i128::from(long);
        i64::try_from(wanted).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
    }

    /// How much time is so broad.
    fn time(&self, broad: i64) -> u64 {
        let (unit, long) = self.scale;
        u64::try_from(i128::from(broad) * i128::from(long) / i128::from(unit)).unwrap_or(u64::MAX)
    }

    /// How long all strips would be as one.
    fn length(&self) -> i64 {
        self.pieces.last().map_or(0, |last| last.at + self.span(last.to - last.from))
    }

    /// Where a time lies, if all strips were one.
    pub(super) fn place(&self, time: u64) -> i64 {
        let after = self.pieces.partition_point(|piece| piece.from <= time);
        let piece = self.pieces[after.saturating_sub(1)];
        let inside = time.clamp(piece.from, piece.to) - piece.from;
        let place = piece.at + self.span(inside);
        // Nothing is drawn in a break; what should be is in its middle.
        if time > piece.to && after < self.pieces.len() { place + GAP / 2 } else { place }
    }

    /// Where the drawing ends.
    pub(super) fn end(&self) -> i64 {
        self.cuts.last().copied().unwrap_or(0)
    }

    /// The time at a place.
    pub(super) fn moment(&self, place: i64) -> u64 {
        let after = self.pieces.partition_point(|piece| piece.at <= place);
        let piece = self.pieces[after.saturating_sub(1)];
        piece.from.saturating_add(self.time((place - piece.at).max(0)))
    }

    /// From where to where each strip goes.
    pub(super) fn strips(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.cuts.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// Whether time goes on beyond the last strip.
    pub(super) fn is_cut(&self) -> bool {
        self.end() < self.length()
    }

    pub(super) fn breaks(&self) -> impl Iterator<Item = Break> + '_ {
        self.pieces.windows(2).map(|pair| Break {
            at: pair[1].at - GAP / 2,
            skipped: pair[1].from.saturating_sub(pair[0].to),
        })
    }

    /// Where strips are cut: not far from their end, where least is torn apart.
    fn cut(&self, room: i64, strips: usize, quiet: &dyn Fn(&Axis, i64) -> i64) -> Vec<i64> {
        let mut cuts = vec![-MARGIN];
        let whole = self.length() + MARGIN;
        while cuts.len() <= strips {
            let from = cuts.last().copied().unwrap_or(0);
            let most = from + room + MARGIN;
            if whole <= most + MARGIN {
                cuts.push(whole);
                break;
            }
            // To leave a tenth of a strip empty is as bad as to tear one thing apart.
            let tries = (0..40).map(|n| (n, most - n * room / 100));
            let best = tries.min_by_key(|(n, place)| 10 * quiet(self, *place) + n);
            cuts.push(best.map_or(most, |(_, place)| place));
        }
        cuts
    }

    /// The marks of the axis between two places: where, and at which time.
    pub(super) fn ticks(&self, (from, to): (i64, i64)) -> Vec<(i64, u64)> {
        const APART: i64 = 1_500;
        let step = round_up(self.time(APART).max(1));
        let mut ticks = Vec::new();
        for piece in &self.pieces {
            // A piece that is short may lie between two marks; its first instant stands for it.
            let first = piece.from.div_ceil(step).saturating_mul(step);
            let mut time = if first > piece.to { piece.first } else { first };
            loop {
                let place = self.place(time);
                if (from..=to).contains(&place) {
                    ticks.push((place, time));
                }
                match time.checked_add(step) {
                    Some(next) if next <= piece.to && place <= to => time = next,
                    _ => break,
                }
            }
        }
        ticks
    }
}

/// The unit with which everything just fits, by halving what is in question.
fn unit_that_fits(at: &dyn Fn(i64) -> Axis, room: i64) -> i64 {
    let (mut fits, mut not) = (LEAST, MOST + 1);
    while not - fits > 10 {
        let middle = i64::midpoint(fits, not);
        if at(middle).length() <= room { fits = middle } else { not = middle }
    }
    fits
}

/// The next larger of 1, 2 and 5 times a power of ten.
fn round_up(time: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        for times in [1, 2, 5] {
            if unit.saturating_mul(times) >= time {
                return unit.saturating_mul(times);
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn axis(instants: &[u64], strips: usize) -> Axis {
        Axis::of(instants, MS, 16_000, strips, &|_, _| 0)
    }

    #[test]
    fn what_fits_is_one_strip_to_scale() {
        let axis = axis(&[0, MS, 5 * MS / 2, 4 * MS], 10);
        assert_eq!((axis.strips().count(), axis.breaks().count()), (1, 0));
        let step = axis.place(MS) - axis.place(0);
        assert!(step <= MOST && (axis.place(4 * MS) - axis.place(2 * MS) - 2 * step).abs() <= 2);
        assert!(!axis.is_cut());
    }

    #[test]
    fn long_waits_are_broken_and_said() {
        let axis = axis(&[0, MS, 1_000 * MS, 1_001 * MS], 10);
        let breaks: Vec<Break> = axis.breaks().collect();
        assert_eq!(breaks.len(), 1);
        assert!((990 * MS..999 * MS).contains(&breaks[0].skipped), "{breaks:?}");
        assert!(axis.place(MS) < breaks[0].at && breaks[0].at < axis.place(1_000 * MS));
        assert_eq!(axis.place(500 * MS), breaks[0].at);
    }

    #[test]
    fn much_is_cut_into_strips_and_too_much_ends() {
        let instants: Vec<u64> = (0..400).map(|n| n * MS).collect();
        let all = axis(&instants, 1_000);
        assert!(all.strips().count() > 10 && !all.is_cut());
        assert!(all.strips().all(|(from, to)| to - from <= 16_000));
        let few = axis(&instants, 3);
        assert!(few.strips().count() == 3 && few.is_cut());
        assert!(few.moment(few.end()) < 399 * MS);
    }

    #[test]
    fn marks_have_round_times() {
        let axis = axis(&[0, MS, 2 * MS, 4 * MS], 10);
        let ticks = axis.ticks((-1_000, 100_000));
        assert!(ticks.len() >= 5 && ticks.iter().all(|(_, time)| time % (MS / 10) == 0));
        assert_eq!([0, 1, 2, 3, 5, 6, 10, 11].map(round_up), [1, 1, 2, 5, 5, 10, 10, 20]);
        assert_eq!(round_up(u64::MAX), u64::MAX);
    }

    #[test]
    fn extremes_end() {
        for instants in [&[][..], &[u64::MAX], &[0, u64::MAX], &[0, 1, u64::MAX - 1, u64::MAX]] {
            for usual in [0, 1, u64::MAX] {
                let axis = Axis::of(instants, usual, 16_000, 5, &|_, _| 0);
                assert!(axis.strips().count() >= 1);
                assert!(axis.ticks((-1_000, axis.end())).len() < 1_000);
            }
        }
    }
}
