//! The language as a whole: what each text is read as, what is refused and where, and the
//! properties that hold for any text and any tree.

use proptest::prelude::*;

use super::ast::{trim_punctuation, value};
use super::*;

/// Reads a query and compares its canonical form.
fn check(text: &str, canonical: &str) -> Vec<String> {
    let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(parsed.query.to_string(), canonical, "{text}");
    let again = parse(canonical).unwrap_or_else(|error| panic!("{canonical}: {error}"));
    assert_eq!(again.query, parsed.query, "{text}");
    parsed.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn precedence_is_that_of_the_news_databases() {
    for (text, canonical) in [
        ("a b", "a b"),
        ("a AND b", "a b"),
        ("a OR b", "a OR b"),
        ("a OR b c", "(a OR b) c"),
        ("a b OR c", "a (b OR c)"),
        ("a AND b OR c AND d", "a (b OR c) d"),
        ("(a b) OR c", "(a b) OR c"),
        ("NOT a OR b", "(NOT a) OR b"),
        ("a NOT b OR c", "a ((NOT b) OR c)"),
        ("a OR b NOT c", "(a OR b) NOT c"),
        ("a AND NOT b", "a NOT b"),
        ("a -b", "a NOT b"),
        ("-kerry", "NOT kerry"),
        ("-(a b)", "NOT (a b)"),
        ("- a", "a"),
        ("--a", "a"),
        ("NOT NOT a", "a"),
        ("NOT a W/5 b", "NOT (a W/5 b)"),
        ("a W/5 b c", "(a W/5 b) c"),
        ("a W/5 b OR c", "(a W/5 b) OR c"),
        ("a W/5 b PRE/3 c", "(a W/5 b) PRE/3 c"),
        ("a W/5 (b PRE/3 c)", "a W/5 (b PRE/3 c)"),
        ("a NOT W/5 b", "a NOT W/5 b"),
        ("(a b) c (d)", "a b c d"),
        ("((a OR b) OR c)", "a OR b OR c"),
        ("* -a", "* NOT a"),
    ] {
        check(text, canonical);
    }
}

#[test]
fn every_form_is_read() {
    for (text, canonical) in [
        ("a w/5 b", "a W/5 b"),
        ("a pre/5 b", "a PRE/5 b"),
        ("a Pre/5 b", "a PRE/5 b"),
        ("a w/s b", "a W/S b"),
        ("a W/P b", "a W/P b"),
        ("a NEAR5 b ADJ/2 c", "(a W/5 b) PRE/2 c"),
        ("x not w/5 y", "x NOT W/5 y"),
        (
            "(nuclear OR missile*) W/10 (test OR launch*)",
            "(nuclear OR missile*) W/10 (test OR launch*)",
        ),
        ("sanctions W/10 PERSON", "sanctions W/10 PERSON"),
        ("fraud W/5 person:\"John Kerry\"", "fraud W/5 person:\"John Kerry\""),
        ("\"a b\"~5 W/3 c?d", "\"a b\"~5 W/3 c?d"),
        ("“north korea” test", "\"north korea\" test"),
        ("\"war * peace*\"", "\"war * peace*\""),
        ("\"Kerry, (John) & Co\"", "\"Kerry John Co\""),
        ("atleast3(a OR b)", "ATLEAST3(a OR b)"),
        ("ATLEAST2 (a)", "ATLEAST2(a)"),
        ("LEAD(a b)", "lead:(a b)"),
        ("HEADLINE(a)", "title:a"),
        ("title:(a OR b) body:c*", "title:(a OR b) body:c*"),
        ("title:*", "title:*"),
        ("Title:=tests", "title:=tests"),
        ("headline:person:\"John Kerry\"", "title:person:\"John Kerry\""),
        ("person:kerry, talks", "person:kerry talks"),
        ("person:(John Kerry OR \"Rice\") x", "(person:\"John Kerry\" OR person:Rice) x"),
        ("-source:(Reuters OR AP)", "NOT (source:Reuters OR source:AP)"),
        ("org:*", "ORG"),
        ("byline:\"A \\\"B\\\" C\"", "by:\"A \\\"B\\\" C\""),
        ("language:en desk:world", "lang:en section:world"),
        ("date:2012", "date:2012"),
        ("date:2012-2..2013", "date:2012-02..2013"),
        ("date:>2012", "date:2013.."),
        ("date:<=2012-05-01", "date:..2012-05-01"),
        ("date:2012..", "date:2012.."),
        ("date:(2012 OR 2014)", "date:2012 OR date:2014"),
        ("date:*", "undated:false"),
        ("words:>500", "words:>=501"),
        ("words:100..200", "words:100..200"),
        ("words:<100", "words:<=99"),
        ("undated: a", "undated:true a"),
        ("undated:no", "undated:false"),
        ("+a +\"b c\"", "a \"b c\""),
        ("kery~ gadafi~2 =kerry's", "kery~ gadafi~2 =kerry's"),
        ("wom?n missil*", "wom?n missil*"),
    ] {
        let warnings = check(text, canonical);
        let none: [String; 0] = [];
        assert_eq!(warnings, none, "{text}");
    }
}

#[test]
fn words_with_signs_inside_stay_one_word() {
    for text in [
        "o'brien",
        "U.S.",
        "C++",
        "sung-hwan",
        "AT&T",
        "10:30",
        "http://www.example.org/a?b",
        "re:2",
        "and/or",
        "w/o",
        "pre/post",
        "W",
        "km/h",
        "a~b",
        "atleast3",
        "LEAD",
    ] {
        let parsed = parse(text).unwrap();
        assert!(matches!(parsed.query.kind, Kind::Word(_)), "{text}: {:?}", parsed.query);
        assert_eq!(parsed.warnings, [], "{text}");
    }
}

#[test]
fn untidy_texts_are_read_with_a_warning() {
    for (text, canonical, warning) in [
        ("a OR b c", "(a OR b) c", "OR is joined before AND"),
        ("a OR -b c", "(a OR (NOT b)) c", "OR is joined before AND"),
        ("\"north korea", "\"north korea\"", "an open quote is closed after north korea"),
        ("kerry\"", "kerry", "a stray quote"),
        ("a \"kerry", "a kerry", "a stray quote"),
        ("12\" record \"a b\"", "12 record \"a b\"", "a stray quote"),
        ("(title:\"north korea) OR x", "title:\"north korea\" OR x", "an open quote"),
        ("\"north korea -south", "\"north korea\" NOT south", "an open quote"),
        ("\"north korea AND x", "\"north korea\" x", "an open quote"),
        ("\"\" a", "a", "quotes around nothing"),
        ("a) b", "a b", "a closing parenthesis that closes nothing"),
        ("(a OR b", "a OR b", "an open parenthesis is closed at the end"),
        ("a ( b", "a b", "an open parenthesis is closed"),
        ("a (", "a", "a parenthesis that opens nothing"),
        ("a () b", "a b", "empty parentheses"),
        ("Iran - Iraq", "Iran Iraq", "- holds no letter or digit"),
        ("a && b", "a b", "&& holds no letter or digit and is left out (AND connects)"),
        ("warning:fire", r"warning\:fire", "warning: is no field and is read as words"),
        ("title: kerry", "title:kerry", "title: is read with what follows the space"),
        ("person:John Kerry", "person:John Kerry", "person: takes one word, John"),
        ("kery~7", "kery~2", "~ allows one edit or two, and is read as ~2"),
        ("ker*~", "ker*", "a ~ beside wildcards"),
        ("\"a b\"~ c", "\"a b\" c", "a ~ without a number"),
        ("\"a b\"~99999999999", "\"a b\"~1000", "~99999999999 is read as ~1000"),
        ("a or b", "a or b", "or is read as a word"),
        ("who shot kennedy?", "who shot kennedy?", "the ? at the end stands for one letter"),
    ] {
        let warnings = check(text, canonical);
        assert_eq!(warnings.len(), 1, "{text}: {warnings:?}");
        assert!(warnings[0].starts_with(warning), "{text}: {warnings:?}");
    }
}

#[test]
fn errors_point_at_what_is_wrong() {
    for (text, carets, message, hint) in [
        ("a persn:kerry", "  ^^^^^^", "unknown field persn:", "did you mean person:?"),
        ("titel:(a)", "^^^^^^", "unknown field titel:", "did you mean title:?"),
        ("a title:", "  ^^^^^^", "title: has no value", "for example title:("),
        ("by: AND x", "^^^", "by: has no value", "for example by:"),
        ("date:2012-13", "^^^^^^^^^^^^", "2012-13 is no date: months", "for example date:"),
        ("date:2011-02-29", "^^^^^^^^^^^^^^^", "2011-02-29 is no date: that month has 28", ""),
        ("date:2013..2012", "^^^^^^^^^^^^^^^", "2013..2012 is no date: the range ends", ""),
        ("date:..", "^^^^^^^", ".. is no date: a range needs", ""),
        ("words:many", "^^^^^^^^^^", "many is no number of words", "for example words:>500"),
        ("undated:maybe", "^^^^^^^^^^^^^", "maybe is neither true nor false", ""),
        ("a W/0 b", "  ^^^", "W/0 has no distance from 1 to 1000", "for example a W/5 b"),
        ("a W/five b", "  ^^^^^^", "W/five has no distance", ""),
        ("a pre/99999 b", "  ^^^^^^^^^", "pre/99999 has no distance", ""),
        ("ATLEAST(a)", "^^^^^^^", "ATLEAST has no count", "for example ATLEAST3("),
        ("atleast0(a)", "^^^^^^^^", "atleast0 has no count", ""),
        ("ATLEAST3 a", "^^^^^^^^", "ATLEAST3 is not followed by parentheses", ""),
        ("a AND", "  ^^^", "AND has nothing after it to connect", "to search for the word"),
        ("OR a", "^^", "OR has nothing before it to connect", ""),
        ("a AND OR b", "  ^^^", "AND has nothing after it", ""),
        ("(a OR) b", "   ^^", "OR has nothing after it", ""),
        ("a NOT", "  ^^^", "NOT has nothing after it", ""),
        ("a W/5", "  ^^^", "W/5 has nothing after it", ""),
        ("a AND & W/5 b", "  ^^^", "AND has nothing after it", ""),
        ("(a b) W/5 c", " ^^^", "AND cannot stand inside W/5", "put a phrase in quotes"),
        ("c W/5 (a -b)", "       ^^^^", "AND cannot stand inside W/5", ""),
        ("a W/5 NOT b", "      ^^^", "NOT cannot stand inside W/5", "a NOT W/5 b"),
        ("a w/s date:2012", "      ^^^^^^^^^", "a clause about the whole article", ""),
        ("title:a W/5 b", "^^^^^^^", "title: cannot stand inside W/5", "put the field around"),
        ("a W/5 LEAD(b)", "      ^^^^^^", "lead: cannot stand inside W/5", ""),
        ("a W/5 *", "      ^", "a lone * cannot stand inside W/5", ""),
        ("a NOT PRE/5 b", "  ^^^^^^^^^", "NOT cannot stand before PRE/5", ""),
        ("ATLEAST3(a b)", "         ^^^", "AND cannot stand inside ATLEAST3", ""),
        ("title:(a body:b)", "         ^^^^^", "body: stands inside title:", ""),
        ("by:(a title:b)", "      ^^^^^^", "title: stands inside by:", ""),
        ("by:(a W/5 b)", "      ^^^", "W/5 has no meaning in a value of by:", ""),
        ("by:(ATLEAST3(b))", "    ^^^^^^^^", "ATLEAST3 has no meaning in a value", ""),
        ("   ", "^^^", "the query holds no word", ""),
        ("?! -- ()", "^^^^^^^^", "the query holds no word", ""),
        ("", "^", "the query holds no word", ""),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.render(text), format!("{text}\n{carets}"), "{error}");
        assert!(error.to_string().starts_with(message), "{text}: {error}");
        assert!(error.hint().unwrap_or_default().starts_with(hint), "{text}: {error:?}");
    }
    let long = "a ".repeat(MAX_CHARS / 2 + 1);
    assert_eq!(parse(&long).unwrap_err().kind, ParseErrorKind::TooLong { chars: 10_002 });
}

