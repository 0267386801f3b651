//! What formats leave out alike: captions, byline, dateline and boilerplate told apart from the
//! text, the date, the language.
//!
//! Nothing of an article is lost: what is not body is found in `captions` or `boilerplate`.

mod boilerplate;
mod byline;
mod caption;
mod dateline;
mod divide;
pub mod fingerprint;
mod language;
mod top;

use crate::article::{Article, Date};
use crate::date;
pub use divide::divide;
pub use language::{code_of_name as language_code, of as language_of};
use top::Parts;

/// What is known of an article beside its file's content.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Path of its file relative to the archive's root; dates may stand in it.
    pub path: &'a str,
    /// A publication date beyond this one is a mistake; `None` lets all pass.
    pub latest: Option<Date>,
}

/// Fills in what the format did not tell, and takes apart what it left together.
pub fn enrich(article: &mut Article, context: &Context<'_>) {
    clean_bylines(article);
    let body = std::mem::take(&mut article.body);
    let paragraphs: Vec<&str> = body.split("\n\n").filter(|text| !text.is_empty()).collect();
    let mut parts = Parts::of(
        &article.title,
        &paragraphs,
        article.url.is_some() || !article.captions.is_empty(),
    );
    article.body = parts.take_body(body.len());
    article.captions.append(&mut parts.captions);
    article.boilerplate.append(&mut parts.boilerplate);
    if article.byline.is_empty() {
        article.byline = std::mem::take(&mut parts.byline);
    }
    settle_date(article, &parts, context);
    if article.source.is_none() {
        take_site_name(article);
    }
    if let Some(dateline) = parts.dateline {
        if article.source.is_none() {
            article.source = dateline.agency;
        }
        article.dateline.get_or_insert(dateline.place);
    }
    article.language = language::of(&article.body, &article.title, article.language.take());
}

/// Takes the site's name off the title of a saved page, where the page names the site elsewhere
/// too: `Talks end – Eagle Post`, and `EaglePost.com` below.
fn take_site_name(article: &mut Article) {
    const SEPARATORS: [&str; 4] = [" | ", " – ", " — ", " - "];
    let split = SEPARATORS.iter().filter_map(|separator| article.title.rsplit_once(separator));
    let Some((title, site)) = split.max_by_key(|(title, _)| title.len()) else { return };
    let words = site.split(' ').count();
    if title.len() < 12
        || words > 4
        || !site.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    {
        return;
    }
    let squeezed = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
    };
    let is_address = !site.contains(' ')
        && [".com", ".org", ".net", ".uk"].iter().any(|ending| site.ends_with(ending));
    let domain = format!("{}.", squeezed(site));
    let named = is_address
        || article
            .boilerplate
            .iter()
            .map(String::as_str)
            .chain(article.body.rsplit("\n\n").take(3))
            .any(|line| line.len() < 1000 && squeezed(line).contains(&domain));
    let is_barred = article.title.contains(" | ") && site.chars().count() <= 30;
    if named || is_barred {
        article.source = Some(site.to_owned());
        article.title = title.trim_end().to_owned();
    }
}

/// Whether a text has more than so many words; it is read no further than that.
fn longer_than(text: &str, words: usize) -> bool {
    text.split(' ').nth(words).is_some()
}

fn clean_bylines(article: &mut Article) {
    let written = std::mem::take(&mut article.byline);
    for name in written.iter().flat_map(|author| byline::names(author)) {
        if !article.byline.contains(&name) {
            article.byline.push(name);
        }
    }
}

/// The date of publication: from metadata, else the address, the dateline, a line above the text,
/// the path; made more precise by any of the others that agrees with it.
fn settle_date(article: &mut Article, parts: &Parts<'_>, context: &Context<'_>) {
    if let Some(stated) = article.date
        && !date::plausible(stated, context.latest)
    {
        article.problems.push(format!("the date {stated} cannot be right and was left out"));
        article.date = None;
    }
    let of_url = article.url.as_deref().and_then(date::find_in_path);
    let of_path = date::find_in_path(context.path);
    let of_dateline = parts.dateline.as_ref().and_then(|dateline| dateline.date);
    let known_year = [article.date, of_url, parts.date, of_path]
        .into_iter()
        .flatten()
        .map(Date::year)
        .next();
    let of_dateline = of_dateline.and_then(|(year, month, day)| {
        let year = year.or(known_year)?;
        day.map_or_else(
            || Date::from_month(year, month),
            |day| Date::from_day(year, month, day),
        )
    });
    let candidates = [article.date, of_url, of_dateline, parts.date, of_path];
    let mut usable =
        candidates.into_iter().flatten().filter(|date| date::plausible(*date, context.latest));
    let Some(mut best) = usable.next() else { return };
    for other in usable {
        if other.precision() > best.precision() && date::agree(other, best) {
            best = other;
        }
    }
    article.date = Some(best);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enriched(title: &str, body: &[&str], path: &str) -> Article {
        let body = body.join("\n\n");
        let mut article = Article { title: title.to_owned(), body, ..Article::default() };
        enrich(&mut article, &Context { path, latest: "2025-01-01".parse().ok() });
        article
    }

    #[test]
    fn a_saved_page_is_taken_apart() {
        let lead = "SEOUL, Feb. 12 (AP) – North Korea said on Tuesday that it had carried out a third nuclear test, and its neighbours called for a meeting.";
        let more = "The test was felt in the north of the country, said the ministry of defence in the capital.";
        let article = enriched(
            "North Korea says it has carried out a third test",
            &[
                "South Korean soldiers watch a news programme on the nuclear test, in Seoul. (AP Photo/A. Young)",
                "By ANA RUIZ and JO O'BRIEN, Staff Writers",
                "February 12, 2013",
                lead,
                more,
                "Become a fan on Facebook",
                "Copyright 2013 The Daily. All rights reserved.",
            ],
            "asia/test.txt",
        );
        assert_eq!(article.body, format!("{lead}\n\n{more}"));
        assert_eq!(article.byline, ["Ana Ruiz", "Jo O'Brien"]);
        assert_eq!(article.dateline.as_deref(), Some("SEOUL (AP)"));
        assert_eq!(article.date.unwrap().to_string(), "2013-02-12");
        assert_eq!(article.captions.len(), 1);
        assert_eq!(article.language.as_deref(), Some("en"));
        assert_eq!(article.boilerplate.len(), 4);
    }

    #[test]
    fn dates_are_as_precise_as_all_sources_together() {
        for (path, body, wanted) in [
            ("a.txt", "PARIS, March 3 - The talks went on for a week and ended.", None),
            (
                "1987/a.txt",
                "PARIS, March 3 - The talks went on for a week and ended.",
                Some("1987-03-03"),
            ),
            ("1987-03/a.txt", "The talks went on for a week and ended.", Some("1987-03")),
            ("2031/a.txt", "The talks went on for a week and ended.", None),
        ] {
            let date =
                enriched("Talks end", &[body, "More."], path).date.map(|date| date.to_string());
            assert_eq!(date.as_deref(), wanted, "{path}");
        }
    }

    #[test]
    fn text_that_only_resembles_is_left_alone() {
        let body = [
            "By the time the ministers met, the price of steel had fallen by half, and nobody spoke of it.",
            "Share prices fell. Follow the money, he said, and you will find the advertisement.",
            "\"Copyright is not the question,\" she said. \"Click here is what they ask us to do.\"",
        ];
        let article = enriched("Steel prices fall", &body, "a.txt");
        assert_eq!(article.body, body.join("\n\n"));
        assert!(article.byline.is_empty() && article.boilerplate.is_empty());
    }
}
