//! Arguments to requests.

use super::args::{QueryArgs, RankingArgs};
use super::environment;
use super::failure::Failure;
use crate::article::Date;
use crate::search::SearchRequest;

impl QueryArgs {
    /// Whether there is neither a query nor a filter.
    pub(super) fn is_empty(&self) -> bool {
        let has_filter = self.since.is_some()
            || self.until.is_some()
            || [&self.person, &self.org, &self.place, &self.source, &self.lang]
                .iter()
                .any(|names| !names.is_empty());
        !has_filter && self.text().trim().is_empty()
    }

    /// The query as typed.
    pub(super) fn text(&self) -> String {
        self.query.join(" ")
    }

    /// The request, or what is wrong with the arguments.
    pub(super) fn request(&self) -> Result<SearchRequest, Failure> {
        in_order(self.since, self.until)?;
        for (option, names) in [
            ("--person", &self.person),
            ("--org", &self.org),
            ("--place", &self.place),
            ("--source", &self.source),
        ] {
            if names.iter().any(|name| !name.chars().any(char::is_alphanumeric)) {
                return Err(Failure::new(format!("{option} has no name"))
                    .hint("leave it out to search without it"));
            }
        }
        let lang = self.lang.iter().map(|code| language(code)).collect::<Result<_, _>>()?;
        Ok(SearchRequest {
            text: self.text(),
            any: self.any,
            since: self.since,
            until: self.until,
            person: self.person.clone(),
            org: self.org.clone(),
            place: self.place.clone(),
            source: self.source.clone(),
            lang,
            all_copies: self.all_copies,
            ..SearchRequest::default()
        })
    }
}

impl RankingArgs {
    /// The request, ranked as these arguments say.
    pub(super) fn apply(&self, request: SearchRequest) -> SearchRequest {
        SearchRequest {
            sort: self.sort.into(),
            expand: self.expand,
            recency: self.recency,
            today: self.recency.map(|_| environment::today()),
            ..request
        }
    }
}

/// Refuses a span of time that ends before it begins.
pub(super) fn in_order(since: Option<Date>, until: Option<Date>) -> Result<(), Failure> {
    match (since, until) {
        (Some(since), Some(until)) if since.first_day() > until.last_day() => {
            Err(Failure::new(format!("--since {since} comes after --until {until}"))
                .hint("give the earlier date to --since"))
        }
        _ => Ok(()),
    }
}

fn language(name: &str) -> Result<String, Failure> {
    let code = name.trim().to_lowercase();
    if let Some(known) = crate::enrich::language_code(&code) {
        Ok(known.to_owned())
    } else if code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_lowercase()) {
        Ok(code)
    } else {
        Err(Failure::new(format!("`{code}` is no language"))
            .hint("write a code or a name, such as en, fr or german"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> QueryArgs {
        QueryArgs { query: vec![text.to_owned()], ..QueryArgs::default() }
    }

    #[test]
    fn a_query_or_a_filter_makes_a_search() {
        assert!(query("  ").is_empty());
        assert!(!query("talks").is_empty());
        assert!(!QueryArgs { lang: vec!["en".to_owned()], ..query("") }.is_empty());
    }

    #[test]
    fn filters_that_cannot_hold_are_refused_with_advice() {
        let date = |text: &str| text.parse().ok();
        let backwards =
            QueryArgs { since: date("2013"), until: date("2012"), ..query("talks") };
        let nameless = QueryArgs { person: vec!["--".to_owned()], ..query("") };
        let no_language = QueryArgs { lang: vec!["legalese".to_owned()], ..query("") };
        for (args, message) in [
            (backwards, "--since 2013 comes after --until 2012"),
            (nameless, "--person has no name"),
            (no_language, "`legalese` is no language"),
        ] {
            let Err(Failure::Told(trouble)) = args.request() else { panic!("{message}") };
            assert_eq!(trouble.message, message);
            assert!(trouble.hint.is_some());
        }
        let overlapping =
            QueryArgs { since: date("2013-02"), until: date("2013"), ..query("talks") };
        assert!(overlapping.request().is_ok());
    }
}