#[test]
fn plain_words_have_no_operators() {
    let parsed =
        parse_plain("Who (really) said \"NOT W/5\" AND title:x? U.S., -- C++").unwrap();
    let words = r"Who OR really OR said OR \NOT OR \W/5 OR \AND OR title\:x OR U.S. OR C++";
    assert_eq!(parsed.query.to_string(), words);
    assert_eq!(parse(words).unwrap().query, parsed.query);
    assert_eq!(parse_plain("-- ?").unwrap_err().kind, ParseErrorKind::Empty);
}

#[test]
fn deep_and_long_queries_are_survived() {
    let nested = format!("{}a OR b{}", "(".repeat(4990), ")".repeat(4990));
    let warnings = check(&nested, "a OR b");
    assert!(warnings[0].contains(&MAX_HEIGHT.to_string()), "{warnings:?}");
    let chain = vec!["a"; MAX_HEIGHT + 1].join(" W/5 ");
    assert_eq!(parse(&chain).unwrap_err().kind, ParseErrorKind::TooDeep);
    let level = "(NOT a W/5 b OR c d ";
    let tall: String = level.chars().cycle().take(MAX_CHARS / 2).collect();
    let parsed = parse(&tall).unwrap();
    assert_eq!(parse(&parsed.query.to_string()).unwrap().query, parsed.query);
    let chain = parse(&vec!["a"; MAX_HEIGHT].join(" W/5 ")).unwrap().query;
    assert_eq!(parse(&chain.to_string()).unwrap().query, chain);
    for unit in [
        "(",
        ")",
        "-",
        "\"",
        "NOT ",
        "a OR ",
        "(-",
        "title:(",
        "person:(",
        "\\",
        "*",
        "x:",
        "& ",
        "a\" ",
        "ATLEAST3(",
    ] {
        let text: String = unit.chars().cycle().take(MAX_CHARS).collect();
        let _ = parse(&text);
    }
}

