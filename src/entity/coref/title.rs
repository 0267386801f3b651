//! Words of titles and roles, and other words that are no part of a name.

/// What a word may do before a name. A title is a run of these words, of which the last can end
/// one: `Foreign Minister`, `Lt. Gen.`, `Chief Justice`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TitleWord {
    /// Ends a title.
    Head,
    /// Begins or goes on in one.
    Before,
    /// Ends a title, but is a given name or surname, too: `Dean`, `King`.
    AlsoName,
}

/// Heads of titles, folded and without dots; mostly the last words of the titles in a list of
/// some 280 honorifics, offices, ranks and occupations that was made for this project.
#[rustfmt::skip]
const HEADS: &[&str] = &[
    // honorifics
    "mr", "mrs", "ms", "miss", "mx", "messrs", "mister", "dr", "drs", "doctor", "prof", "professor", "sir",
    "dame", "lord", "lady", "baroness", "viscount", "countess", "duchess", "queen", "princess", "emperor",
    "empress", "sultan", "emir", "sheikh", "shaikh", "sheik", "shah", "maharaja", "cardinal", "archbishop",
    "rev", "revd", "reverend", "father", "fr", "pastor", "rabbi", "imam", "ayatollah", "mullah", "mufti",
    "lama", "patriarch", "saint", "msgr", "monsignor", "sister", "brother", "mme", "mlle", "m", "herr",
    "frau", "senor", "senora", "signor", "signora", "dom", "hon",
    // politics
    "president", "president-elect", "minister", "premier", "chancellor", "chairman", "chairwoman", "chair",
    "chairperson", "secretary", "secretary-general", "undersecretary", "governor", "gov", "mayor", "senator",
    "sen", "sens", "representative", "rep", "reps", "congressman", "congresswoman", "assemblyman",
    "assemblywoman", "delegate", "councilman", "councilwoman", "councillor", "councilor", "alderman",
    "speaker", "whip", "mp", "mep", "ambassador", "envoy", "consul", "commissioner", "taoiseach", "leader",
    "lawmaker", "legislator", "candidate", "nominee", "politician", "treasurer", "comptroller", "activist",
    "adviser", "advisor", "aide", "diplomat", "official", "pres", "monarch", "czar", "tsar", "tsarina", "kaiser",
    // forces and police
    "general", "gen", "brigadier", "brig", "colonel", "col", "maj", "captain", "capt", "lieutenant", "lt",
    "sergeant", "sgt", "corporal", "cpl", "private", "pvt", "pfc", "spc", "specialist", "admiral", "adm",
    "commodore", "cmdr", "commander", "ensign", "airman", "marshal", "officer", "detective", "det",
    "inspector", "superintendent", "supt", "constable", "trooper", "deputy", "sheriff", "agent", "chief",
    // law
    "justice", "magistrate", "attorney", "prosecutor", "lawyer", "counsel", "barrister", "solicitor",
    // occupations
    "director", "ceo", "cfo", "coo", "spokesman", "spokeswoman", "spokesperson", "analyst", "economist",
    "coach", "manager", "quarterback", "pitcher", "striker", "midfielder", "defender", "goalkeeper",
    "forward", "actor", "actress", "singer", "author", "filmmaker", "astronaut", "cosmonaut", "comrade",
    "principal", "editor", "correspondent", "reporter", "photographer", "journalist", "columnist", "executive",
    "founder", "co-founder", "cofounder", "owner", "partner", "trader", "dealer", "strategist", "producer",
    "writer", "novelist", "poet", "philosopher", "historian", "scientist", "biologist", "physicist", "chemist",
    "researcher", "engineer", "architect", "composer", "conductor", "musician", "guitarist", "drummer",
    "rapper", "comedian", "presenter", "broadcaster", "anchor", "host", "striker", "captain", "skipper",
    "champion", "golfer", "boxer", "sprinter", "cyclist", "swimmer", "driver", "goalie", "winger", "batsman",
    "bowler", "umpire", "referee", "teacher", "student", "businessman", "businesswoman", "billionaire",
    "entrepreneur", "banker", "investor", "financier", "farmer", "nurse", "surgeon", "psychologist",
    "sociologist", "academic", "lecturer", "colleague", "husband", "wife", "son", "daughter", "widow",
    "sister", "mother", "cousin", "uncle", "aunt", "nephew", "niece", "fiancee",
    "interviewee", "boss", "creator", "designer", "artist", "painter", "sculptor", "model", "defector", "dissident",
];

