//! Citations of articles, as reference managers and people read them, and the columns of tables.
//!
//! Whatever an article's text says stays text: characters that the format gives a meaning are
//! escaped, control characters become spaces, and no value reaches beyond its line.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::article::Date;
use crate::search::{EntityCount, Hit};

/// Names of the columns of [`cells`].
pub const COLUMNS: [&str; 20] = [
    "rank",
    "score",
    "id",
    "path",
    "member",
    "title",
    "date",
    "source",
    "byline",
    "section",
    "page",
    "url",
    "language",
    "words",
    "status",
    "people",
    "organisations",
    "places",
    "copies",
    "snippet",
];

/// A hit as a row of a table, in the order of [`COLUMNS`]; several values are joined by `; `.
#[must_use]
pub fn cells(hit: &Hit) -> [String; 20] {
    let text = |value: &Option<String>| value.as_deref().map(plain).unwrap_or_default();
    let names = |entities: &[EntityCount]| {
        let names: Vec<String> = entities.iter().map(|entity| plain(&entity.name)).collect();
        names.join("; ")
    };
    let copies: Vec<&str> = hit.copies.iter().map(|copy| copy.id.as_str()).collect();
    let snippets: Vec<String> =
        hit.snippets.iter().map(|snippet| plain(&snippet.text)).collect();
    let authors: Vec<String> = hit.byline.iter().map(|author| plain(author)).collect();
    [
        hit.rank.to_string(),
        hit.score.to_string(),
        hit.id.clone(),
        plain(&hit.path),
        text(&hit.member),
        plain(&hit.title),
        hit.date.map(|date| date.to_string()).unwrap_or_default(),
        text(&hit.source),
        authors.join("; "),
        text(&hit.section),
        text(&hit.page),
        text(&hit.url),
        text(&hit.language),
        hit.words.to_string(),
        text(&hit.status),
        names(&hit.people),
        names(&hit.organisations),
        names(&hit.places),
        copies.join("; "),
        snippets.join(" … "),
    ]
}

/// A record in the RIS format (the tags of Research Information Systems' specification, as
/// reference managers read them), with the end of record and a blank line after it.
#[must_use]
pub fn ris(hit: &Hit) -> String {
    let mut record = Ris(String::new());
    record.line("TY", "NEWS");
    record.line("ID", &hit.id);
    record.line("TI", &headline(hit));
    for author in &hit.byline {
        record.line("AU", &family_first(author));
    }
    if let Some(date) = hit.date {
        record.line("PY", &format!("{:04}", date.year()));
        record.line("DA", &ris_date(date));
    }
    record.known("T2", hit.source.as_deref());
    record.known("SE", hit.section.as_deref());
    record.known("SP", hit.page.as_deref());
    record.known("LA", hit.language.as_deref());
    record.known("UR", web_address(hit));
    for name in keywords(hit) {
        record.line("KW", name);
    }
    record.line("AV", &place_in_archive(hit));
    record.line("DB", "newshound");
    record.line("ER", "");
    record.0.push('\n');
    record.0
}

struct Ris(String);

impl Ris {
    fn line(&mut self, tag: &str, value: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{tag}  - {}", plain(value));
    }

    fn known(&mut self, tag: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.line(tag, value);
        }
    }
}

/// `YYYY/MM/DD/`: parts that are not known stay empty between their slashes.
fn ris_date(date: Date) -> String {
    let part = |number: Option<u8>| number.map(|n| format!("{n:02}")).unwrap_or_default();
    format!("{:04}/{}/{}/", date.year(), part(date.month()), part(date.day()))
}

