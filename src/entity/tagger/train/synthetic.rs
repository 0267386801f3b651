//! Set forms of news, filled with names of the gazetteer: datelines, results, company reports,
//! notices of old newspapers. The corpora have few company names, no sports pages, and nothing old.
//!
//! Half of them go without the features of the longer lists: every name here is listed, while in
//! text most are not.

use super::super::label::{BEGIN_ORGANISATION, BEGIN_PERSON, BEGIN_PLACE, Label, OUTSIDE};
use super::corpus::{Document, Random, Sentence};
use super::{Material, TrainError};

/// Names to put in, as tokens.
struct Names {
    persons: Vec<Vec<String>>,
    given: Vec<String>,
    family: Vec<String>,
    towns: Vec<Vec<String>>,
    countries: Vec<Vec<String>>,
    states: Vec<Vec<String>>,
    companies: Vec<Vec<String>>,
    government: Vec<Vec<String>>,
    media: Vec<Vec<String>>,
    clubs: Vec<Vec<String>>,
    others: Vec<Vec<String>>,
}

/// A name as text is split into tokens.
fn tokens(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        if matches!(c, ',' | '(' | ')') {
            spaced.extend([' ', c, ' ']);
        } else {
            spaced.push(c);
        }
    }
    spaced.replace("'s ", " 's ").split_whitespace().map(str::to_owned).collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first =
        letters.next().map(|f| f.to_uppercase().chain(letters.flat_map(char::to_lowercase)));
    first.map_or_else(String::new, Iterator::collect)
}

impl Names {
    fn read(material: &Material) -> Result<Self, TrainError> {
        let column = |file: &str,
                      number: usize|
         -> Result<Vec<(String, Vec<String>)>, TrainError> {
            let text = material.list(file)?;
            Ok(text
                .lines()
                .skip(1)
                .map(|line| {
                    let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
                    (columns.get(number).cloned().unwrap_or_default(), columns)
                })
                .collect())
        };
        let mut persons = vec![];
        for (number, (name, columns)) in column("persons.tsv", 0)?.into_iter().enumerate() {
            // Footballers, the bulk, one in ten.
            if columns.last().is_none_or(|source| source != "openfootball") || number % 10 == 0
            {
                persons.push(tokens(&name));
            }
        }
        let first_column = |file: &str, count: usize| -> Result<Vec<String>, TrainError> {
            let lines = material.list(file)?.lines().take(count);
            Ok(lines.map(|l| capitalised(l.split('\t').next().unwrap_or(""))).collect())
        };
        let mut given = first_column("us_census_first_names.tsv", 1500)?;
        let mut family = first_column("us_census_last_names.tsv", 10_000)?;
        for (file, list) in [
            ("world_forenames_by_country.csv", &mut given),
            ("world_surnames_by_country.csv", &mut family),
        ] {
            for line in material.list(file)?.lines().skip(1) {
                let romanised = line.split(',').map(str::trim).rfind(|field| {
                    field.chars().count() > 2
                        && field.is_ascii()
                        && field.chars().all(char::is_alphabetic)
                });
                list.extend(romanised.map(str::to_owned));
            }
        }
        let mut towns = vec![];
        for (name, columns) in column("geonames_cities.tsv", 0)? {
            if columns.get(3).and_then(|p| p.parse::<u64>().ok()).unwrap_or(0) >= 150_000 {
                towns.push(tokens(&name));
            }
        }
        let countries =
            column("countries_demonyms.tsv", 1)?.into_iter().map(|(n, _)| tokens(&n)).collect();
        let mut states = vec![];
        for number in [0, 1] {
            let column = column("newspaper_state_abbrevs.tsv", number)?;
            states.extend(column.into_iter().map(|(name, _)| tokens(&name)));
        }
        let mut out = Self {
            persons,
            given,
            family,
            towns,
            countries,
            states,
            companies: vec![],
            government: vec![],
            media: vec![],
            clubs: vec![],
            others: vec![],
        };
        for (file, kind_column) in [("organisations.tsv", 1), ("organisation_aliases.tsv", 2)] {
            for (kind, columns) in column(file, kind_column)? {
                let name = columns.first().map_or("", |n| n.trim_start_matches("The "));
                let name = tokens(name);
                if name.is_empty() || name.len() > 7 {
                    continue;
                }
                match kind.as_str() {
                    "company" | "airline" | "bank_finance" => out.companies.push(name),
                    "government" | "intergovernmental" => out.government.push(name),
                    "media" => out.media.push(name),
                    "football_club" | "sports_team" => out.clubs.push(name),
                    _ => out.others.push(name),
                }
            }
        }
        Ok(out)
    }

