//! From an article's words to labels: stretches where a name is possible, their scores, two passes;
//! then what the article settles by itself: companies by the first word of their name, names that
//! stand alone again, headlines, whose words are named in the text below.

use super::article::{Article, Case, Context, NO_FORM, NameFormId};
use super::feature::{
    Constant, MOST_FORM_PAIRS, WINDOW, constant, form_pairs, shape_triple, unexplained,
};
use super::label::{
    BEGIN_ORGANISATION, BEGIN_PERSON, BEGIN_PLACE, Label, OUTSIDE, continues, names,
};
use super::lattice::{Lattice, Scores, Sum};
use super::lexicon::{COUNTRY, DEMONYM, Flags};
use super::memo::Memo;
use super::model::Model;
use super::phrase;
use super::second::{self, Evidence};
use super::table::WordTable;
use super::word::{
    BRIDGE, Brief, CAPITAL, COMPANY_FORM, HEAD, LONG, NO_NAME, NO_PERSON, ORGANISATION_PART,
    PLACE_PREPOSITIONS, SEED, SOFT, TITLE_WORD, UPPER,
};

/// Most forms that may join two stretches.
const LONGEST_BRIDGE: usize = 3;

/// Longest sentence in capitals or title case, in words, that is taken for a headline.
const LONGEST_HEADLINE: usize = 30;

/// What a label gains in a headline if the rest of the article gives it to the word.
const HEADLINE_BONUS: i16 = 64;

/// The lead (see [`Span::confidence`](super::Span::confidence)) of a label that is taken from the
/// rest of the article.
const REPEATED_LEAD: i16 = 32;

/// Companies of one article whose short forms are looked for: bounds the work on long lists.
const MOST_COMPANIES: usize = 64;

/// Which parts of the work to do. All of them, but for measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passes {
    /// Decode a second time with what the first said elsewhere in the article.
    pub second: bool,
    /// Leave out of the lattices what cannot be part of a name.
    pub short_cut: bool,
}

impl Default for Passes {
    fn default() -> Self {
        Self { second: true, short_cut: true }
    }
}

/// A stretch of positions decoded by itself.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: usize,
    end: usize,
    /// How many positions are in the stretches before it.
    first: usize,
    /// "Outside" stands after it, as it does before; else the sentence ends.
    outside_follows: bool,
    sentence: usize,
    /// Some word has another label than "outside".
    named: bool,
}

/// Weights of what is there or not, looked up once.
#[derive(Clone, Debug)]
pub(super) struct Constants {
    begins: Sum,
    ends: Sum,
    cases: [Sum; 3],
    unexplained: [[Sum; 3]; 3],
}

impl Constants {
    pub(super) fn new(model: &Model) -> Self {
        let weights = |c: Constant| model.weights(constant(c));
        Self {
            begins: weights(Constant::SentenceBegins),
            ends: weights(Constant::SentenceEnds),
            cases: [Sum::default(), weights(Constant::Capitals), weights(Constant::TitleCase)],
            unexplained: std::array::from_fn(|case| {
                std::array::from_fn(|elsewhere| {
                    if case == 0 {
                        Sum::default()
                    } else {
                        model.weights(unexplained(case, elsewhere))
                    }
                })
            }),
        }
    }
}

/// Working memory for one article after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Decoder {
    pub(super) article: Article,
    context: Context,
    /// By form of the article: its weights, once worked out.
    context_sums: Vec<Option<Sum>>,
    stretches: Vec<Stretch>,
    /// Features of neighbours of the positions of all stretches, and where each position's end.
    around: Vec<u64>,
    around_ends: Vec<usize>,
    /// The tags of the buckets that those are in.
    tags: Vec<u64>,
    /// Summed weights of the shapes of three forms in a row: few triples are nearly all of a text.
    shapes: Memo<Sum, 11>,
    /// What the gazetteers say of phrases.
    phrases: Memo<Flags, 10>,
    /// Of the positions of all stretches, one after the other.
    sums: Vec<Sum>,
    scores: Vec<Scores>,
    lattice: Lattice,
    evidence: Vec<Evidence>,
    /// Forms that stand for a company named in full elsewhere.
    companies: Vec<NameFormId>,
    first: Vec<Label>,
    /// By position of the article.
    pub(super) labels: Vec<Label>,
    /// By position: by how much the label leads, where it is not "outside".
    pub(super) margins: Vec<i16>,
}

