//! Copies of one story, found among all articles by their stored fingerprints.
//!
//! Candidates come from locality-sensitive hashing: articles whose fingerprints agree in two
//! neighbouring bins. They are compared in a fixed order, the fullest first: an article joins the
//! best of the leaders that it is a copy of, or else becomes a leader itself (leader clustering,
//! Hartigan 1975). So every copy of a group was compared with the group's leader and nothing
//! drifts along a chain of small changes, and the order in which articles were indexed plays no
//! part.

use std::cmp::Reverse;

use tantivy::{DocAddress, Searcher, SegmentReader};

use super::tables::Numbers;
use crate::enrich::fingerprint::{BINS, PARTS, SHINGLE, agreement, bins};
use crate::index::Fields;

/// That an article is in no group.
pub(super) const ALONE: u32 = u32::MAX;

/// The least number of bins in which copies agree: 0.2 of their shingles are common.
const LEAST_AGREEMENT: u32 = 10;
/// Where nearly all of a fairly long shorter text stands in a longer one, less will do: the rest
/// of the longer one was cut.
const LEAST_AGREEMENT_CUT: u32 = 7;
const CUT_WORDS: f32 = 80.0;
const CUT_CONTAINMENT: f32 = 0.8;

/// A text so many times as long is another thing (a digest of the day, a collection), even where it
/// holds the whole of the shorter one.
const MOST_TIMES: f32 = 3.5;

/// How much of the shorter text stands in the longer one, at least: of short texts more, because
/// stories made from one template (rates, results, prices) differ in a few words only.
const SHORT: (f32, f32) = (40.0, 0.85);
const LONG: (f32, f32) = (150.0, 0.60);

/// Stories more than this many days apart are rather from one template than from one wire: they
/// must agree in so much more.
const DAYS_APART: i32 = 3;
const APART: f32 = 0.15;
const MOST: f32 = 0.97;

/// How many leaders an article is compared with at most: of each bucket, and in all.
const MOST_OF_BUCKET: usize = 32;
const MOST_COMPARED: usize = 256;
/// Beyond this agreement no better leader is looked for.
const GOOD_ENOUGH: u32 = 44;

/// The groups of copies among the articles of a searcher.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// For each segment the group of each document; empty where none is in a group.
    of: Vec<Numbers>,
    /// The members of all groups, group by group: segment and document of each.
    members: Numbers,
    /// Where each group ends in `members`.
    ends: Numbers,
}