    fn person(&self, random: &mut Random) -> Vec<String> {
        if random.chance(0.4) {
            return random.pick(&self.persons).clone();
        }
        let mut name = vec![random.pick(&self.given).clone()];
        if random.chance(0.1) {
            let initial = random.pick(&self.given).chars().next().unwrap_or('A');
            name.push(format!("{initial}."));
        }
        name.push(random.pick(&self.family).clone());
        name
    }

    fn organisation(&self, random: &mut Random) -> Vec<String> {
        let list = match random.below(20) {
            0..8 => &self.companies,
            8..12 => &self.government,
            12..14 => &self.media,
            14..16 => &self.clubs,
            _ => &self.others,
        };
        random.pick(list).clone()
    }
}

fn push_name(out: &mut Sentence, name: Vec<String>, begin: Label) {
    for (k, word) in name.into_iter().enumerate() {
        out.push((word, if k == 0 { begin } else { begin + 1 }));
    }
}

/// Filled forms, as documents of one sentence.
pub(super) fn make(material: &Material, amount: usize) -> Result<Vec<Document>, TrainError> {
    let names = Names::read(material)?;
    let mut random = Random::new(3);
    let mut out = vec![];
    for fold in 0..amount {
        let form =
            if random.chance(0.25) { random.pick(&OLD_FORMS) } else { random.pick(&FORMS) };
        let sentence = fill(form, &names, &mut random);
        let count = sentence.len();
        out.push(Document {
            sentences: vec![sentence],
            learned: usize::from(count > 0),
            fold,
            copy: true,
            listless: random.chance(0.5),
            source: "set_forms".to_owned(),
        });
    }
    Ok(out)
}