/// Number of a case in [`unexplained`].
pub(super) fn case_number(case: Case) -> usize {
    match case {
        Case::Sentence => 0,
        Case::Capitals => 1,
        Case::Title => 2,
    }
}

impl Decoder {
    pub(super) fn reset(&mut self) {
        self.context.reset();
        self.shapes = Memo::default();
        self.phrases = Memo::default();
    }

    /// Labels `self.article`.
    pub(super) fn run(
        &mut self,
        model: &Model,
        constants: &Constants,
        table: &WordTable,
        passes: Passes,
    ) {
        self.context.read(&self.article, &table.words, table.lower_ids());
        self.context_sums.clear();
        self.context_sums.resize(self.context.len(), None);
        self.find_stretches(passes.short_cut);
        self.score(model, constants, table);
        self.labels.clear();
        self.labels.resize(self.article.words.len(), OUTSIDE);
        self.margins.clear();
        self.margins.resize(self.article.words.len(), 0);
        let mut at = 0;
        for stretch in &mut self.stretches {
            let scores = &self.scores[at..at + stretch.end - stretch.start];
            at += scores.len();
            let labels = &mut self.labels[stretch.start..stretch.end];
            self.lattice.decode(scores, &model.transitions, stretch.outside_follows, labels);
            stretch.named = labels.iter().any(|&l| l != OUTSIDE);
            if stretch.named {
                let margins = self.lattice.margins(
                    scores,
                    &model.transitions,
                    stretch.outside_follows,
                    labels,
                );
                self.margins[stretch.start..stretch.end].copy_from_slice(margins);
            }
        }
        if passes.second {
            self.second_pass(model, table);
        }
        self.legal_forms();
        if passes.second {
            self.repeat(table);
            self.headlines(model);
        }
        self.take_back();
    }

    fn find_stretches(&mut self, short_cut: bool) {
        self.stretches.clear();
        let briefs = &self.article.briefs;
        let is = |position: usize, bits: u32| briefs[position].is(bits);
        for (number, sentence) in self.article.sentences.iter().enumerate() {
            let (begin, end) = (sentence.start, sentence.end);
            let stretch = |start: usize, stop: usize| Stretch {
                start,
                end: stop,
                first: 0,
                outside_follows: stop < end,
                sentence: number,
                named: false,
            };
            // Where capitals say nothing, words alone do not tell what may be a name.
            let headline = sentence.case != Case::Sentence && end - begin <= LONGEST_HEADLINE;
            if !short_cut || headline {
                self.stretches.push(stretch(begin, end));
                continue;
            }
            // First position that is in no stretch yet.
            let mut free = begin;
            let mut at = begin;
            while at < end {
                if !is(at, SEED) {
                    at += 1;
                    continue;
                }
                let mut start = at;
                while start > free && is(start - 1, SOFT) {
                    start -= 1;
                }
                at += 1;
                while at < end && is(at, SEED | SOFT) {
                    at += 1;
                }
                let bridged = free > begin
                    && start - free <= LONGEST_BRIDGE
                    && (free..start).all(|k| is(k, BRIDGE));
                match self.stretches.last_mut() {
                    Some(before) if bridged => {
                        before.end = at;
                        before.outside_follows = at < end;
                    }
                    _ => self.stretches.push(stretch(start, at)),
                }
                free = at;
            }
        }
        let mut first = 0;
        for stretch in &mut self.stretches {
            stretch.first = first;
            first += stretch.end - stretch.start;
        }
    }