impl Groups {
    /// Forms the groups of all live articles.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub(super) fn form(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let mut texts = Vec::new();
        for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
            read_fingerprints(segment, ordinal as u32, searcher, fields, &mut texts)?;
        }
        let lengths: Vec<u32> =
            searcher.segment_readers().iter().map(SegmentReader::max_doc).collect();
        Ok(Self::of_members(&lengths, cluster(&texts)))
    }

    /// From the members of each group.
    fn of_members(lengths: &[u32], mut groups: Vec<Vec<DocAddress>>) -> Self {
        // Passes go through the articles in the order of the index: so their groups lie near each
        // other, too.
        groups.sort_unstable_by_key(|group| group.iter().min().copied());
        let mut of = vec![Vec::new(); lengths.len()];
        let (mut members, mut ends) = (Vec::new(), Vec::with_capacity(groups.len()));
        let mut end = 0;
        for (number, group) in (0..).zip(&groups) {
            for member in group {
                members.extend([member.segment_ord, member.doc_id]);
                let segment = member.segment_ord as usize;
                if let (Some(of), Some(length)) = (of.get_mut(segment), lengths.get(segment)) {
                    if of.is_empty() {
                        *of = vec![ALONE; *length as usize];
                    }
                    if let Some(of) = of.get_mut(member.doc_id as usize) {
                        *of = number;
                    }
                }
            }
            end += group.len() as u32;
            ends.push(end);
        }
        let of = of.into_iter().map(Numbers::from).collect();
        Self { of, members: members.into(), ends: ends.into() }
    }

    /// The groups as rows of numbers: ends and members, and the groups of each segment's documents.
    pub(super) fn parts(&self) -> ([&Numbers; 2], &[Numbers]) {
        ([&self.ends, &self.members], &self.of)
    }

    /// From what [`Groups::parts`] gave.
    pub(super) fn of_parts([ends, members]: [Numbers; 2], of: Vec<Numbers>) -> Self {
        Self { of, members, ends }
    }

    /// How many groups there are.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.ends.as_slice().len()
    }

    /// For each document of a segment its group or [`ALONE`], as little-endian bytes; empty where
    /// all are alone.
    #[must_use]
    pub(super) fn of_segment(&self, segment: u32) -> &[[u8; 4]] {
        self.of.get(segment as usize).map_or(&[], Numbers::as_slice)
    }

    /// The group of an article, where it has copies.
    #[must_use]
    pub(super) fn of(&self, article: DocAddress) -> Option<u32> {
        let group = self.of.get(article.segment_ord as usize)?.get(article.doc_id as usize)?;
        (group != ALONE).then_some(group)
    }

    /// The articles of a group: the earliest first, of one day the fullest.
    pub(super) fn members(&self, group: u32) -> impl ExactSizeIterator<Item = DocAddress> {
        let end = |group: usize| self.ends.get(group).unwrap_or(0) as usize;
        let start = (group as usize).checked_sub(1).map_or(0, end);
        let (members, _) = self.members.as_slice().as_chunks::<2>();
        let members = members.get(start..end(group as usize)).unwrap_or_default();
        members.iter().map(|at| {
            let [segment, doc] = at.map(u32::from_le_bytes);
            DocAddress::new(segment, doc)
        })
    }

    /// The articles of an article's group, itself among them; none where it has no copies.
    pub(super) fn copies_of(&self, article: DocAddress) -> impl Iterator<Item = DocAddress> {
        self.of(article).into_iter().flat_map(|group| self.members(group))
    }
}

/// What is compared of an article.
#[derive(Clone, Copy, Debug)]
struct Text {
    words: u32,
    /// Day of publication, in days since 1970; `None` where it is not known to the day.
    day: Option<i32>,
    bins: [u16; BINS],
    at: DocAddress,
}

impl Text {
    /// The fixed order: articles that are equal in it are equal in all that decides.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |text: &Self| (Reverse(text.words), text.day);
        key(self).cmp(&key(other)).then_with(|| self.bins.cmp(&other.bins))
    }
}

fn read_fingerprints(
    segment: &SegmentReader,
    ordinal: u32,
    searcher: &Searcher,
    fields: &Fields,
    texts: &mut Vec<Text>,
) -> tantivy::Result<()> {
    let name = |field| searcher.schema().get_field_name(field);
    let columns = segment.fast_fields();
    let fingerprints = columns.u64(name(fields.fingerprint))?;
    let words = columns.u64(name(fields.words))?;
    let first = columns.i64(name(fields.date))?;
    let last = columns.i64(name(fields.date_last))?;
    for doc in segment.doc_ids_alive() {
        let mut parts = [0u64; PARTS];
        let mut count = 0;
        for (part, value) in parts.iter_mut().zip(fingerprints.values_for_doc(doc)) {
            *part = value;
            count += 1;
        }
        if count < PARTS {
            continue;
        }
        let day = first.first(doc).filter(|day| last.first(doc) == Some(*day));
        texts.push(Text {
            words: words.first(doc).unwrap_or(0) as u32,
            day: day.map(|day| day as i32),
            bins: bins(&parts),
            at: DocAddress::new(ordinal, doc),
        });
    }
    Ok(())
}

