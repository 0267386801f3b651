//! Occurrences in a text and how they are joined: the arithmetic of proximity, without postings.
//!
//! An occurrence is a [`Span`] of word positions. Lists of spans are sorted and hold no span twice.
//! Two occurrences that share a word are never near each other: `test W/5 test` wants two tests.

/// A stretch of words: the first one, and the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Span {
    /// First word.
    pub start: u32,
    /// The word after the last.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both.
    fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Sorts a list and takes out what it holds twice.
pub(super) fn normalise(spans: &mut Vec<Span>) {
    if !spans.is_sorted_by(|a, b| a < b) {
        spans.sort_unstable();
        spans.dedup();
    }
}

/// Longest span of a list; bounds how far back a search for neighbours must begin.
fn longest(spans: &[Span]) -> u32 {
    spans.iter().map(|span| span.end - span.start).max().unwrap_or(0)
}

/// Words from the end of one span to the start of a later one: 1 where they touch.
fn distance(earlier: Span, later: Span) -> Option<u32> {
    later.start.checked_sub(earlier.end).map(|between| between + 1)
}

/// For each span of `left`, the spans of `right` that do not overlap it and stand at most `n` words
/// from it, given to `each` with the left one.
fn neighbours(
    left: &[Span],
    right: &[Span],
    n: u32,
    either_order: bool,
    mut each: impl FnMut(Span, Span),
) {
    let reach = longest(right);
    for a in left {
        let first = if either_order {
            let from = a.start.saturating_sub(n.saturating_add(reach));
            right.partition_point(|b| b.start < from)
        } else {
            right.partition_point(|b| b.start < a.end)
        };
        for b in right.iter().skip(first) {
            if b.start >= a.end.saturating_add(n) {
                break;
            }
            let gap =
                distance(*a, *b).or_else(|| either_order.then(|| distance(*b, *a)).flatten());
            if gap.is_some_and(|gap| gap <= n) {
                each(*a, *b);
            }
        }
    }
}

/// `a W/n b`: what covers an `a` and a `b` at most `n` words apart, in either order.
pub(super) fn within(left: &[Span], right: &[Span], n: u32, out: &mut Vec<Span>) {
    out.clear();
    neighbours(left, right, n, true, |a, b| out.push(a.join(b)));
    normalise(out);
}

/// `a PRE/n b`: what covers an `a` and a `b` that comes at most `n` words after it.
pub(super) fn before(left: &[Span], right: &[Span], n: u32, out: &mut Vec<Span>) {
    out.clear();
    neighbours(left, right, n, false, |a, b| out.push(a.join(b)));
    normalise(out);
}

/// `a NOT W/n b`: each `a` that has no `b` within `n` words.
pub(super) fn not_within(left: &[Span], right: &[Span], n: u32, out: &mut Vec<Span>) {
    out.clear();
    let mut near = Vec::new();
    neighbours(left, right, n, true, |a, _| near.push(a));
    near.dedup();
    let mut near = near.into_iter().peekable();
    for a in left {
        if near.peek() == Some(a) {
            near.next();
        } else {
            out.push(*a);
        }
    }
}

/// `a W/S b`, `a W/P b`: what covers an `a` and a `b` that begin in the same sentence or
/// paragraph, whose first words are `starts`.
pub(super) fn same_unit(left: &[Span], right: &[Span], starts: &[u32], out: &mut Vec<Span>) {
    out.clear();
    let unit = |span: &Span| starts.partition_point(|start| *start <= span.start);
    let mut from = 0;
    for a in left {
        let of_a = unit(a);
        while right.get(from).is_some_and(|b| unit(b) < of_a) {
            from += 1;
        }
        for b in right.iter().skip(from).take_while(|b| unit(b) == of_a) {
            if distance(*a, *b).or_else(|| distance(*b, *a)).is_some() {
                out.push(a.join(*b));
            }
        }
    }
    normalise(out);
}

/// An exact phrase: parts that follow each other without a gap.
pub(super) fn consecutive(parts: &[Vec<Span>], out: &mut Vec<Span>) {
    out.clear();
    let Some((first, rest)) = parts.split_first() else { return };
    for start in first {
        let mut reached = vec![start.end];
        for part in rest {
            let mut next = Vec::new();
            for end in reached {
                let from = part.partition_point(|span| span.start < end);
                let follows = part.iter().skip(from).take_while(|span| span.start == end);
                next.extend(follows.map(|span| span.end));
            }
            next.sort_unstable();
            next.dedup();
            reached = next;
            if reached.is_empty() {
                break;
            }
        }
        out.extend(reached.into_iter().map(|end| Span { start: start.start, end }));
    }
    normalise(out);
}

/// `"near words"~n`: parts in any order and without overlap, with at most `n` other words among
/// them. For each beginning, the shortest such stretch.
pub(super) fn unordered(parts: &[Vec<Span>], slop: u32, out: &mut Vec<Span>) {
    out.clear();
    let words: u32 = parts
        .iter()
        .map(|part| part.iter().map(|span| span.end - span.start).min().unwrap_or(0))
        .sum();
    let width = words.saturating_add(slop);
    let mut starts: Vec<u32> = parts.iter().flatten().map(|span| span.start).collect();
    starts.sort_unstable();
    starts.dedup();
    for start in starts {
        let limit = start.saturating_add(width);
        let choices: Vec<Vec<Span>> = parts
            .iter()
            .map(|part| {
                let from = part.partition_point(|span| span.start < start);
                let inside = part.iter().skip(from).take_while(|span| span.start < limit);
                inside.filter(|span| span.end <= limit).copied().collect()
            })
            .collect();
        let ends = (start + 1..=limit).find(|end| assignable(&choices, start, *end));
        out.extend(ends.map(|end| Span { start, end }));
    }
    normalise(out);
}

