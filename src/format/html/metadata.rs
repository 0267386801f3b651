//! What a page declares about its article: JSON-LD, Open Graph, the usual `meta` names, and the
//! elements that readers see (headline, time, author).

use std::collections::HashSet;

use dom_query::{Document, NodeRef};

use super::json_ld::{self, Described};
use super::marks::Marks;
use crate::article::{Date, Declared};
use crate::date::{self, DayOrder};
use crate::text::{fold, normalise, one_line};

/// The declarations of a page, the best of each kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    pub(super) title: String,
    /// As written; `enrich` makes names of them.
    pub(super) authors: Vec<String>,
    pub(super) date: Option<Date>,
    pub(super) source: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) declared: Declared,
    /// The text of the article, where JSON-LD has it.
    pub(super) described_body: Option<String>,
    /// How dates are written on the page.
    order: DayOrder,
    /// Summaries of it.
    pub(super) descriptions: Vec<String>,
    /// Whether the page says that it is an article.
    pub(super) is_article: bool,
}

/// What one pass over the elements of a page collects.
#[derive(Debug, Default)]
struct Seen {
    /// `name`, `property` or `itemprop` in lower case, and the content.
    metas: Vec<(String, String)>,
    title_element: Option<String>,
    headings: Vec<String>,
    canonical: Option<String>,
    scripts: Vec<String>,
    language: Option<String>,
    /// Machine-readable times, and whether the element says that it is the publication's.
    times: Vec<(String, bool)>,
    /// Texts of elements that are classed as an author's name.
    authors: Vec<String>,
    marked_authors: Vec<String>,
    /// Texts of links to an author's page.
    linked_authors: Vec<String>,
    /// Texts of elements that are classed as a date.
    dates: Vec<String>,
    marked_headline: Option<String>,
}

impl Metadata {
    pub(super) fn of(document: &Document, known_url: Option<&str>) -> Self {
        let seen = Seen::of(document);
        let described = json_ld::describe(seen.scripts.iter().map(String::as_str));
        let is_article = described.is_some()
            || seen.meta(&["og:type"]).is_some_and(|kind| kind.contains("article"));
        let described = described.unwrap_or_default();
        let url = described_url(&seen, &described, known_url);
        let source = seen
            .meta(&["og:site_name"])
            .map(str::to_owned)
            .or_else(|| described.publisher.clone())
            .or_else(|| {
                seen.meta(&["dc.publisher", "application-name", "cre", "al:ios:app_name"])
                    .map(str::to_owned)
            })
            .or_else(|| url.as_deref().and_then(domain).map(str::to_owned))
            .map(|source| one_line(&normalise(&source)))
            .filter(|source| !source.is_empty());
        let language = language(&seen, &described);
        let order = day_order(seen.language.as_deref(), language.as_deref());
        Self {
            title: title(&seen, &described, source.as_deref()),
            authors: authors(&seen, &described, source.as_deref()),
            order,
            date: date(&seen, &described, order),
            section: described
                .section
                .clone()
                .or_else(|| {
                    seen.meta(&[
                        "article:section",
                        "parsely-section",
                        "section",
                        "dc.subject.section",
                        "cxenseparse:section",
                    ])
                    .map(str::to_owned)
                })
                .map(|section| one_line(&normalise(&unescape(&section))))
                .filter(|section| !section.is_empty() && section.len() < 80),
            declared: declared(&seen, &described),
            descriptions: ["og:description", "description", "twitter:description"]
                .iter()
                .flat_map(|name| seen.meta_all(name))
                .map(unescape)
                .chain(described.description)
                .collect(),
            described_body: described.body,
            language,
            source,
            url,
            is_article,
        }
    }
}