/// An `@article` entry for BibTeX and biblatex, in UTF-8, with a blank line after it.
#[must_use]
pub fn bibtex(hit: &Hit) -> String {
    let mut entry = format!("@article{{{},\n", hit.id);
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(entry, "  {name} = {{{value}}},");
    };
    // Braces around the whole keep the headline's capitals.
    field("title", &format!("{{{}}}", tex(&headline(hit))));
    if !hit.byline.is_empty() {
        let authors: Vec<String> = hit.byline.iter().map(|author| tex_author(author)).collect();
        field("author", &authors.join(" and "));
    }
    if let Some(source) = &hit.source {
        field("journal", &tex(source));
    }
    if let Some(date) = hit.date {
        field("date", &date.to_string());
        field("year", &format!("{:04}", date.year()));
        if let Some(month) = date.month() {
            field("month", &month.to_string());
        }
        if let Some(day) = date.day() {
            field("day", &day.to_string());
        }
    }
    if let Some(page) = &hit.page {
        field("pages", &tex(page));
    }
    if let Some(url) = web_address(hit) {
        // Braces that do not pair would end the field; an address may have them encoded.
        let encoded = plain(url).replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C");
        field("url", &encoded);
    }
    if let Some(language) = &hit.language {
        field("langid", &tex(language));
    }
    let kept = match &hit.section {
        Some(section) => format!("{}; {}", tex(section), tex(&place_in_archive(hit))),
        None => tex(&place_in_archive(hit)),
    };
    field("note", &kept);
    entry.push_str("}\n\n");
    entry
}

/// The name in TeX: where BibTeX would take it apart at the wrong place, by family name and given
/// name, and what is no person's name in braces.
fn tex_author(author: &str) -> String {
    let is_one_word = author.split_whitespace().nth(1).is_none() && !author.contains(',');
    match PersonName::read(author) {
        _ if is_one_word => tex(author),
        Some(PersonName { family, given, suffix: Some(suffix) }) => {
            format!("{}, {}, {}", tex(&family), tex(&suffix), tex(&given))
        }
        Some(PersonName { family, given, suffix: None })
            if family.contains(' ') || author.contains(',') =>
        {
            format!("{}, {}", tex(&family), tex(&given))
        }
        Some(_) => tex(author),
        None => format!("{{{}}}", tex(author)),
    }
}

/// The text with the characters that TeX acts on escaped.
fn tex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The item as CSL-JSON, one object on one line (type `article-newspaper` of the Citation Style
/// Language 1.0.2).
#[must_use]
pub fn csl_json(hit: &Hit) -> String {
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| {
        item.insert(key.to_owned(), value);
    };
    put("id", json!(hit.id));
    put("type", json!("article-newspaper"));
    put("title", json!(plain(&headline(hit))));
    let authors: Vec<Value> = hit.byline.iter().map(|author| csl_name(author)).collect();
    if !authors.is_empty() {
        put("author", json!(authors));
    }
    if let Some(date) = hit.date {
        let parts: Vec<i32> = [
            Some(i32::from(date.year())),
            date.month().map(i32::from),
            date.day().map(i32::from),
        ]
        .into_iter()
        .map_while(|part| part)
        .collect();
        put("issued", json!({ "date-parts": [parts] }));
    }
    for (key, value) in [
        ("container-title", hit.source.as_deref()),
        ("section", hit.section.as_deref()),
        ("page", hit.page.as_deref()),
        ("language", hit.language.as_deref()),
        ("URL", web_address(hit)),
        ("status", hit.status.as_deref()),
    ] {
        if let Some(value) = value {
            put(key, json!(plain(value)));
        }
    }
    let keywords: Vec<String> = keywords(hit).into_iter().map(plain).collect();
    if !keywords.is_empty() {
        put("keyword", json!(keywords.join(", ")));
    }
    put("archive", json!("newshound"));
    put("archive_location", json!(plain(&place_in_archive(hit))));
    Value::Object(item).to_string()
}

/// A name of two parts or more by family and given name; a single word, or what is plainly an
/// institution, as it is.
fn csl_name(author: &str) -> Value {
    match PersonName::read(author) {
        Some(PersonName { family, given, suffix: None }) => {
            json!({ "family": plain(&family), "given": plain(&given) })
        }
        Some(PersonName { family, given, suffix: Some(suffix) }) => {
            json!({ "family": plain(&family), "given": plain(&given), "suffix": plain(&suffix) })
        }
        None => json!({ "literal": plain(author) }),
    }
}

/// A list item in Markdown: the headline (linked where the article has an address), then what a
/// plain citation says.
#[must_use]
pub fn markdown(hit: &Hit) -> String {
    let title = markdown_text(&headline(hit));
    let title = match web_address(hit) {
        Some(url) => {
            let address =
                plain(url).replace(' ', "%20").replace('<', "%3C").replace('>', "%3E");
            format!("[{title}](<{address}>)")
        }
        None => format!("**{title}**"),
    };
    let authors: Vec<String> = hit.byline.iter().map(|author| markdown_text(author)).collect();
    let mut parts = Vec::new();
    if !authors.is_empty() {
        parts.push(authors.join(", "));
    }
    if let Some(source) = &hit.source {
        parts.push(format!("*{}*", markdown_text(source)));
    }
    parts.extend(hit.date.map(|date| date.to_string()));
    parts.extend(hit.page.as_ref().map(|page| format!("p. {}", markdown_text(page))));
    parts.push(format!("`{}`", hit.id));
    format!("- {title}. {}.\n", parts.join(", "))
}

fn markdown_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in plain(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '&') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A plain citation on one line: `Author, "Headline", Source, date, p. 3, address`.
#[must_use]
pub fn text(hit: &Hit) -> String {
    let mut parts = Vec::new();
    let authors: Vec<String> = hit.byline.iter().map(|author| plain(author)).collect();
    match authors.split_last() {
        None => {}
        Some((only, [])) => parts.push(only.clone()),
        Some((last, others)) => parts.push(format!("{} and {last}", others.join(", "))),
    }
    parts.push(format!("“{}”", plain(&headline(hit))));
    parts.extend(hit.source.as_deref().map(plain));
    parts.extend(hit.date.map(written_date));
    parts.extend(hit.page.as_deref().map(|page| format!("p. {}", plain(page))));
    parts.extend(web_address(hit).map(plain));
    format!("{}.", parts.join(", "))
}

/// The months, in the language of the pages.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date for a reader: `5 February 2013`, `February 2013`, `2013`, as precise as known.
pub(super) fn written_date(date: Date) -> String {
    let month = date.month().and_then(|month| MONTHS.get(usize::from(month) - 1));
    match (date.day(), month) {
        (Some(day), Some(month)) => format!("{day} {month} {}", date.year()),
        (None, Some(month)) => format!("{month} {}", date.year()),
        _ => date.year().to_string(),
    }
}

/// Whom and what the article names, each name once.
fn keywords(hit: &Hit) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for entity in hit.people.iter().chain(&hit.organisations).chain(&hit.places) {
        if !names.contains(&entity.name.as_str()) {
            names.push(&entity.name);
        }
    }
    names
}