/// Words in angle brackets are names to be put in, `#` stands for digits.
const FORMS: [&str; 117] = [
    "<TOWN> , <month> # ( <agency> ) -",
    "<TOWN> , <month> # -",
    "<TOWN> ( <agency> ) -- The government said on <day> that it would hold talks next week .",
    "<TOWN> , <country> ( <agency> ) -- Police said on <day> that # people had been arrested .",
    "<TOWN> #",
    "<agency>",
    "<AGENCY>",
    "( <agency> )",
    "<town> , <month> # :",
    "By <person>",
    "By <person> and <person>",
    "<person> in <town>",
    "<person> ( <country> ) beat <person> ( <country> ) # # #",
    "#. <person> ( <country> ) #",
    "# - <person> ( <country> ) beat # - <person> ( <country> ) #",
    "#. <person> , <country> , <club> , # seconds",
    "<club> # <club> #",
    "<CLUB> # <CLUB> #",
    "<club> # # # # # # #",
    "<club> beat <club> # in the final on <day> .",
    "<club> striker <person> scored twice as they beat <club> # at home .",
    "<club> have signed <person> from <club> for # million pounds .",
    "<club> coach <person> said : \" We played very well . \"",
    "<family> joined <club> from <club> in # .",
    "Scorers : <person> ( #th minute ) , <family> ( # )",
    "<country> beat <country> # in a friendly international on <day> .",
    "<country> # for # ( <person> # not out ) v <country>",
    "Result of a match played in <town> on <day> : <country> # <country> #",
    "<company> shares fell # percent to # .",
    "Shares in <company> rose # percent after it said it would buy <company> .",
    "<company> said on <day> it had agreed to buy <company> for # million dollars .",
    "<company> said its board had appointed <person> as chief executive .",
    "<company> and <company> are in talks on a merger , the <media> reported on <day> .",
    "<company> said net profit rose to # million in the # quarter .",
    "<COMPANY> # QTR NET",
    "<COMPANY> TO BUY <COMPANY> UNIT",
    "<company> 's <person> said the company would cut # jobs .",
    "<person> , an analyst at <company> in <town> , said the market was weak .",
    "<person> , a spokesman for <organisation> , said there were no plans to do so .",
    "<person> , a spokeswoman for the <government> , declined to comment .",
    "<person> , head of the <government> , told <media> on <day> .",
    "according to the <media> , which quoted officials at the <government> .",
    "The <media> reported that <person> had left <company> .",
    "\" We are very happy , \" <family> told <media> in an interview .",
    "The <government> said in a statement that it had no information .",
    "Officials at the <government> in <town> said the talks would go on .",
    "<country> 's <government> raised interest rates to # percent .",
    "<country> and <country> agreed to hold talks in <town> next month .",
    "<country> said on <day> it had rejected a proposal by <country> .",
    "Mr <family> said he had not been told .",
    "Mr. <family> told reporters in <town> that he would resign .",
    "Mrs <family> , # , of <town> , was taken to hospital .",
    "President <person> met Prime Minister <person> in <town> on <day> .",
    "Foreign Minister <person> flew to <town> for talks with <person> .",
    "Sen. <person> and Rep. <person> said they would vote against the bill .",
    "Judge <family> told <person> , # , of <town> , that he would go to jail .",
    "<person> ( <organisation> ) # votes , <person> ( <organisation> ) #",
    "<organisation> leader <person> accused <organisation> of lying .",
    "<organisation> ( <acronym> ) members met in <town> .",
    "The <government> has approved plans for a new airport near <town> .",
    "Members of the <government> voted on <day> to send troops to <country> .",
    "A spokesman for <organisation> said it would appeal against the ruling .",
    "<organisation> said in a report that prices would rise by # percent this year .",
    "Troops from <country> and <country> will take part in exercises off <country> .",
    "<organisation> has called for an end to the fighting in <country> .",
    "<organisation> fighters attacked an army post near <town> on <day> , killing # soldiers .",
    "The attack was claimed by <organisation> .",
    "<family> , who was born in <town> , studied at <organisation> .",
    "<family> 's lawyer , <person> , told the court in <town> that his client was innocent .",
    "<person> , # , from <town> , was charged with murder .",
    "Police in <town> named the victim as <person> , # .",
    "<person> and <person> star in the film , which opens in <country> on <day> .",
    "<person> , who plays for <club> , was named player of the year .",
    "<club> manager <person> praised <family> after the win over <club> .",
    "<club> lost # to <club> while <club> drew # with <club> .",
    "The match between <club> and <club> at <town> was called off .",
    "<club> fans clashed with police in <town> .",
    "World champion <person> of <country> won the race ahead of <person> of <country> .",
    "<person> , <country> 's prime minister , said <country> would not join the talks .",
    "The prime minister of <country> , <person> , arrived in <town> for talks .",
    "<country> 's central bank cut rates , the <agency> news agency said .",
    "President <family> said the United States would support <country> .",
    "<country> and the European Union signed an agreement in <town> .",
    "The United Nations said # people had fled to <country> .",
    "The number of visitors from <country> , <country> and <country> rose .",
    "Exports to <country> rose while imports from <country> fell .",
    "Flights from <town> to <town> were cancelled .",
    "A train from <town> to <town> hit a bus near <town> , <state> .",
    "<town> , <state> ( <agency> ) --",
    "A man from <town> , <state> , was found dead on <day> .",
    "The <company> plant in <town> , <state> , makes parts for <company> .",
    "<company> ( <agency> )",
    "<company> , which is based in <town> , makes software for <company> and <company> .",
    "Companies such as <company> , <company> and <company> have cut costs .",
    "Customers of <company> and <company> complained about prices .",
    "Former <company> chief <person> joined <company> as chairman .",
    "<company> , owner of the <media> , said sales fell # percent .",
    "The <media> and the <media> both said <person> would resign .",
    "In an editorial , the <media> said the plan was wrong .",
    "<person> is a reporter at the <media> .",
    "<person> writes for the <media> .",
    "<media> reporter <person> contributed to this article .",
    "Photo by <person>",
    "Mr <family> and Mrs <family> have # children .",
    "Ms. <family> , a professor at <organisation> , said the study was flawed .",
    "Dr <person> of <organisation> said the drug was safe .",
    "Gen. <person> , commander of the forces in <country> , met <person> .",
    "Senator <family> told <media> that <family> was wrong .",
    "<organisation> candidate <person> won # percent , ahead of <person> of <organisation> .",
    "<organisation> and <organisation> formed a coalition after the vote .",
    "<organisation> MP <person> said the <government> had failed .",
    "King <given> and Queen <given> visited <town> .",
    "The <company> - <company> deal was blocked by the <government> .",
    "<person> 's house in <town>",
    "The euro rose against the dollar in <town> on <day> .",
    "Lawyers for <person> and <company> could not be reached .",
    "The mayor of <town> , <person> , said # homes had been destroyed .",
];