/// In how many bins two articles agree, where they are copies.
fn copies(one: &Text, other: &Text) -> Option<u32> {
    let agreed = agreement(&one.bins, &other.bins);
    if agreed < LEAST_AGREEMENT_CUT {
        return None;
    }
    let shingles = |text: &Text| text.words.saturating_sub(SHINGLE as u32 - 1).max(1) as f32;
    let (longer, shorter) =
        (shingles(one).max(shingles(other)), shingles(one).min(shingles(other)));
    if longer > MOST_TIMES * shorter {
        return None;
    }
    let resemblance = agreed as f32 / BINS as f32;
    // With the resemblance r of two sets, the share of the smaller one that is in the larger one
    // is r (1 + larger / smaller) / (1 + r).
    let containment = resemblance * (1.0 + longer / shorter) / (1.0 + resemblance);
    let steepness = (LONG.1 - SHORT.1) / (LONG.0 - SHORT.0);
    let mut needed = SHORT.1 + steepness * (shorter.clamp(SHORT.0, LONG.0) - SHORT.0);
    if let (Some(a), Some(b)) = (one.day, other.day)
        && a.abs_diff(b) > DAYS_APART as u32
    {
        needed = (needed + APART).min(MOST);
    }
    let enough = containment >= needed;
    let cut = shorter >= CUT_WORDS && containment >= CUT_CONTAINMENT;
    (enough && (agreed >= LEAST_AGREEMENT || cut)).then_some(agreed)
}

/// The groups of two and more, in an order that depends on the texts alone.
fn cluster(texts: &[Text]) -> Vec<Vec<DocAddress>> {
    let buckets = Buckets::of(texts);
    let mut order: Vec<u32> =
        (0..texts.len() as u32).filter(|text| !buckets.of_text(*text).is_empty()).collect();
    order.sort_by(|a, b| match (texts.get(*a as usize), texts.get(*b as usize)) {
        (Some(a), Some(b)) => a.order(b),
        _ => std::cmp::Ordering::Equal,
    });
    // The leaders of a bucket as a linked list, the newest first.
    let mut newest = vec![ALONE; buckets.count as usize];
    let mut links: Vec<(u32, u32)> = Vec::new();
    let mut compared = vec![ALONE; texts.len()];
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut group_of = vec![ALONE; texts.len()];
    for &number in &order {
        let Some(text) = texts.get(number as usize) else { continue };
        let mut best: Option<(u32, u32)> = None;
        let mut comparisons = 0;
        'buckets: for bucket in buckets.of_text(number) {
            let mut link = newest.get(*bucket as usize).copied().unwrap_or(ALONE);
            let mut seen = 0;
            while let Some(&(leader, next)) = links.get(link as usize) {
                link = next;
                seen += 1;
                if seen > MOST_OF_BUCKET {
                    break;
                }
                let Some(mark) = compared.get_mut(leader as usize) else { break };
                if std::mem::replace(mark, number) == number {
                    continue;
                }
                let agreed = texts.get(leader as usize).and_then(|leader| copies(leader, text));
                let group = group_of.get(leader as usize).copied().unwrap_or(ALONE);
                if let Some(agreed) = agreed
                    && best.is_none_or(|(most, first)| {
                        (agreed, Reverse(group)) > (most, Reverse(first))
                    })
                {
                    best = Some((agreed, group));
                }
                comparisons += 1;
                let good = best.is_some_and(|(agreed, _)| agreed >= GOOD_ENOUGH);
                if good || comparisons >= MOST_COMPARED {
                    break 'buckets;
                }
            }
        }
        let group = if let Some((_, group)) = best {
            group
        } else {
            for bucket in buckets.of_text(number) {
                if let Some(newest) = newest.get_mut(*bucket as usize) {
                    links.push((number, *newest));
                    *newest = links.len() as u32 - 1;
                }
            }
            groups.push(Vec::new());
            groups.len() as u32 - 1
        };
        if let Some(of) = group_of.get_mut(number as usize) {
            *of = group;
        }
        if let Some(members) = groups.get_mut(group as usize) {
            members.push(number);
        }
    }
    groups
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(|group| by_day(texts, &group))
        .collect()
}

fn by_day(texts: &[Text], group: &[u32]) -> Vec<DocAddress> {
    let mut members: Vec<&Text> =
        group.iter().filter_map(|number| texts.get(*number as usize)).collect();
    members.sort_by(|a, b| {
        let day = |text: &Text| text.day.unwrap_or(i32::MAX);
        day(a).cmp(&day(b)).then_with(|| a.order(b))
    });
    members.into_iter().map(|text| text.at).collect()
}

