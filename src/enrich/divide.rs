//! A text too long for one article, cut into parts.
//!
//! Nobody writes an article of megabytes: such a file is a book, a year's edition, a log. As one
//! article it would need memory many times its size, and a hit in it would be found but not read.

use crate::article::Article;

/// The longest text that stays whole, in bytes; *War and Peace* has about three million letters.
pub(super) const LONGEST: usize = 4 << 20;

/// The parts of an article, in order: itself, where its text is not longer than four MiB. Each
/// part has the headline, byline and dates of the whole and names its place as its
/// [`Article::item`]. No word is lost: a part ends with a paragraph, or else a line or a word.
#[must_use]
pub fn divide(article: Article) -> Vec<Article> {
    divide_at(article, LONGEST)
}

fn divide_at(mut article: Article, longest: usize) -> Vec<Article> {
    let starts = starts_of_parts(&article.body, longest);
    if starts.is_empty() {
        return vec![article];
    }
    let mut body = std::mem::take(&mut article.body);
    let size = body.len() >> 20;
    let count = starts.len() + 1;
    // From behind, so that the text is never held twice.
    let mut tails: Vec<String> = starts.iter().rev().map(|&at| body.split_off(at)).collect();
    tails.push(body);
    let mut shared = article.clone();
    shared.captions.clear();
    shared.boilerplate.clear();
    shared.problems.clear();
    article
        .problems
        .push(format!("a text of {size} MiB: it is kept as {count} articles, part by part"));
    let parts = tails.into_iter().rev().enumerate().map(|(index, text)| {
        let mut part = if index == 0 { std::mem::take(&mut article) } else { shared.clone() };
        let place = format!("part {} of {count}", index + 1);
        part.item = Some(match &shared.item {
            Some(item) => format!("{item}, {place}"),
            None => place,
        });
        text.trim_matches(['\n', ' ']).clone_into(&mut part.body);
        part
    });
    parts.collect()
}

/// Where the second and every later part begins.
fn starts_of_parts(text: &str, longest: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut start = 0;
    while text.len() - start > longest {
        let end = text.floor_char_boundary(start + longest);
        let whole = text.get(start..end).unwrap_or_default();
        // A part that a rare paragraph mark would make short is cut at the next best place.
        let cut = ["\n\n", "\n", " "]
            .iter()
            .filter_map(|mark| whole.rfind(mark).map(|at| at + mark.len()))
            .find(|&at| at > longest / 2)
            .unwrap_or(whole.len());
        start += cut.max(1);
        starts.push(start);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, longest: usize, wanted: &[&str]) {
        let article = Article {
            title: "Diary".to_owned(),
            body: body.to_owned(),
            boilerplate: vec!["Copyright".to_owned()],
            ..Article::default()
        };
        let parts = divide_at(article, longest);
        let texts: Vec<&str> = parts.iter().map(|part| part.body.as_str()).collect();
        assert_eq!(texts, wanted);
        assert!(parts.iter().all(|part| part.title == "Diary"));
        assert_eq!(parts.iter().map(|part| part.boilerplate.len()).sum::<usize>(), 1);
    }

    #[test]
    fn a_long_text_is_cut_between_paragraphs_or_words_and_never_in_a_character() {
        check("Short.", 12, &["Short."]);
        check("One two.\n\nThree four.", 12, &["One two.", "Three four."]);
        check("One two three four", 12, &["One two", "three four"]);
        check("ééééééééé", 8, &["éééé", "éééé", "é"]);
    }
}