impl Metadata {
    /// Fills in what was not declared from the lines between headline and text.
    pub(super) fn complete(&mut self, above: &[String]) {
        if self.date.is_none() {
            self.date = above
                .iter()
                .find_map(|line| date::find(line, self.order).map(|(date, _)| date))
                .filter(|date| date::plausible(*date, None));
        }
        let source = self.source.as_deref();
        if !self.authors.iter().any(|author| names_a_person(author, source)) {
            let byline = above.iter().find_map(|line| {
                let lead = ["By ", "BY ", "by ", "By: ", "Von ", "Par ", "Por "];
                let name = lead.iter().find_map(|lead| line.strip_prefix(lead))?;
                let begins = name.trim_start().starts_with(char::is_uppercase);
                (begins && names_a_person(name, source)).then(|| name.to_owned())
            });
            self.authors =
                byline.into_iter().chain(std::mem::take(&mut self.authors)).collect();
        }
    }
}

impl Seen {
    fn of(document: &Document) -> Self {
        let mut seen = Self::default();
        for node in document.root().descendants_it().filter(NodeRef::is_element) {
            let Some(name) = node.node_name() else { continue };
            match name.as_ref() {
                "meta" => seen.add_meta(&node),
                "title" if seen.title_element.is_none() => {
                    seen.title_element = Some(text_of(&node));
                }
                "h1" => seen.headings.push(text_of(&node)),
                "html" => {
                    seen.language = node
                        .attr("lang")
                        .or_else(|| node.attr("xml:lang"))
                        .map(|l| l.to_string());
                }
                "link" if attr_is(&node, "rel", "canonical") => {
                    seen.canonical = node.attr("href").map(|href| href.to_string());
                }
                "script" => {
                    let kind = node.attr("type").unwrap_or_default();
                    if kind.to_ascii_lowercase().contains("ld+json") {
                        seen.scripts.push(node.text().to_string());
                    }
                }
                _ => {}
            }
            seen.add_marked(&node, name.as_ref());
        }
        seen
    }

    fn add_meta(&mut self, node: &NodeRef<'_>) {
        let content = node.attr("content").or_else(|| node.attr("value"));
        let Some(content) = content.filter(|content| !content.trim().is_empty()) else {
            return;
        };
        for attribute in ["name", "property", "itemprop", "http-equiv"] {
            if let Some(name) = node.attr(attribute) {
                let name = name.trim().to_ascii_lowercase();
                self.metas.push((name, content.trim().to_owned()));
            }
        }
    }

    /// Microdata, `time` elements, and classes whose names say what the text is.
    fn add_marked(&mut self, node: &NodeRef<'_>, name: &str) {
        let property =
            node.attr("itemprop").map(|p| p.to_ascii_lowercase()).unwrap_or_default();
        let marks = Marks::of(node);
        if name == "time"
            || property.contains("datepublished")
            || property.contains("datecreated")
        {
            let value = node.attr("datetime").or_else(|| node.attr("content"));
            let value = value.map_or_else(|| text_of(node), |value| value.to_string());
            let is_publication = property.contains("datepublished")
                || node.attr("pubdate").is_some()
                || marks.has(Marks::PUBLISHED);
            if !value.trim().is_empty() && value.len() < 80 && !marks.has(Marks::NOT_DATE) {
                self.times.push((value, is_publication));
            }
        }
        if name == "meta" || name == "body" || name == "html" {
            return;
        }
        if property == "headline" && self.marked_headline.is_none() {
            self.marked_headline = Some(text_of(node));
        }
        let rel_author = attr_is(node, "rel", "author");
        if property == "author" || property.contains("author.name") || rel_author {
            push_short(&mut self.marked_authors, node, 100);
        } else if marks.has(Marks::AUTHOR) && !marks.has(Marks::NOT_AUTHOR) {
            push_short(&mut self.authors, node, 120);
        }
        if name == "a"
            && node.attr("href").is_some_and(|href| {
                ["/author/", "/authors/", "/staff/", "/by/", "/profile/"]
                    .iter()
                    .any(|part| href.contains(part))
            })
        {
            push_short(&mut self.linked_authors, node, 60);
        }
        if marks.has(Marks::DATE) && !marks.has(Marks::NOT_DATE) {
            push_short(&mut self.dates, node, 100);
        }
    }