/// Words that go before a head.
#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "prime", "foreign", "finance", "financial", "interior", "defense", "defence", "health", "education",
    "trade", "economy", "economic", "energy", "oil", "transport", "transportation", "agriculture",
    "environment", "labor", "labour", "information", "planning", "industry", "science", "tourism",
    "unification", "external", "affairs", "home", "cabinet", "treasury", "commerce", "press", "vice",
    "vice-president", "first", "acting", "assistant", "associate", "rear", "field", "air", "wing",
    "staff", "master", "lance", "petty", "special", "managing", "senior", "junior", "party", "opposition",
    "majority", "minority", "house", "senate", "district", "head", "former", "ex", "then", "late", "interim",
    "outgoing", "incoming", "crown", "grand", "supreme", "high", "solicitor", "police", "second", "operating",
    "co", "emeritus", "shadow", "club", "team", "presidential", "royal", "archduke", "national", "security",
    "fire",
];

/// Heads that are names as well: inside a name they are taken for titles only if enough is left.
#[rustfmt::skip]
const ALSO_NAMES: &[&str] = &[
    "king", "pope", "prince", "bishop", "judge", "major", "count", "baron", "duke", "earl", "dean", "marshall",
    "st", "don", "abbot", "knight", "page", "squire",
];

/// What a word, folded and without dots, does in titles.
pub(super) fn title_word(folded: &str) -> Option<TitleWord> {
    if ALSO_NAMES.contains(&folded) {
        return Some(TitleWord::AlsoName);
    }
    if HEADS.contains(&folded) {
        return Some(TitleWord::Head);
    }
    if BEFORE.contains(&folded) {
        return Some(TitleWord::Before);
    }
    let (first, last) = folded.rsplit_once('-')?;
    let prefixed = matches!(first, "ex" | "vice" | "co" | "then" | "deputy" | "prime");
    (prefixed && HEADS.contains(&last)).then_some(TitleWord::Head)
}

/// A title of which the bearer must be a man.
pub(super) fn is_male_title(folded: &str) -> bool {
    matches!(
        folded,
        "mr" | "messrs"
            | "mister"
            | "sir"
            | "lord"
            | "king"
            | "prince"
            | "pope"
            | "father"
            | "brother"
            | "viscount"
            | "count"
            | "baron"
            | "duke"
            | "earl"
            | "emperor"
            | "sultan"
            | "emir"
            | "herr"
            | "senor"
            | "signor"
            | "congressman"
            | "chairman"
            | "councilman"
            | "assemblyman"
            | "alderman"
            | "spokesman"
            | "actor"
            | "businessman"
            | "husband"
            | "son"
            | "uncle"
            | "nephew"
            | "cardinal"
            | "archbishop"
            | "imam"
            | "ayatollah"
            | "mullah"
            | "rabbi"
            | "sheikh"
            | "sheik"
            | "shah"
    )
}

/// A title of which the bearer must be a woman.
pub(super) fn is_female_title(folded: &str) -> bool {
    matches!(
        folded,
        "mrs"
            | "ms"
            | "miss"
            | "dame"
            | "lady"
            | "queen"
            | "princess"
            | "baroness"
            | "countess"
            | "duchess"
            | "empress"
            | "sister"
            | "mme"
            | "mlle"
            | "frau"
            | "senora"
            | "signora"
            | "congresswoman"
            | "chairwoman"
            | "councilwoman"
            | "assemblywoman"
            | "spokeswoman"
            | "actress"
            | "businesswoman"
            | "wife"
            | "daughter"
            | "widow"
            | "mother"
            | "aunt"
            | "niece"
            | "fiancee"
            | "tsarina"
    )
}

/// Titles that go with the given name: `Sir Alex`, `Prince Charles`.
pub(super) fn is_given_name_title(folded: &str) -> bool {
    matches!(
        folded,
        "sir"
            | "dame"
            | "king"
            | "queen"
            | "prince"
            | "princess"
            | "pope"
            | "saint"
            | "st"
            | "sister"
            | "brother"
            | "emperor"
            | "empress"
            | "sultan"
            | "emir"
            | "tsar"
            | "czar"
    )
}