/// The headline; for an article without one, where it is kept.
fn headline(hit: &Hit) -> String {
    if hit.title.trim().is_empty() {
        format!("[untitled: {}]", place_in_archive(hit))
    } else {
        hit.title.clone()
    }
}

fn place_in_archive(hit: &Hit) -> String {
    match &hit.member {
        Some(member) => format!("{}#{}", hit.path, member.trim_start_matches('#')),
        None => hit.path.clone(),
    }
}

/// The article's address, if it is one of the web: no script and no local file.
fn web_address(hit: &Hit) -> Option<&str> {
    let url = hit.url.as_deref()?;
    let scheme = url.split_once("://").map(|(scheme, _)| scheme)?;
    ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)).then_some(url)
}

/// `Smith, Jane` for `Jane Smith`, and `Smith, John, Jr.`, as the RIS format has it.
fn family_first(author: &str) -> String {
    match PersonName::read(author) {
        Some(PersonName { family, given, suffix: None }) => format!("{family}, {given}"),
        Some(PersonName { family, given, suffix: Some(suffix) }) => {
            format!("{family}, {given}, {suffix}")
        }
        None => author.to_owned(),
    }
}

/// Words that stand before a family name and belong to it.
const PARTICLES: [&str; 22] = [
    "von", "van", "der", "den", "ter", "de", "di", "da", "del", "della", "la", "le", "al",
    "bin", "dos", "das", "du", "zu", "af", "Ó", "Ní", "Mac",
];

/// Words behind a name that tell bearers of one name apart.
const SUFFIXES: [&str; 7] = ["Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"];

/// Words by which a byline names a desk or a house, not a person.
const INSTITUTIONS: [&str; 10] = [
    "press",
    "news",
    "staff",
    "agency",
    "agencies",
    "correspondent",
    "reporter",
    "reporters",
    "desk",
    "the",
];

/// A person's name in its parts.
struct PersonName {
    /// The family name with its particles.
    family: String,
    given: String,
    suffix: Option<String>,
}