    fn meta(&self, names: &[&str]) -> Option<&str> {
        let of = |name: &str| {
            self.metas
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, content)| content.as_str())
        };
        names.iter().find_map(|name| of(name))
    }

    fn meta_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.metas
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, content)| content.as_str())
    }
}

fn attr_is(node: &NodeRef<'_>, name: &str, value: &str) -> bool {
    node.attr(name).is_some_and(|found| {
        found.split_ascii_whitespace().any(|part| part.eq_ignore_ascii_case(value))
    })
}

fn text_of(node: &NodeRef<'_>) -> String {
    one_line(&normalise(&node.text()))
}

/// Most elements of one mark that are looked at: comments and lists of articles have many.
const MOST_MARKED: usize = 12;

fn push_short(list: &mut Vec<String>, node: &NodeRef<'_>, longest: usize) {
    // Long elements that are merely classed so hold more than the name.
    if list.len() >= MOST_MARKED || node.normalized_char_count() > longest {
        return;
    }
    let text = text_of(node);
    if !text.is_empty() && !list.contains(&text) {
        list.push(text);
    }
}

fn described_url(seen: &Seen, described: &Described, known: Option<&str>) -> Option<String> {
    let is_absolute = |url: &&str| url.starts_with("http://") || url.starts_with("https://");
    let candidates = [
        seen.canonical.as_deref(),
        seen.meta(&["og:url"]),
        described.url.as_deref(),
        known,
        seen.meta(&["parsely-link", "twitter:url", "dc.identifier"]),
    ];
    let usable =
        |url: &&str| is_absolute(url) && domain(url).is_some_and(|domain| domain.contains('.'));
    candidates.into_iter().flatten().map(str::trim).find(usable).map(str::to_owned)
}