/// Forms of address that say nothing of what a person does.
pub(super) fn is_plain_address(folded: &str) -> bool {
    matches!(folded, "mr" | "mrs" | "ms" | "miss" | "messrs" | "mister" | "mx")
}

/// Forms of address that stand between an office and the name: `Commissioner Sir John`.
pub(super) fn is_address(folded: &str) -> bool {
    matches!(
        folded,
        "dr" | "sir" | "dame" | "lord" | "lady" | "baroness" | "prof" | "professor"
    )
}

/// What follows `of` or `of the` at the end of a title (`Secretary of State`).
pub(super) fn ends_office(folded: &str) -> bool {
    matches!(
        folded,
        "state" | "staff" | "exchequer" | "defense" | "defence" | "parliament" | "police"
    )
}

/// The generation that a word behind a name tells: `Jr.` and its like.
pub(super) fn generation(written: &str) -> Option<u8> {
    match written.trim_end_matches('.') {
        "Sr" | "SR" | "Snr" => Some(1),
        "Jr" | "JR" | "Jnr" | "II" => Some(2),
        "III" => Some(3),
        "IV" => Some(4),
        "V" => Some(5),
        "VI" => Some(6),
        "VII" => Some(7),
        "VIII" => Some(8),
        "XVI" => Some(16),
        "XXIII" => Some(23),
        _ => None,
    }
}

/// Honours, degrees and seats behind a name.
pub(super) fn is_post_nominal(written: &str) -> bool {
    matches!(
        written,
        "QC" | "KC"
            | "SC"
            | "MP"
            | "MSP"
            | "MEP"
            | "MLA"
            | "TD"
            | "OBE"
            | "CBE"
            | "MBE"
            | "KBE"
            | "PhD"
            | "Ph.D."
            | "MD"
            | "M.D."
            | "Esq"
            | "Esq."
            | "DDS"
            | "JD"
            | "J.D."
            | "MBA"
            | "SJ"
            | "S.J."
    )
}

/// Parts of surnames that may be left out.
pub(super) fn is_particle(folded: &str) -> bool {
    matches!(
        folded,
        "de" | "da"
            | "di"
            | "do"
            | "du"
            | "del"
            | "della"
            | "dei"
            | "dos"
            | "das"
            | "des"
            | "van"
            | "von"
            | "vom"
            | "zu"
            | "zur"
            | "der"
            | "den"
            | "ter"
            | "ten"
            | "het"
            | "af"
            | "av"
            | "la"
            | "le"
            | "el"
            | "al"
            | "bin"
            | "ibn"
            | "bint"
            | "ben"
            | "y"
            | "e"
            | "ul"
            | "ur"
            | "as"
            | "ash"
            | "ad"
            | "abd"
    )
}

/// Words that the tagger may take for a person and that never are one by themselves.
pub(super) fn is_never_person(folded: &str) -> bool {
    matches!(
        folded,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "july"
            | "september"
            | "october"
            | "november"
            | "december"
            | "i"
            | "he"
            | "she"
            | "it"
            | "we"
            | "you"
            | "they"
            | "him"
            | "her"
            | "his"
            | "me"
            | "us"
            | "them"
            | "who"
            | "the"
            | "a"
            | "an"
            | "this"
            | "that"
            | "these"
            | "those"
            | "my"
            | "our"
            | "your"
            | "their"
            | "its"
            | "and"
            | "but"
            | "or"
            | "in"
            | "on"
            | "at"
            | "of"
            | "for"
            | "to"
            | "by"
            | "from"
            | "with"
            | "if"
            | "when"
            | "what"
            | "how"
            | "why"
            | "yes"
            | "no"
            | "not"
            | "god"
            | "mom"
            | "dad"
            | "ok"
            | "there"
            | "here"
            | "then"
            | "now"
            | "myself"
            | "himself"
            | "herself"
            | "themselves"
    )
}