/// Of newspapers of the nineteenth century.
const OLD_FORMS: [&str; 34] = [
    "Mr. <person> , of <town> , is visiting his brother , Mr. <person> .",
    "Mrs. <person> of <town> is the guest of her sister , Mrs. <family> .",
    "Miss <given> <family> and Mr. <person> were married at the home of the bride on <day> .",
    "Died , at his residence in <town> , Mr. <person> , aged # years .",
    "Hon. <person> , of <state> , spoke at length upon the bill .",
    "The Hon. <person> will address the citizens of <town> on <day> evening .",
    "Messrs. <family> and <family> have opened a new store on the corner .",
    "Messrs. <person> & Co. have received a large stock of goods from <town> .",
    "Capt. <family> , of the ship , arrived at <town> from <town> on the #th .",
    "The steamer arrived at <town> from <town> with # passengers .",
    "Gen. <family> 's army is marching upon <town> .",
    "Gen. <family> and Col. <family> were wounded in the battle near <town> , <state> .",
    "Gov. <family> , of <state> , has signed the bill .",
    "Judge <family> sentenced <person> to # years in the penitentiary .",
    "Senator <family> , of <state> , moved to go into executive session .",
    "Mr. <family> , of <state> , from the committee , reported a bill , which was read .",
    "<person> , Esq. , was called to the chair .",
    "Rev. <person> preached at <town> last Sunday .",
    "Dr. <family> was called and dressed the wound .",
    "Lord <family> said the Government of <country> would not consent .",
    "The Emperor of <country> has sent a minister to <country> .",
    "<town> , <state> , <month> # . -- <person> was arrested here to - day .",
    "<TOWN> , <month> # . -- It is reported that the troops have left <town> .",
    "A dispatch from <town> says that <family> has been elected .",
    "The firm of <family> , <family> & Co. , of <town> , has failed .",
    "By order of <person> , Secretary .",
    "Sheriff <family> arrested <person> at <town> on <day> night .",
    "<initial> <initial> <family> , of <town> , was in the city yesterday .",
    "<initial> <initial> <family> , Attorney at Law , <town> , <state> .",
    "The President has nominated <person> , of <state> , to be Consul at <town> .",
    "News from <country> and <country> to the #th has been received at <town> .",
    "The Legislature of <state> met at <town> on <day> .",
    "<family> 's drug store",
    "Mr. and Mrs. <person> returned from <town> , <state> .",
];

const AGENCIES: [&str; 10] =
    ["Reuters", "AP", "AFP", "UPI", "Xinhua", "Reuter", "Tass", "dpa", "Kyodo", "PTI"];
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 14] = [
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
    "Jan.",
    "Aug.",
];

fn is_person(label: Label) -> bool {
    label == BEGIN_PERSON || label == BEGIN_PERSON + 1
}

fn upper(name: Vec<String>) -> Vec<String> {
    name.into_iter().map(|word| word.to_uppercase()).collect()
}

fn fill(form: &str, list: &Names, random: &mut Random) -> Sentence {
    let mut out: Sentence = vec![];
    let mut last_name: Vec<String> = vec![];
    for word in form.split(' ') {
        let Some(slot) = word.strip_prefix('<').and_then(|w| w.strip_suffix('>')) else {
            let number = (1 + random.below(99)).to_string();
            out.push((word.replace('#', &number), OUTSIDE));
            continue;
        };
        let (name, begin) = match slot {
            "day" => (vec![(*random.pick(&DAYS)).to_owned()], OUTSIDE),
            "month" => (vec![(*random.pick(&MONTHS)).to_owned()], OUTSIDE),
            "AGENCY" => (upper(vec![(*random.pick(&AGENCIES)).to_owned()]), BEGIN_ORGANISATION),
            "agency" => (vec![(*random.pick(&AGENCIES)).to_owned()], BEGIN_ORGANISATION),
            "town" => (random.pick(&list.towns).clone(), BEGIN_PLACE),
            "TOWN" => (upper(random.pick(&list.towns).clone()), BEGIN_PLACE),
            "state" => (random.pick(&list.states).clone(), BEGIN_PLACE),
            "country" => (random.pick(&list.countries).clone(), BEGIN_PLACE),
            "person" => (list.person(random), BEGIN_PERSON),
            "initial" => {
                let letter = random.pick(&list.given).chars().next().unwrap_or('J');
                (vec![format!("{letter}.")], BEGIN_PERSON)
            }
            "given" => (vec![random.pick(&list.given).clone()], BEGIN_PERSON),
            "family" => (vec![random.pick(&list.family).clone()], BEGIN_PERSON),
            "club" => (random.pick(&list.clubs).clone(), BEGIN_ORGANISATION),
            "CLUB" => (upper(random.pick(&list.clubs).clone()), BEGIN_ORGANISATION),
            "company" => (random.pick(&list.companies).clone(), BEGIN_ORGANISATION),
            "COMPANY" => (upper(random.pick(&list.companies).clone()), BEGIN_ORGANISATION),
            "government" => (random.pick(&list.government).clone(), BEGIN_ORGANISATION),
            "media" => (random.pick(&list.media).clone(), BEGIN_ORGANISATION),
            "acronym" => {
                let initials = last_name.iter().filter_map(|w| w.chars().next());
                let acronym: String = initials.filter(|c| c.is_uppercase()).collect();
                (vec![acronym], BEGIN_ORGANISATION)
            }
            _ => (list.organisation(random), BEGIN_ORGANISATION),
        };
        last_name.clone_from(&name);
        if begin == BEGIN_PERSON && out.last().is_some_and(|(_, label)| is_person(*label)) {
            out.extend(name.into_iter().map(|w| (w, BEGIN_PERSON + 1)));
        } else if begin == OUTSIDE {
            out.extend(name.into_iter().map(|w| (w, OUTSIDE)));
        } else {
            push_name(&mut out, name, begin);
        }
    }
    out.retain(|(word, _)| !word.is_empty());
    out
}
