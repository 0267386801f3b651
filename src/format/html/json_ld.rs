//! JSON-LD after schema.org: what most news sites tell search engines about the article.

use serde_json::{Map, Value};

/// The article that a page's JSON-LD describes. Texts are as written there.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) body: Option<String>,
    pub(super) description: Option<String>,
    /// Type and name of what it is `about` or `mentions`.
    pub(super) subjects: Vec<(String, String)>,
}

/// Reads the article out of all JSON-LD scripts of a page.
pub(super) fn describe<'a>(scripts: impl Iterator<Item = &'a str>) -> Option<Described> {
    let documents: Vec<Value> = scripts.filter_map(parse).collect();
    let mut items = Vec::new();
    for document in &documents {
        collect_items(document, &mut items, 0);
    }
    let article = items
        .iter()
        .filter(|item| is_article(item))
        // Lists of other articles have shorter entries; the page's own has the most to say.
        .max_by_key(|item| (text_of(item.get("headline")).is_some(), item.len()))?;
    let resolve = |value: &Value| -> Option<Map<String, Value>> {
        let object = value.as_object()?;
        match object.get("@id").and_then(Value::as_str) {
            Some(id) if object.len() == 1 => items
                .iter()
                .find(|item| item.get("@id").and_then(Value::as_str) == Some(id))
                .map(|item| (*item).clone()),
            _ => Some(object.clone()),
        }
    };
    let name = |value: &Value| -> Option<String> {
        text_of(Some(value)).or_else(|| {
            let object = resolve(value)?;
            text_of(object.get("name"))
                .or_else(|| text_of(object.get("legalName")))
                .or_else(|| text_of(object.get("alternateName")))
        })
    };
    let each = |key: &str| article.get(key).map(as_list).unwrap_or_default();
    let mut authors: Vec<String> =
        each("author").iter().filter_map(|value| name(value)).collect();
    if authors.is_empty() {
        authors = each("creator").iter().filter_map(|value| name(value)).collect();
    }
    let subjects = ["about", "mentions"].iter().flat_map(|key| each(key)).filter_map(|value| {
        let kind = types_of(value.as_object()?).first().map(|kind| (*kind).to_owned())?;
        Some((kind, name(value)?))
    });
    Some(Described {
        headline: text_of(article.get("headline")).or_else(|| text_of(article.get("name"))),
        published: ["datePublished", "dateCreated", "uploadDate", "dateModified"]
            .iter()
            .find_map(|key| text_of(article.get(*key))),
        publisher: each("publisher").iter().find_map(|value| name(value)),
        section: each("articleSection").iter().find_map(|value| text_of(Some(value))),
        language: article.get("inLanguage").and_then(name),
        url: text_of(article.get("url")).or_else(|| {
            let page = article.get("mainEntityOfPage")?;
            text_of(Some(page)).or_else(|| text_of(page.get("@id")))
        }),
        body: text_of(article.get("articleBody")),
        description: text_of(article.get("description")),
        subjects: subjects.collect(),
        authors,
    })
}

fn as_list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Array(list) => text_of(list.first()),
        Value::Object(object) => match object.get("@value") {
            Some(Value::String(text)) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// All objects that may be items: top level, lists, `@graph`, and the main entity of a page.
fn collect_items<'a>(value: &'a Value, items: &mut Vec<&'a Map<String, Value>>, depth: usize) {
    if depth > 4 {
        return;
    }
    match value {
        Value::Array(list) => {
            for item in list {
                collect_items(item, items, depth + 1);
            }
        }
        Value::Object(object) => {
            items.push(object);
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let Some(inner) = object.get(key) {
                    collect_items(inner, items, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn types_of(item: &Map<String, Value>) -> Vec<&str> {
    item.get("@type")
        .map(as_list)
        .unwrap_or_default()
        .into_iter()
        .filter_map(Value::as_str)
        .collect()
}

fn is_article(item: &Map<String, Value>) -> bool {
    types_of(item).iter().any(|kind| {
        let kind = kind.rsplit(['/', ':', '#']).next().unwrap_or(kind);
        kind.ends_with("Article")
            || kind.ends_with("BlogPosting")
            || matches!(kind, "Report" | "Review" | "OpinionPiece")
    })
}

/// Parses JSON as pages have it: inside comments, with line ends inside strings, with a comma or
/// semicolon too many.
fn parse(script: &str) -> Option<Value> {
    let mut text = script.trim();
    for (open, close) in [
        ("<!--", "-->"),
        ("//<![CDATA[", "//]]>"),
        ("/*<![CDATA[*/", "/*]]>*/"),
        ("<![CDATA[", "]]>"),
    ] {
        text = text.strip_prefix(open).unwrap_or(text).trim();
        text = text.strip_suffix(close).unwrap_or(text).trim();
    }
    let text = text.trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mended = mend(text);
    // Two documents in one script, or rubbish behind the first: the first is read.
    serde_json::Deserializer::from_str(&mended).into_iter::<Value>().next()?.ok()
}

fn mend(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        if in_string {
            let ends = c == '"' && !escaped;
            in_string = !ends;
            escaped = c == '\\' && !escaped;
            mended.push(if c.is_control() { ' ' } else { c });
            continue;
        }
        match c {
            '"' => in_string = true,
            '}' | ']' if mended.trim_end().ends_with(',') => {
                mended.truncate(mended.trim_end().len() - 1);
            }
            _ => {}
        }
        mended.push(c);
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphs_references_and_faults_are_understood() {
        let script = r##"<!-- {"@context":"https://schema.org","@graph":[
            {"@type":["NewsArticle","Article"],"headline":"Talks
end","author":[{"@id":"#jm"},{"@type":"Person","name":"Ana Ruiz"}],
             "publisher":{"name":"The Daily"},"datePublished":"2013-02-05T10:00:00+09:00",
             "mentions":{"@type":"Person","name":"John Kerry"},},
            {"@id":"#jm","@type":"Person","name":"Jo Müller"}]}; -->"##;
        let described = describe([script, "{broken", "[]"].into_iter()).unwrap();
        assert_eq!(described.headline.as_deref(), Some("Talks end"));
        assert_eq!(described.authors, ["Jo Müller", "Ana Ruiz"]);
        assert_eq!(described.publisher.as_deref(), Some("The Daily"));
        assert_eq!(described.subjects, [("Person".to_owned(), "John Kerry".to_owned())]);
    }
}