/// The buckets with more than one text.
struct Buckets {
    count: u32,
    /// Where the buckets of each text end in `members`.
    ends: Vec<u32>,
    members: Vec<u32>,
}

impl Buckets {
    fn of(texts: &[Text]) -> Self {
        // Pairs of a bucket and a text, band by band.
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut count = 0;
        let mut keys = Vec::with_capacity(texts.len());
        let mut spare = Vec::new();
        for band in 0..BINS {
            keys.clear();
            keys.extend(texts.iter().enumerate().map(|(number, text)| {
                let (one, other) = (text.bins[band], text.bins[(band + 1) % BINS]);
                (u64::from(one) << 48) | (u64::from(other) << 32) | number as u64
            }));
            sort_by_upper_half(&mut keys, &mut spare);
            for equal in keys.chunk_by(|a, b| a >> 32 == b >> 32) {
                if equal.len() > 1 {
                    pairs.extend(equal.iter().map(|key| (count, *key as u32)));
                    count += 1;
                }
            }
        }
        let mut ends = vec![0u32; texts.len() + 1];
        for (_, text) in &pairs {
            ends[*text as usize + 1] += 1;
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        let mut next = ends.clone();
        let mut buckets = vec![0; pairs.len()];
        for (bucket, text) in pairs {
            let at = &mut next[text as usize];
            buckets[*at as usize] = bucket;
            *at += 1;
        }
        Self { count, ends, members: buckets }
    }

    fn of_text(&self, number: u32) -> &[u32] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        self.members.get(end(number as usize)..end(number as usize + 1)).unwrap_or_default()
    }
}

/// Sorts numbers by their upper 32 bits, stably, in time linear in their number (radix sort).
fn sort_by_upper_half(numbers: &mut Vec<u64>, spare: &mut Vec<u64>) {
    const DIGIT: u32 = 11;
    spare.clear();
    spare.resize(numbers.len(), 0);
    for shift in [32, 32 + DIGIT, 32 + 2 * DIGIT] {
        let digit = |number: u64| ((number >> shift) & ((1 << DIGIT) - 1)) as usize;
        let mut starts = [0u32; 1 << DIGIT];
        for number in numbers.iter() {
            starts[digit(*number)] += 1;
        }
        let mut before = 0;
        for start in &mut starts {
            before += std::mem::replace(start, before);
        }
        for number in numbers.iter() {
            let start = &mut starts[digit(*number)];
            spare[*start as usize] = *number;
            *start += 1;
        }
        std::mem::swap(numbers, spare);
    }
}