impl PersonName {
    /// `None` for a single word, and for what is plainly an institution.
    fn read(author: &str) -> Option<Self> {
        let mut words: Vec<&str> = author.split_whitespace().collect();
        let suffix = words.pop_if(|last| SUFFIXES.contains(last)).map(str::to_owned);
        let author = words.join(" ");
        let author = author.trim_end_matches(',');
        if let Some((family, given)) = author.split_once(',') {
            let (family, given) = (family.trim().to_owned(), given.trim().to_owned());
            return (!family.is_empty() && !given.is_empty()).then_some(Self {
                family,
                given,
                suffix,
            });
        }
        let words: Vec<&str> = author.split_whitespace().collect();
        let is_institution = words
            .iter()
            .any(|word| INSTITUTIONS.iter().any(|known| word.eq_ignore_ascii_case(known)));
        if is_institution || words.len() < 2 {
            return None;
        }
        let mut first = words.len() - 1;
        while first > 1 && words.get(first - 1).is_some_and(|word| PARTICLES.contains(word)) {
            first -= 1;
        }
        let (given, family) = words.split_at_checked(first)?;
        Some(Self { family: family.join(" "), given: given.join(" "), suffix })
    }
}

/// The text on one line, without what a terminal or a reader of records would act on.
fn plain(text: &str) -> String {
    text.chars().map(|c| if acts(c) { ' ' } else { c }).collect()
}