    /// First-pass scores of all positions in stretches.
    fn score(&mut self, model: &Model, constants: &Constants, table: &WordTable) {
        self.look_around(model, table);
        let words = &self.article.words;
        let mut position = 0;
        let mut read = 0;
        for stretch in &self.stretches {
            let sentence = self.article.sentences[stretch.sentence];
            let case = case_number(sentence.case);
            let first = position;
            for at in stretch.start..stretch.end {
                let mut sum = self.sums[position];
                let until = self.around_ends[position];
                while read < until {
                    sum.add(model.weights_in(self.around[read], self.tags[read]));
                    read += 1;
                }
                for slot in 0..WINDOW.len() {
                    sum.add(table.rows[words[at + slot - 2] as usize].sums[slot]);
                }
                let form = self.context.form_at[at];
                if form != NO_FORM {
                    let known = &mut self.context_sums[form as usize];
                    let context = *known.get_or_insert_with(|| {
                        let mut sum = Sum::default();
                        self.context.features(form, |_, f| sum.add(model.weights(f)));
                        sum
                    });
                    sum.add(context);
                    if case != 0 {
                        let elsewhere = self.context.elsewhere(form);
                        sum.add(constants.unexplained[case][elsewhere]);
                    }
                }
                sum.add(constants.cases[case]);
                if at == sentence.start {
                    sum.add(constants.begins);
                }
                if at + 1 == sentence.end {
                    sum.add(constants.ends);
                }
                self.sums[position] = sum;
                position += 1;
            }
            phrase::features(
                &self.article,
                (stretch.start, stretch.end),
                sentence.case == Case::Sentence,
                &table.words,
                |chain| self.phrases.get(chain, || model.lexicon.phrase(chain)),
                |at, f| self.sums[first + at - stretch.start].add(model.weights(f)),
            );
        }
        if !self.context.long_forms.is_empty() {
            let stretches = &self.stretches;
            let sums = &mut self.sums;
            phrase::long_forms(&self.context, |at, f| {
                let number = stretches.partition_point(|s| s.end <= at);
                if let Some(stretch) = stretches.get(number).filter(|s| s.start <= at) {
                    sums[stretch.first + at - stretch.start].add(model.weights(f));
                }
            });
        }
        self.scores.clear();
        self.scores.extend(self.sums.iter().map(|s| s.scores()));
    }

    /// Notes what is to be looked up of neighbours at all positions in stretches, reads the tags,
    /// and begins the sums with what is known without.
    fn look_around(&mut self, model: &Model, table: &WordTable) {
        let words = &self.article.words;
        let positions = self.stretches.iter().map(|s| s.end - s.start).sum::<usize>();
        self.sums.clear();
        self.around_ends.clear();
        self.around.clear();
        self.around.resize(positions * MOST_FORM_PAIRS, 0);
        let mut count = 0;
        for stretch in &self.stretches {
            for at in stretch.start..stretch.end {
                let [before, own, after] =
                    [at - 1, at, at + 1].map(|k| table.rows[words[k] as usize].neighbour);
                // Most are unknown, none can be foretold: noted without a branch.
                form_pairs(before, own, after, |f| {
                    self.around[count] = f;
                    count += usize::from(model.may_know(f));
                });
                self.around_ends.push(count);
                let mut sum = model.cluster_pairs(before.cluster, own.cluster, after.cluster);
                let shapes = shape_triple(before, own, after);
                sum.add(self.shapes.get(shapes[2], || {
                    let mut sum = Sum::default();
                    for f in shapes {
                        sum.add(model.weights(f));
                    }
                    sum
                }));
                self.sums.push(sum);
            }
        }
        self.tags.clear();
        self.tags.extend(self.around[..count].iter().map(|&f| model.tags(f)));
    }