/// The other copies of an article, the earliest first.
pub(super) fn others(
    groups: &Groups,
    article: DocAddress,
) -> impl Iterator<Item = DocAddress> + '_ {
    groups.copies_of(article).filter(move |member| *member != article)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::fingerprint::Fingerprinter;

    fn text(number: u32, words: &[String], day: i32) -> Text {
        let lines: String = words.iter().flat_map(|word| [word.as_str(), "\n"]).collect();
        let mut parts = Vec::new();
        Fingerprinter::new().of_lines(&lines, &mut parts);
        Text {
            words: words.len() as u32,
            day: Some(day),
            bins: bins(&parts.try_into().unwrap()),
            at: DocAddress::new(0, number),
        }
    }

    fn story(story: usize, from: usize, to: usize) -> Vec<String> {
        (from..to).map(|n| format!("s{story}w{n}")).collect()
    }

    /// The groups as sorted lists of documents.
    fn groups(texts: &[Text]) -> Vec<Vec<u32>> {
        let groups = cluster(texts).into_iter().map(|group| {
            let mut docs: Vec<u32> = group.into_iter().map(|at| at.doc_id).collect();
            docs.sort_unstable();
            docs
        });
        let mut groups: Vec<Vec<u32>> = groups.collect();
        groups.sort();
        groups
    }

    fn texts() -> Vec<Text> {
        let mut edited = story(1, 0, 300);
        for at in [20, 90, 91, 200, 250] {
            edited[at] = format!("edit{at}");
        }
        let mut longer = story(9, 0, 40);
        longer.extend(story(1, 0, 300));
        // Background shared by two stories on one event.
        let mut one = story(2, 0, 200);
        one.extend(story(4, 0, 60));
        let mut other = story(3, 0, 200);
        other.extend(story(4, 0, 60));
        [story(1, 0, 300), edited, longer, story(1, 0, 120), one, other, story(5, 0, 90)]
            .iter()
            .enumerate()
            .map(|(number, words)| text(number as u32, words, 0))
            .collect()
    }

    #[test]
    fn copies_are_grouped_and_stories_on_one_event_are_not() {
        assert_eq!(groups(&texts()), [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn the_order_of_articles_does_not_matter() {
        let mut texts = texts();
        let wanted = groups(&texts);
        for _ in 0..texts.len() {
            texts.rotate_left(1);
            assert_eq!(groups(&texts), wanted);
        }
        texts.reverse();
        assert_eq!(groups(&texts), wanted);
    }

    #[test]
    fn small_changes_do_not_add_up() {
        // Each text shares two thirds with the next, the first and the last nothing.
        let texts: Vec<Text> = (0..12)
            .map(|n| text(n, &story(1, n as usize * 60, n as usize * 60 + 300), 0))
            .collect();
        assert!(groups(&texts).iter().all(|group| group.last().unwrap() - group[0] <= 3));
    }

    #[test]
    fn a_template_of_another_week_is_no_copy() {
        let report = |number: u32, day: i32| {
            let mut words = story(1, 0, 60);
            for at in [3, 4, 21, 40] {
                words[at] = format!("{number}.{at}");
            }
            text(number, &words, day)
        };
        assert!(groups(&[report(0, 0), report(1, 7)]).is_empty());
        assert_eq!(groups(&[report(0, 0), text(1, &story(1, 0, 60), 0)]).len(), 0);
        assert_eq!(
            groups(&[text(0, &story(1, 0, 60), 0), text(1, &story(1, 0, 60), 7)]).len(),
            1
        );
    }

    #[test]
    fn a_deleted_copy_leaves_the_others_and_none_where_one_is_left() {
        use super::super::tables::fixture::{Archive, Draft, text};
        let story = |number, words, date| Draft {
            title: "Talks",
            body: text(number, words),
            date,
            source: "Herald",
            ..Draft::default()
        };
        let mut archive = Archive::of(&[
            story(1, 120, "2013-02-06"),
            story(2, 120, "2013-02-05"),
            story(1, 90, "2013-02-05"),
            story(1, 120, "2013-02-07"),
        ]);
        let numbers = |archive: &Archive| -> Vec<Vec<usize>> {
            let groups = Groups::form(&archive.searcher, &archive.fields).unwrap();
            let all: Vec<_> = archive.all();
            let number = |at: DocAddress| all.iter().find(|(_, known)| *known == at).unwrap().0;
            (0..groups.len() as u32)
                .map(|group| groups.members(group).map(number).collect())
                .collect()
        };
        assert_eq!(numbers(&archive), [[2, 0, 3]]);
        archive.remove(2);
        assert_eq!(numbers(&archive), [[0, 3]]);
        archive.remove(0);
        assert!(numbers(&archive).is_empty());
    }

    #[test]
    fn groups_tell_the_copies_of_an_article() {
        let at = DocAddress::new;
        let groups = vec![vec![at(1, 2), at(1, 1)], vec![at(0, 3), at(1, 0)]];
        let groups = Groups::of_members(&[4, 3], groups);
        assert_eq!(groups.of(at(0, 3)), Some(0), "numbered in the order of the index");
        assert_eq!(groups.of(at(1, 1)), Some(1));
        assert_eq!(groups.of(at(0, 0)), None);
        assert_eq!(groups.copies_of(at(1, 1)).collect::<Vec<_>>(), [at(1, 2), at(1, 1)]);
        assert_eq!(others(&groups, at(1, 1)).collect::<Vec<_>>(), [at(1, 2)]);
        assert_eq!(others(&groups, at(0, 0)).count(), 0);
    }
}