/// The host of an address, without `www.`.
fn domain(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

fn language(seen: &Seen, described: &Described) -> Option<String> {
    let candidates = [
        seen.language.as_deref(),
        described.language.as_deref(),
        seen.meta(&["og:locale", "content-language", "dc.language", "language"]),
    ];
    candidates.into_iter().flatten().find_map(|tag| {
        let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
    })
}

fn day_order(tag: Option<&str>, language: Option<&str>) -> DayOrder {
    let tag = tag.unwrap_or_default().to_ascii_lowercase();
    match (language, tag.as_str()) {
        (_, "en-us") => DayOrder::MonthFirst,
        (Some("en"), "en" | "") | (None, _) => DayOrder::Unknown,
        _ => DayOrder::DayFirst,
    }
}

fn date(seen: &Seen, described: &Described, order: DayOrder) -> Option<Date> {
    const NAMES: [&str; 22] = [
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "og:published_time",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date.issued",
        "dcterms.issued",
        "dc.date",
        "dcterms.date",
        "dc.date.created",
        "dcterms.created",
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "published",
        "article.published",
        "cxenseparse:recs:publishtime",
        "date",
        "created",
        "originalpublicationdate",
    ];
    let read =
        |text: &str| date::parse(text, order).filter(|date| date::plausible(*date, None));
    let of_metas = NAMES.iter().flat_map(|name| seen.meta_all(name)).find_map(read);
    let marked = |publication: bool| {
        seen.times.iter().filter(move |(_, is_publication)| *is_publication == publication)
    };
    described
        .published
        .as_deref()
        .and_then(read)
        .or(of_metas)
        .or_else(|| marked(true).find_map(|(text, _)| read(text)))
        .or_else(|| {
            seen.dates.iter().find_map(|text| date::find(text, order).map(|(date, _)| date))
        })
        .or_else(|| marked(false).find_map(|(text, _)| read(text)))
}

/// The authors, from the first place that names a person; else whatever is given.
fn authors(seen: &Seen, described: &Described, source: Option<&str>) -> Vec<String> {
    const NAMES: [&str; 10] = [
        "parsely-author",
        "author",
        "article:author",
        "sailthru.author",
        "dc.creator",
        "byl",
        "dcterms.creator",
        "article:author_name",
        "cxenseparse:author",
        "dc.contributor",
    ];
    let clean = |text: &str| one_line(&normalise(&unescape(text)));
    let mut places: Vec<Vec<String>> =
        vec![described.authors.iter().map(|author| clean(author)).collect()];
    for name in NAMES {
        places.push(
            seen.meta_all(name).filter(|text| !text.contains("://")).map(clean).collect(),
        );
    }
    if seen
        .meta(&["twitter:label1"])
        .is_some_and(|label| label.eq_ignore_ascii_case("written by"))
    {
        places.push(seen.meta_all("twitter:data1").map(clean).collect());
    }
    places.push(seen.marked_authors.clone());
    // Nested elements repeat the same name: the shortest that holds one is enough.
    let mut classed = seen.authors.clone();
    classed.sort_by_key(String::len);
    classed.retain(|text| names_a_person(text, source));
    classed.truncate(1);
    places.push(classed);
    let mut linked = seen.linked_authors.clone();
    linked.retain(|text| names_a_person(text, source));
    linked.truncate(1);
    places.push(linked);
    let of_person = places
        .iter()
        .find(|authors| authors.iter().any(|author| names_a_person(author, source)))
        .or_else(|| places.iter().find(|authors| !authors.is_empty()));
    of_person.cloned().unwrap_or_default()
}

/// Whether a text may be a person's name, rather than the site's, a desk's or an account's.
fn names_a_person(text: &str, source: Option<&str>) -> bool {
    const DESKS: &[&str] = &[
        "staff",
        "desk",
        "team",
        "news",
        "editors",
        "editor",
        "editorial",
        "redazione",
        "redaktion",
        "redaction",
        "redaccion",
        "media",
        "press",
        "magazine",
        "associated",
        "reuters",
        "condé",
        "conde",
        "admin",
        "online",
        "digital",
        "inc",
        "the",
        "reporter",
        "agencies",
        "agency",
        "submissions",
        "guest",
        "contributor",
    ];
    let folded = fold(text).into_owned();
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_site = source.is_some_and(|source| letters(source) == letters(text));
    let unspaced = text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}'));
    !is_site
        && !text.contains(['@', '/'])
        && (unspaced || words.len() >= 2)
        && !words.iter().any(|word| DESKS.contains(word))
}

fn title(seen: &Seen, described: &Described, source: Option<&str>) -> String {
    let clean = |text: &str| one_line(&normalise(&unescape(text)));
    let page_title = seen.title_element.as_deref().map(clean).unwrap_or_default();
    let headings: Vec<String> =
        seen.headings.iter().map(|text| clean(text)).filter(|text| !text.is_empty()).collect();
    // A heading that is part of the page's title is the headline: the rest is the site's name.
    let folded_title = fold(&page_title).into_owned();
    let confirmed = headings
        .iter()
        .filter(|heading| {
            heading.chars().count() > 12 && folded_title.contains(fold(heading).as_ref())
        })
        .max_by_key(|heading| heading.len());
    let candidates = [
        described.headline.as_deref().map(clean),
        seen.meta(&[
            "og:title",
            "twitter:title",
            "parsely-title",
            "sailthru.title",
            "dc.title",
            "hdl",
            "headline",
            "title",
        ])
        .map(clean),
        seen.marked_headline.clone(),
    ];
    let declared = candidates.into_iter().flatten().find(|text| !text.is_empty());
    let likest = likest_heading(&headings, declared.as_deref(), &page_title, source);
    let chosen = match (declared, confirmed.or(likest)) {
        // Of two, the one on the page: the other is made for search engines.
        (_, Some(heading)) => heading.clone(),
        (Some(declared), None) => declared,
        (None, None) if !page_title.is_empty() => page_title,
        (None, None) => headings.first().cloned().unwrap_or_default(),
    };
    without_site_name(&chosen, source, &headings)
}