    fn second_pass(&mut self, model: &Model, table: &WordTable) {
        let form_at = &self.context.form_at;
        self.first.clear();
        if !model.second.is_empty() {
            second::collect(&self.labels, form_at, self.context.len(), &mut self.evidence);
            self.first.extend_from_slice(&self.labels);
        }
        let mut at = 0;
        for stretch in &mut self.stretches {
            let scores = &mut self.scores[at..at + stretch.end - stretch.start];
            at += scores.len();
            let range = stretch.start..stretch.end;
            let mut evident = false;
            if !self.first.is_empty() {
                for (position, score) in range.clone().zip(scores.iter_mut()) {
                    if !second::speaks_of_person(&self.evidence, &self.first, form_at, position)
                    {
                        continue;
                    }
                    let word = &table.words[self.article.words[position] as usize];
                    evident |= second::features(
                        &self.evidence,
                        &self.first,
                        form_at,
                        position,
                        word,
                        |f| {
                            for (lane, weight) in score.iter_mut().zip(model.second[f]) {
                                *lane = lane.saturating_add(weight);
                            }
                        },
                    );
                }
            }
            let labels = &mut self.labels[range.clone()];
            if evident {
                self.lattice.decode(
                    scores,
                    &model.transitions,
                    stretch.outside_follows,
                    labels,
                );
                stretch.named = labels.iter().any(|&l| l != OUTSIDE);
            }
            if evident && stretch.named {
                let margins = self.lattice.margins(
                    scores,
                    &model.transitions,
                    stretch.outside_follows,
                    labels,
                );
                self.margins[range].copy_from_slice(margins);
            }
        }
    }

    /// A name that a company's legal form ends, or that one follows, is an organisation; so are
    /// capitalised words before one that were given no label.
    fn legal_forms(&mut self) {
        for stretch in &self.stretches {
            for at in stretch.start + 1..stretch.end {
                let form = self.article.briefs[at];
                if !form.is(COMPANY_FORM) || !form.is(CAPITAL) || form.is(UPPER) {
                    continue;
                }
                let mut start = at;
                if continues(self.labels[at]) || self.labels[at - 1] != OUTSIDE {
                    start -= 1;
                    while start > stretch.start && continues(self.labels[start]) {
                        start -= 1;
                    }
                } else if self.labels[at] == OUTSIDE {
                    while start > stretch.start
                        && self.article.briefs[start - 1].is(CAPITAL)
                        && self.labels[start - 1] == OUTSIDE
                    {
                        start -= 1;
                    }
                }
                if start == at {
                    continue;
                }
                let mut end = at + 1;
                while end < stretch.end && continues(self.labels[end]) {
                    end += 1;
                }
                for (k, label) in self.labels[start..end].iter_mut().enumerate() {
                    *label = if k == 0 { BEGIN_ORGANISATION } else { BEGIN_ORGANISATION + 1 };
                }
            }
        }
    }

    /// What stands alone and elsewhere in the article is an organisation or a place, or the first
    /// word of a company named in full ("Galveston Resources Ltd"), is so wherever it stands alone.
    fn repeat(&mut self, table: &WordTable) {
        self.find_companies(table);
        let Self { article, context, labels, margins, evidence, companies, .. } = self;
        let (briefs, form_at) = (&article.briefs, &context.form_at);
        second::collect(labels, form_at, context.len(), evidence);
        for sentence in article.sentences.iter().filter(|s| s.case == Case::Sentence) {
            for at in sentence.start..sentence.end {
                let form = form_at[at];
                let Some(elsewhere) = evidence.get(form as usize) else { continue };
                let [before, own, after] = [at - 1, at, at + 1].map(|k| briefs[k]);
                if before.is(CAPITAL) || after.is(CAPITAL) || continues(labels[at + 1]) {
                    continue;
                }
                let company = companies.contains(&form);
                let new = match labels[at] {
                    OUTSIDE if company => Some(BEGIN_ORGANISATION),
                    OUTSIDE if own.is(SEED) && !own.is(NO_NAME | NO_PERSON | TITLE_WORD) => {
                        elsewhere
                            .only_kind_alone()
                            .filter(|&l| l != BEGIN_PERSON && context.elsewhere(form) == 2)
                    }
                    BEGIN_PERSON if company && !elsewhere.is_part_of_person() => {
                        Some(BEGIN_ORGANISATION)
                    }
                    BEGIN_PLACE
                        if company && !(1..=PLACE_PREPOSITIONS).contains(&before.near()) =>
                    {
                        Some(BEGIN_ORGANISATION)
                    }
                    _ => None,
                };
                if let Some(label) = new {
                    labels[at] = label;
                    margins[at] = margins[at].max(REPEATED_LEAD);
                }
            }
        }
    }