/// Control characters, and the marks that change lines or the direction of what follows.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit() -> Hit {
        let named = |name: &str| EntityCount { name: name.to_owned(), mentions: 2 };
        Hit {
            rank: 1,
            score: 12.5,
            id: "k1a2b3".to_owned(),
            path: "asia/50%_of_talks.txt".to_owned(),
            member: None,
            title: "Talks {end} at 50% & “Zürich” waits".to_owned(),
            date: "2013-02-05".parse().ok(),
            date_precision: Some(crate::article::Precision::Day),
            source: Some("The Herald & Post".to_owned()),
            byline: vec!["Jane de la Cruz".to_owned(), "Staff and Agencies".to_owned()],
            section: Some("World".to_owned()),
            page: Some("A3".to_owned()),
            url: Some("https://herald.example/talks?a=1&b={2}".to_owned()),
            language: Some("en".to_owned()),
            words: 380,
            status: None,
            people: vec![named("Fumio Kishida")],
            organisations: Vec::new(),
            places: vec![named("Zürich")],
            snippets: Vec::new(),
            copies: Vec::new(),
            context: Vec::new(),
            explain: None,
        }
    }

    /// An article of which hardly anything is known, and whose text means harm.
    fn bare() -> Hit {
        Hit {
            title: String::new(),
            date: "1950".parse().ok(),
            source: Some("Post\r\nER  - \u{1b}[2J".to_owned()),
            byline: vec!["Reuters".to_owned()],
            section: None,
            page: None,
            url: Some("javascript:alert(1)".to_owned()),
            member: Some("#2".to_owned()),
            people: Vec::new(),
            places: Vec::new(),
            ..hit()
        }
    }

    #[test]
    fn ris_has_a_tag_for_everything_that_is_known() {
        insta::assert_snapshot!(ris(&hit()), @r"
        TY  - NEWS
        ID  - k1a2b3
        TI  - Talks {end} at 50% & “Zürich” waits
        AU  - de la Cruz, Jane
        AU  - Staff and Agencies
        PY  - 2013
        DA  - 2013/02/05/
        T2  - The Herald & Post
        SE  - World
        SP  - A3
        LA  - en
        UR  - https://herald.example/talks?a=1&b={2}
        KW  - Fumio Kishida
        KW  - Zürich
        AV  - asia/50%_of_talks.txt
        DB  - newshound
        ER  -
        ");
        insta::assert_snapshot!(ris(&bare()), @r"
        TY  - NEWS
        ID  - k1a2b3
        TI  - [untitled: asia/50%_of_talks.txt#2]
        AU  - Reuters
        PY  - 1950
        DA  - 1950///
        T2  - Post  ER  -  [2J
        LA  - en
        AV  - asia/50%_of_talks.txt#2
        DB  - newshound
        ER  -
        ");
    }

    #[test]
    fn bibtex_escapes_what_tex_acts_on() {
        insta::assert_snapshot!(bibtex(&hit()), @r"
        @article{k1a2b3,
          title = {{Talks \{end\} at 50\% \& “Zürich” waits}},
          author = {de la Cruz, Jane and {Staff and Agencies}},
          journal = {The Herald \& Post},
          date = {2013-02-05},
          year = {2013},
          month = {2},
          day = {5},
          pages = {A3},
          url = {https://herald.example/talks?a=1&b=%7B2%7D},
          langid = {en},
          note = {World; asia/50\%\_of\_talks.txt},
        }
        ");
    }

    #[test]
    fn csl_json_tells_people_from_desks() {
        let item: Value = serde_json::from_str(&csl_json(&hit())).unwrap();
        assert_eq!(item["type"], "article-newspaper");
        assert_eq!(
            item["author"],
            json!([{ "family": "de la Cruz", "given": "Jane" }, { "literal": "Staff and Agencies" }])
        );
        assert_eq!(item["issued"], json!({ "date-parts": [[2013, 2, 5]] }));
        assert_eq!(item["container-title"], "The Herald & Post");
        let bare: Value = serde_json::from_str(&csl_json(&bare())).unwrap();
        assert_eq!(bare["issued"], json!({ "date-parts": [[1950]] }));
        assert_eq!(bare["author"], json!([{ "literal": "Reuters" }]));
        assert_eq!(bare.get("URL"), None);
    }

    #[test]
    fn names_keep_their_particles_and_suffixes_in_every_format() {
        let check = |author: &str, ris: &str, bibtex: &str, csl: Value| {
            assert_eq!(family_first(author), ris);
            assert_eq!(tex_author(author), bibtex);
            assert_eq!(csl_name(author), csl);
        };
        let name = |family: &str, given: &str| json!({ "family": family, "given": given });
        check("Ann Lee", "Lee, Ann", "Ann Lee", name("Lee", "Ann"));
        check("Lee, Ann", "Lee, Ann", "Lee, Ann", name("Lee", "Ann"));
        check("Seán Ó Briain", "Ó Briain, Seán", "Ó Briain, Seán", name("Ó Briain", "Seán"));
        check(
            "Sam de la Cruz Jr.",
            "de la Cruz, Sam, Jr.",
            "de la Cruz, Jr., Sam",
            json!({ "family": "de la Cruz", "given": "Sam", "suffix": "Jr." }),
        );
        check("Reuters", "Reuters", "Reuters", json!({ "literal": "Reuters" }));
        check("City Desk", "City Desk", "{City Desk}", json!({ "literal": "City Desk" }));
    }

    #[test]
    fn several_authors_are_named_in_a_row() {
        let byline = ["Ann Lee", "Bo Ek", "Cy Orr"].map(str::to_owned).to_vec();
        let cited = text(&Hit { byline, ..hit() });
        assert!(cited.starts_with("Ann Lee, Bo Ek and Cy Orr, “"), "{cited}");
    }

    #[test]
    fn text_and_markdown_are_one_line_each() {
        insta::assert_snapshot!(text(&hit()), @"Jane de la Cruz and Staff and Agencies, “Talks {end} at 50% & “Zürich” waits”, The Herald & Post, 5 February 2013, p. A3, https://herald.example/talks?a=1&b={2}.");
        insta::assert_snapshot!(text(&bare()), @"Reuters, “[untitled: asia/50%_of_talks.txt#2]”, Post  ER  -  [2J, 1950.");
        insta::assert_snapshot!(markdown(&hit()), @r"- [Talks {end} at 50% \& “Zürich” waits](<https://herald.example/talks?a=1&b={2}>). Jane de la Cruz, Staff and Agencies, *The Herald \& Post*, 2013-02-05, p. A3, `k1a2b3`.");
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let row = cells(&bare());
        assert_eq!(row.len(), COLUMNS.len());
        assert!(row.iter().flat_map(|cell| cell.chars()).all(|c| !c.is_control()));
        let column = |name| COLUMNS.iter().position(|column| *column == name).unwrap();
        assert_eq!(row[column("date")], "1950");
        assert_eq!(cells(&hit())[column("people")], "Fumio Kishida");
    }
}