/// The heading that says most of what the page declares as its title. A single long heading is the
/// headline whatever it says; a site's or section's name is none.
fn likest_heading<'a>(
    headings: &'a [String],
    declared: Option<&str>,
    page_title: &str,
    source: Option<&str>,
) -> Option<&'a String> {
    let words = |text: &str| -> HashSet<String> {
        fold(text)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3)
            .map(str::to_owned)
            .collect()
    };
    let mut known = words(page_title);
    known.extend(declared.map(words).unwrap_or_default());
    let site = words(source.unwrap_or_default());
    let shared = |heading: &String| {
        words(heading)
            .iter()
            .filter(|word| known.contains(*word) && !site.contains(*word))
            .count()
    };
    if let [only] = headings
        && only.split(' ').count() >= 4
        && only.chars().count() <= 250
        && shared(only) >= 1
    {
        return Some(only);
    }
    let best = headings.iter().max_by_key(|heading| shared(heading))?;
    (shared(best) >= 2 && best.chars().count() <= 250).then_some(best)
}

/// The title without the name of the site behind (or before) it.
fn without_site_name(title: &str, source: Option<&str>, headings: &[String]) -> String {
    const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • "];
    let mut title = title;
    if headings.iter().any(|heading| heading == title) {
        return title.to_owned();
    }
    let source = source.map(letters).unwrap_or_default();
    let is_site = |part: &str| {
        let part = letters(part);
        !part.is_empty()
            && !source.is_empty()
            && (part == source
                || source.contains(&part) && part.len() > 3
                || part.contains(&source) && source.len() > 3)
    };
    loop {
        let split = SEPARATORS
            .iter()
            .filter_map(|separator| title.rsplit_once(separator))
            .max_by_key(|(before, _)| before.len());
        let Some((before, after)) = split else { break };
        let is_bar = title.get(before.len()..).is_some_and(|rest| rest.starts_with(" | "));
        let cut = is_site(after)
            || (is_bar && after.chars().count() <= 30 && before.chars().count() >= 20)
            || headings.iter().any(|heading| heading == before.trim());
        if !cut || before.trim().is_empty() {
            break;
        }
        title = before.trim();
    }
    let first = SEPARATORS
        .iter()
        .filter_map(|separator| title.split_once(separator))
        .min_by_key(|(before, _)| before.len());
    if let Some((before, after)) = first
        && is_site(before)
        && after.chars().count() > 15
    {
        title = after.trim();
    }
    title.to_owned()
}

/// Letters and digits, folded: `The Guardian` and `theguardian.com` share them.
fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn declared(seen: &Seen, described: &Described) -> Declared {
    let mut declared = Declared::default();
    let mut add = |kind: &str, name: &str| {
        let kind = kind.rsplit(['/', ':']).next().unwrap_or(kind);
        let list = match kind {
            "Person" => &mut declared.people,
            "Organization"
            | "Corporation"
            | "NewsMediaOrganization"
            | "GovernmentOrganization"
            | "SportsTeam"
            | "SportsOrganization"
            | "PoliticalParty" => &mut declared.organisations,
            "Place" | "City" | "Country" | "State" | "AdministrativeArea" => {
                &mut declared.places
            }
            _ => return,
        };
        let name = one_line(&normalise(name));
        if !name.is_empty() && !list.contains(&name) {
            list.push(name);
        }
    };
    for (kind, name) in &described.subjects {
        add(kind, name);
    }
    // The names of The New York Times' pages, which others took over.
    for (meta, kind) in [("per", "Person"), ("org", "Organization"), ("geo", "Place")] {
        for content in seen.meta_all(meta) {
            content.split(';').for_each(|name| add(kind, name));
        }
    }
    declared
}

/// Entities that were escaped twice (`&amp;#8217;` in a page is `&#8217;` in its attribute).
fn unescape(text: &str) -> String {
    if !text.contains('&') || !text.contains(';') {
        return text.to_owned();
    }
    Document::fragment(text.replace('<', "&lt;")).text().to_string()
}