/// Text that is hard on a parser: the language's own words and signs in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "(", ")", "\"", "“", "-", "+", "=", "~", "~2", "*", "?", "\\", ":", "..", " ",
            "\u{0}", "AND", "OR", "NOT", "not", "W/5", "w/s", "PRE/3", "NEAR2", "ATLEAST2(",
            "LEAD(", "title:", "person:", "by:", "date:", "words:", "undated:", "PERSON",
            "2012", "2012-02", ">5", "foo:", "http://", "12\"", "é", "日本", "&",
        ]).prop_map(str::to_owned),
        2 => "[a-c]{1,3}",
        4 => Just(" ".to_owned()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn word() -> impl Strategy<Value = Word> {
    let plain = prop_oneof![
        3 => "[a-e]{1,4}",
        1 => r#"[-+=~:*?/\\().'"“&a-cé日0-9]{1,6}"#,
        1 => prop::sample::select(vec![
            "AND", "OR", "NOT", "not", "or", "PERSON", "W/5", "w/s", "PRE/x", "ATLEAST",
            "atleast3", "LEAD", "title:x", "foo:bar", "http://a", "NEAR5", "0", "W/5~", "-a",
        ]).prop_map(str::to_owned),
    ];
    let form = prop_oneof![
        3 => Just(Form::Stemmed),
        1 => Just(Form::Exact),
        1 => (1..=2u8).prop_map(Form::Fuzzy),
    ];
    let literal = (plain, form).prop_filter_map("no word", |(text, form)| {
        Some(Word { form, ..Word::stemmed(&text)? })
    });
    let pattern = r"[a-c:~\\(]{0,3}[a-c][*?][a-c*?]{0,2}".prop_map(|text| Word {
        text: trim_punctuation(&text).to_owned(),
        form: Form::Pattern,
    });
    prop_oneof![4 => literal, 1 => pattern]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-e*]{1,4}", r#"[-a-c "“\\().:~]{1,8}"#]
        .prop_filter_map("no name", |text| value(&text))
}

fn date() -> impl Strategy<Value = DateBound> {
    (1000..3000i16, prop::option::of(1..13u8), 0..29u8).prop_map(|(year, month, day)| {
        let day = month.and((day > 0).then_some(day));
        DateBound::new(year, month, day).unwrap()
    })
}

fn positioned() -> impl Strategy<Value = Query> {
    let phrase = (prop::collection::vec(word(), 1..4), 0..3u32).prop_map(|(words, slop)| {
        let slop = if words.len() == 1 { 0 } else { slop };
        let words = words.into_iter().map(|word| word.text).collect();
        Kind::Phrase(Phrase { words, slop })
    });
    let kind = prop::sample::select(EntityKind::ALL.to_vec());
    let leaf = prop_oneof![
        4 => word().prop_map(Kind::Word),
        2 => phrase,
        1 => kind.clone().prop_map(Kind::Mention),
        1 => (kind, name()).prop_map(|(kind, name)| Kind::Entity { kind, name }),
    ]
    .prop_map(Query::from);
    let proximity = prop_oneof![
        (1..50u32).prop_map(Proximity::Within),
        (1..50u32).prop_map(Proximity::Before),
        (1..50u32).prop_map(Proximity::NotWithin),
        Just(Proximity::Sentence),
        Just(Proximity::Paragraph),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let either =
            prop::collection::vec(inner.clone(), 2..4).prop_filter_map("empty", Query::any_of);
        let near =
            (proximity.clone(), inner.clone(), inner).prop_map(|(proximity, left, right)| {
                let (left, right) = (Box::new(left), Box::new(right));
                Query::from(Kind::Near { proximity, left, right })
            });
        prop_oneof![either, near]
    })
}