/// Many people at once, who are no person: peoples without a country's name, believers, parties.
pub(super) fn is_group(folded: &str) -> bool {
    matches!(
        folded,
        "muslims"
            | "christians"
            | "jews"
            | "catholics"
            | "protestants"
            | "hindus"
            | "sikhs"
            | "buddhists"
            | "mormons"
            | "shiites"
            | "sunnis"
            | "arabs"
            | "kurds"
            | "britons"
            | "scots"
            | "europeans"
            | "africans"
            | "asians"
            | "latinos"
            | "hispanics"
            | "westerners"
            | "soviets"
            | "serbs"
            | "croats"
            | "tamils"
            | "pashtuns"
            | "uighurs"
            | "uyghurs"
            | "tibetans"
            | "chechens"
            | "democrats"
            | "republicans"
            | "conservatives"
            | "liberals"
            | "communists"
            | "socialists"
            | "islamists"
            | "nazis"
            | "zionists"
            | "marxists"
            | "tories"
            | "islam"
            | "mr"
            | "mrs"
            | "ms"
    )
}

/// Whether a word ends names of firms that are called after their owners, besides legal forms.
pub(super) fn is_firm_noun(folded: &str) -> bool {
    matches!(
        folded,
        "sons"
            | "brothers"
            | "bros"
            | "partners"
            | "associates"
            | "securities"
            | "publishers"
            | "holdings"
            | "industries"
            | "stores"
            | "bancorp"
            | "bancshares"
    )
}

/// Whether a word says that somebody works for a firm that deals, as the one named behind does.
pub(super) fn is_trade(folded: &str) -> bool {
    matches!(
        folded,
        "analyst"
            | "analysts"
            | "economist"
            | "economists"
            | "trader"
            | "traders"
            | "broker"
            | "brokers"
            | "dealer"
            | "dealers"
            | "strategist"
            | "strategists"
            | "stockbroker"
            | "stockbrokers"
            | "brokerage"
            | "underwriter"
            | "underwriters"
    )
}

/// Endings of companies' names that tell nothing of who they are.
pub(super) fn is_legal_form(folded: &str) -> bool {
    matches!(
        folded,
        "inc"
            | "incorporated"
            | "corp"
            | "corporation"
            | "co"
            | "cos"
            | "company"
            | "ltd"
            | "limited"
            | "llc"
            | "llp"
            | "plc"
            | "ag"
            | "gmbh"
            | "sa"
            | "nv"
            | "bv"
            | "ab"
            | "asa"
            | "as"
            | "oyj"
            | "oy"
            | "spa"
            | "srl"
            | "kk"
            | "pty"
            | "pte"
            | "bhd"
            | "jsc"
            | "pjsc"
            | "oao"
            | "ooo"
            | "kg"
            | "se"
            | "lp"
    )
}

/// Words of an organisation's name that its acronym may leave out.
pub(super) fn is_small_word(folded: &str) -> bool {
    matches!(
        folded,
        "of" | "the"
            | "and"
            | "for"
            | "on"
            | "in"
            | "to"
            | "at"
            | "a"
            | "an"
            | "&"
            | "de"
            | "des"
            | "du"
            | "la"
            | "le"
            | "les"
            | "et"
            | "der"
            | "die"
            | "das"
            | "und"
            | "fur"
            | "del"
            | "y"
            | "e"
    )
}

/// Forms of one place's name, folded and without dots.
pub(super) const PLACE_GROUPS: &[&[&str]] = &[
    &["united states", "us", "usa", "united states of america"],
    &["united kingdom", "uk", "britain", "great britain"],
    &["soviet union", "ussr", "union of soviet socialist republics"],
    &["north korea", "n korea", "nkorea", "dprk", "democratic people's republic of korea"],
    &["south korea", "s korea", "skorea", "republic of korea"],
    &["united arab emirates", "uae", "emirates"],
    &["new zealand", "nz"],
    &["south africa", "s africa"],
    &["saudi arabia", "saudi"],
    &["northern ireland", "n ireland"],
    &["west germany", "w germany"],
    &["east germany", "e germany"],
    &["china", "people's republic of china", "prc"],
    &["russia", "russian federation"],
    &["netherlands", "the netherlands", "holland"],
    &["new york", "ny", "new york city", "nyc"],
    &["los angeles", "la"],
    &["washington", "washington dc", "washington d c"],
    &["czech republic", "czechia"],
    &["bosnia", "bosnia and herzegovina", "bosnia-herzegovina"],
    &["burma", "myanmar"],
    &["kiev", "kyiv"],
    &["west bank", "w bank"],
    &["the hague", "hague"],
];