/// Whether one span can be chosen of each list so that none overlap, one begins at `start` and all
/// end by `end`. Phrases are short and their words rarely the same, so that trying is cheap; a
/// phrase of many equal words is cut short by `BUDGET`, in favour of a match.
fn assignable(choices: &[Vec<Span>], start: u32, end: u32) -> bool {
    const BUDGET: u32 = 20_000;

    fn place(
        choices: &[Vec<Span>],
        order: &[usize],
        taken: &mut Vec<Span>,
        bounds: Span,
        budget: &mut u32,
    ) -> bool {
        let Some((part, rest)) = order.split_first() else {
            return taken.iter().any(|span| span.start == bounds.start);
        };
        for span in choices.get(*part).into_iter().flatten() {
            if *budget == 0 {
                return true;
            }
            *budget -= 1;
            if span.end > bounds.end
                || taken.iter().any(|other| span.start < other.end && other.start < span.end)
            {
                continue;
            }
            taken.push(*span);
            if place(choices, rest, taken, bounds, budget) {
                return true;
            }
            taken.pop();
        }
        false
    }

    let mut order: Vec<usize> = (0..choices.len()).collect();
    order.sort_by_key(|part| choices.get(*part).map_or(0, Vec::len));
    place(choices, &order, &mut Vec::new(), Span { start, end }, &mut { BUDGET })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let span = (0u32..60, 1u32..4).prop_map(|(start, n)| Span { start, end: start + n });
        proptest::collection::vec(span, 0..12).prop_map(|mut spans| {
            normalise(&mut spans);
            spans
        })
    }

    fn apart(a: Span, b: Span) -> Option<u32> {
        if a.end <= b.start {
            Some(b.start - a.end + 1)
        } else if b.end <= a.start {
            Some(a.start - b.end + 1)
        } else {
            None
        }
    }

    fn pairs(left: &[Span], right: &[Span], holds: impl Fn(Span, Span) -> bool) -> Vec<Span> {
        let mut all: Vec<Span> = left
            .iter()
            .flat_map(|a| right.iter().filter(|b| holds(*a, **b)).map(|b| a.join(*b)))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    proptest! {
        #[test]
        fn joins_find_what_trying_every_pair_finds(
            left in spans(), right in spans(), n in 0u32..12,
            mut starts in proptest::collection::vec(0u32..60, 0..6),
        ) {
            let mut found = Vec::new();
            within(&left, &right, n, &mut found);
            prop_assert_eq!(&found, &pairs(&left, &right, |a, b| apart(a, b).is_some_and(|d| d <= n)));
            before(&left, &right, n, &mut found);
            prop_assert_eq!(&found, &pairs(&left, &right, |a, b| {
                a.end <= b.start && apart(a, b).is_some_and(|d| d <= n)
            }));
            not_within(&left, &right, n, &mut found);
            let alone: Vec<Span> = left.iter().copied()
                .filter(|a| !right.iter().any(|b| apart(*a, *b).is_some_and(|d| d <= n)))
                .collect();
            prop_assert_eq!(&found, &alone);
            starts.sort_unstable();
            starts.dedup();
            let unit = |s: Span| starts.iter().filter(|start| **start <= s.start).count();
            same_unit(&left, &right, &starts, &mut found);
            prop_assert_eq!(&found, &pairs(&left, &right, |a, b| {
                unit(a) == unit(b) && apart(a, b).is_some()
            }));
        }

        #[test]
        fn phrases_find_what_trying_every_choice_finds(
            a in spans(), b in spans(), c in spans(), slop in 0u32..8,
        ) {
            let parts = [a, b, c];
            let mut exact = Vec::new();
            let mut loose = std::collections::BTreeMap::new();
            let narrow: u32 = parts.iter()
                .map(|p| p.iter().map(|s| s.end - s.start).min().unwrap_or(0)).sum();
            for x in &parts[0] { for y in &parts[1] { for z in &parts[2] {
                if x.end == y.start && y.end == z.start {
                    exact.push(Span { start: x.start, end: z.end });
                }
                let disjoint = [(x, y), (y, z), (x, z)].iter().all(|(s, t)| apart(**s, **t).is_some());
                let all = x.join(*y).join(*z);
                if disjoint && all.end - all.start <= narrow + slop {
                    let end = loose.entry(all.start).or_insert(all.end);
                    *end = (*end).min(all.end);
                }
            }}}
            exact.sort_unstable();
            exact.dedup();
            let mut found = Vec::new();
            consecutive(&parts, &mut found);
            prop_assert_eq!(&found, &exact);
            unordered(&parts, slop, &mut found);
            let loose: Vec<Span> = loose.into_iter().map(|(start, end)| Span { start, end }).collect();
            prop_assert_eq!(&found, &loose);
        }
    }
}
