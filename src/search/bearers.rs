//! Whom an article means that says a surname only.
//!
//! A name by itself never makes two identities one. But where an article says `Kerry` and no more,
//! the archive often knows whom it must mean: who of that surname is in the news at that time, in
//! that source, in the company of the others whom the article names. These are weighed as by a
//! naive Bayes classifier; the article is given to a bearer only where one is clear, and stays with
//! the bare name otherwise.

use hashbrown::HashMap;

/// How many bearers of one surname are weighed.
pub(super) const MOST_BEARERS: usize = 12;
/// Weight of what is unknown, in articles: somebody whom the archive names nowhere in full, and
/// company that was never seen together.
const UNKNOWN: f32 = 1.0;
/// How strongly company counts towards the archive's average.
const SMOOTHING: f32 = 4.0;
/// What company can say at most, so that three who often meet do not count as three witnesses.
const MOST_COMPANY: f32 = 6.0;
/// From this share of the weight on a bearer is clear.
const CLEAR: f32 = 0.95;
/// Days over which a name stays in the news.
const NEWS: f32 = 30.0;

/// An article as far as it tells who is meant.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    /// First day that its date may stand for.
    pub(super) day: Option<i32>,
    /// Number of its source.
    pub(super) source: u32,
    /// Everybody and everything that it names, rising.
    pub(super) names: &'a [u32],
}

/// What the archive knows of a bearer.
struct Bearer {
    number: u32,
    articles: f32,
    /// In how many articles of it each other name stands.
    company: HashMap<u32, u32>,
    /// The days of its articles, rising.
    days: Vec<i32>,
    sources: HashMap<u32, u32>,
}

/// The bearers of one surname.
pub(super) struct Bearers {
    bearers: Vec<Bearer>,
}

impl Bearers {
    /// From the articles that name each bearer in full.
    pub(super) fn new<'a>(
        bearers: impl Iterator<Item = (u32, Box<dyn Iterator<Item = Seen<'a>> + 'a>)>,
    ) -> Self {
        let bearers = bearers.take(MOST_BEARERS).map(|(number, articles)| {
            let mut bearer = Bearer {
                number,
                articles: 0.0,
                company: HashMap::new(),
                days: Vec::new(),
                sources: HashMap::new(),
            };
            for article in articles {
                bearer.articles += 1.0;
                for name in article.names {
                    *bearer.company.entry(*name).or_default() += 1;
                }
                *bearer.sources.entry(article.source).or_default() += 1;
                bearer.days.extend(article.day);
            }
            bearer.days.sort_unstable();
            bearer
        });
        Self { bearers: bearers.filter(|bearer| bearer.articles > 0.0).collect() }
    }

    /// Whom an article means by the surname of number `bare`, if one is clear; `share` tells in
    /// what share of all articles a name stands.
    pub(super) fn clear(
        &self,
        article: Seen<'_>,
        bare: u32,
        share: impl Fn(u32) -> f32,
    ) -> Option<u32> {
        let weight = |bearer: &Bearer| bearer.weight(article, bare, &share);
        let weights: Vec<f32> = self.bearers.iter().map(weight).collect();
        let (best, weight) = weights
            .iter()
            .copied()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let all = weights.iter().sum::<f32>() + UNKNOWN;
        (weight >= CLEAR * all).then(|| self.bearers.get(best).map(|bearer| bearer.number))?
    }
}

impl Bearer {
    /// How much speaks for it, in articles.
    fn weight(&self, article: Seen<'_>, bare: u32, share: &impl Fn(u32) -> f32) -> f32 {
        let mut company = 0.0;
        for name in article.names.iter().filter(|name| **name != bare) {
            let share = share(*name).max(1e-6);
            let together = self.company.get(name).copied().unwrap_or(0) as f32;
            let expected = (together + SMOOTHING * share) / (self.articles + SMOOTHING);
            let says = (expected / share).ln();
            // That somebody is not there says little.
            company += if together > 0.0 { says } else { says.max(-0.2) };
        }
        let from_source = self.sources.get(&article.source).copied().unwrap_or(0) as f32;
        let source = (from_source + 0.5) / (self.articles + 0.5);
        self.articles
            * company.clamp(-MOST_COMPANY, MOST_COMPANY).exp()
            * self.in_the_news(article.day)
            * source.max(0.2)
    }

    /// 1 within a month of an article that names it in full, falling with the time between.
    fn in_the_news(&self, day: Option<i32>) -> f32 {
        let Some(day) = day.filter(|_| !self.days.is_empty()) else { return 0.5 };
        let after = self.days.partition_point(|earlier| *earlier < day);
        let apart = |at: Option<&i32>| at.map_or(f32::MAX, |other| other.abs_diff(day) as f32);
        let before = after.checked_sub(1).and_then(|at| self.days.get(at));
        let nearest = apart(self.days.get(after)).min(apart(before));
        (NEWS / nearest.max(NEWS)).max(0.005)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bearers, Seen};

    fn seen(day: i32, names: &[u32]) -> Seen<'_> {
        Seen { day: Some(day), source: 0, names }
    }

    #[test]
    fn a_surname_is_given_to_who_is_in_the_news_in_that_company() {
        // 1 and 2 share a surname: 1 is seen with 10 in the beginning, 2 with 20 much later.
        let of = |number, day, company| {
            let names: &'static [u32] = company;
            let articles = (0..6).map(move |n| seen(day + n, names));
            let articles: Box<dyn Iterator<Item = Seen<'static>>> = Box::new(articles);
            (number, articles)
        };
        let bearers = Bearers::new([of(1, 0, &[1, 10]), of(2, 3_000, &[2, 20])].into_iter());
        let share = |name| if name == 30 { 0.5 } else { 0.05 };
        let check = |day, company: &[u32], wanted| {
            assert_eq!(
                bearers.clear(seen(day, company), 0, share),
                wanted,
                "{day} {company:?}"
            );
        };
        check(3, &[10], Some(1));
        check(3_003, &[20, 30], Some(2));
        check(1_500, &[30], None);
        check(1_500, &[10, 20], None);
    }
}