fn whole_article() -> impl Strategy<Value = Query> {
    let attribute = prop::sample::select(vec![
        Attribute::Source,
        Attribute::Byline,
        Attribute::Section,
        Attribute::Language,
    ]);
    let dates = (prop::option::of(date()), prop::option::of(date()))
        .prop_filter_map("no range", |(from, to)| DateRange::new(from, to).ok());
    let lengths = (0..900u32, 0..900u32, 0..3).prop_map(|(low, more, open)| WordRange {
        min: (open != 1).then_some(low),
        max: (open != 2).then_some(low + more),
    });
    prop_oneof![
        Just(Kind::All),
        (attribute, name()).prop_map(|(attribute, value)| Kind::Attribute { attribute, value }),
        dates.prop_map(Kind::Date),
        lengths.prop_map(Kind::Words),
        any::<bool>().prop_map(Kind::Undated),
    ]
    .prop_map(Query::from)
}

fn boolean(leaf: impl Strategy<Value = Query> + 'static) -> BoxedStrategy<Query> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 2..5);
        prop_oneof![
            parts().prop_map(Query::all_of),
            parts().prop_filter_map("empty", Query::any_of),
            inner.clone().prop_map(Query::negated),
        ]
    })
    .boxed()
}

fn query() -> impl Strategy<Value = Query> {
    let counted = (1..99u32, positioned()).prop_map(|(count, operand)| {
        Query::from(Kind::AtLeast { count, operand: Box::new(operand) })
    });
    let unscoped = prop_oneof![4 => positioned(), 1 => counted, 2 => whole_article()].boxed();
    let zone = prop::sample::select(vec![Zone::Title, Zone::Body, Zone::Lead]);
    let scoped = (zone, boolean(unscoped.clone())).prop_map(|(zone, operand)| {
        Query::from(Kind::Scope { zone, operand: Box::new(operand) })
    });
    boolean(prop_oneof![4 => unscoped, 1 => scoped])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_query_is_read_back_from_its_own_text(query in query()) {
        let text = query.to_string();
        let parsed = parse(&text);
        prop_assert!(parsed.is_ok(), "{}\n{:?}", text, parsed);
        let parsed = parsed.unwrap();
        prop_assert_eq!(&parsed.query, &query, "{}", text);
        for warning in parsed.warnings {
            let of_a_word = ["or is read", "the ? at"];
            prop_assert!(
                of_a_word.iter().any(|start| warning.message.starts_with(start)),
                "{}: {}", text, warning
            );
        }
    }

    #[test]
    fn any_text_is_survived_and_its_reading_is_stable(text in prop_oneof![soup(), any::<String>()]) {
        let length = text.chars().count();
        match parse(&text) {
            Ok(parsed) => {
                let canonical = parsed.query.to_string();
                let again = parse(&canonical);
                prop_assert!(again.is_ok(), "{} → {}: {:?}", text, canonical, again);
                prop_assert_eq!(again.unwrap().query, parsed.query, "{} → {}", text, canonical);
                for warning in parsed.warnings {
                    prop_assert!(warning.span.start <= warning.span.end && warning.span.end <= length);
                    prop_assert!(warning.render(&text).contains('^'));
                }
            }
            Err(error) => {
                prop_assert!(error.span.start <= error.span.end && error.span.end <= length);
                prop_assert!(error.render(&text).contains('^'));
            }
        }
        if let Ok(plain) = parse_plain(&text) {
            prop_assert_eq!(parse(&plain.query.to_string()).unwrap().query, plain.query);
        }
    }
}