    /// Finds the first words of companies named in full, as far as they are names by themselves.
    fn find_companies(&mut self, table: &WordTable) {
        self.companies.clear();
        for stretch in self.stretches.iter().filter(|s| s.named) {
            let found = names(&self.labels[stretch.start..stretch.end]);
            for (start, end, _) in found.filter(|&(_, _, first)| first == BEGIN_ORGANISATION) {
                let (start, end) = (stretch.start + start, stretch.start + end);
                let (first, last) = (self.article.briefs[start], self.article.briefs[end - 1]);
                let form = self.context.form_at[start];
                if form != NO_FORM
                    && end > start + 1
                    && last.is(COMPANY_FORM)
                    && first.is(LONG)
                    && first.is(SEED)
                    && !first.is(NO_PERSON | HEAD | ORGANISATION_PART | TITLE_WORD)
                    && !table.words[self.article.words[start] as usize].has(DEMONYM | COUNTRY)
                    && self.context.elsewhere(form) == 2
                    && self.companies.len() < MOST_COMPANIES
                    && !self.companies.contains(&form)
                {
                    self.companies.push(form);
                }
            }
        }
    }

    /// Decodes headlines, whose capitals say nothing, with what the rest of the article says of
    /// their words.
    fn headlines(&mut self, model: &Model) {
        let cases = &self.article.sentences;
        let is_headline = |s: &Stretch| cases[s.sentence].case != Case::Sentence;
        if !self.stretches.iter().any(is_headline) {
            return;
        }
        self.first.clear();
        self.first.extend_from_slice(&self.labels);
        for sentence in cases.iter().filter(|s| s.case != Case::Sentence) {
            self.first[sentence.start..sentence.end].fill(OUTSIDE);
        }
        let form_at = &self.context.form_at;
        second::collect(&self.first, form_at, self.context.len(), &mut self.evidence);
        let mut at = 0;
        for stretch in &mut self.stretches {
            let scores = &mut self.scores[at..at + stretch.end - stretch.start];
            at += scores.len();
            if !is_headline(stretch) {
                continue;
            }
            let range = stretch.start..stretch.end;
            let mut evident = false;
            for (score, &form) in scores.iter_mut().zip(&form_at[range.clone()]) {
                let Some(begin) = self.evidence.get(form as usize).and_then(Evidence::kind)
                else {
                    continue;
                };
                evident = true;
                for label in [begin, begin + 1] {
                    let lane = &mut score[usize::from(label)];
                    *lane = lane.saturating_add(HEADLINE_BONUS);
                }
            }
            if !evident {
                continue;
            }
            let labels = &mut self.labels[range.clone()];
            let end = stretch.outside_follows;
            self.lattice.decode(scores, &model.transitions, end, labels);
            stretch.named = labels.iter().any(|&l| l != OUTSIDE);
            if stretch.named {
                let margins = self.lattice.margins(scores, &model.transitions, end, labels);
                self.margins[range].copy_from_slice(margins);
            }
        }
    }

    /// Takes back names that are nationalities or common acronyms, persons all of whose words are
    /// pronouns, days, months or titles, and titles in front of persons ("Secretary of [State
    /// George Shultz]").
    fn take_back(&mut self) {
        for stretch in self.stretches.iter().filter(|s| s.named) {
            let (labels, briefs) = (&mut self.labels, &self.article.briefs);
            let mut at = stretch.start;
            while at < stretch.end {
                let start = at;
                at += 1;
                if labels[start] == OUTSIDE {
                    continue;
                }
                while at < stretch.end && continues(labels[at]) {
                    at += 1;
                }
                if briefs[start..at].iter().all(|w| w.is(NO_NAME)) {
                    labels[start..at].fill(OUTSIDE);
                }
                if labels[start] != BEGIN_PERSON {
                    continue;
                }
                let named = briefs[start..at].iter().any(|w| !w.is(NO_PERSON));
                if !named {
                    labels[start..at].fill(OUTSIDE);
                    continue;
                }
                let title = |w: &&Brief| w.is(NO_PERSON) && w.is(TITLE_WORD);
                let titles = briefs[start..at].iter().take_while(title).count();
                labels[start..start + titles].fill(OUTSIDE);
                labels[start + titles] = BEGIN_PERSON;
            }
        }
    }
}
