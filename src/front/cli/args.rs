//! What can be typed.

use std::num::NonZero;
use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum, ValueHint};

use super::exit;
use crate::article::Date;
use crate::entity::EntityKind;
use crate::query;
use crate::search::{DEFAULT_LIMIT, EntitySort, Sort, Step};

/// Full-text search over news archives that knows who and what the articles are about.
///
/// `newshound search --in FOLDER WORDS` does the whole job: it makes or refreshes the index of the
/// folder's articles and shows the best hits.
#[derive(Debug, Parser)]
#[command(name = "newshound", version, after_help = exit::help(), max_term_width = 100)]
pub(super) struct Args {
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        help_heading = "Global options"
    )]
    pub(super) color: ColorWhen,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create or refresh the index of a folder; only new, changed and vanished files cost work
    Index(IndexArgs),
    /// Search, by words and by who and what the articles are about
    #[command(after_long_help = search_help())]
    Search(SearchArgs),
    /// Show an article, or the differences of two versions of a story
    Show(ShowArgs),
    /// List people by the number of articles that name them
    People(ListArgs),
    /// List organisations by the number of articles that name them
    Orgs(ListArgs),
    /// List places by the number of articles that name them
    Places(ListArgs),
    /// What the archive knows of a person; corrections of who is who
    Person(PersonArgs),
    /// Articles over time
    Timeline(TimelineArgs),
    /// Articles like an article
    Similar(SimilarArgs),
    /// Searches kept under a name
    Saved(SavedArgs),
    /// Check a recorded search again and tell what has changed
    Replay(ReplayArgs),
    /// Search and read full-screen in the terminal
    Browse(BrowseArgs),
    /// Serve web pages and a JSON API over the archive
    Serve(ServeArgs),
    /// Keep the index of a folder fresh until interrupted
    Watch(WatchArgs),
    /// What the archive holds, and which files could not be read
    Status(StatusArgs),
    /// Prove the index sound
    Check(CheckArgs),
    /// Show how files are read, one article per JSON line, without an index
    Extract(ExtractArgs),
    /// Compare names of people
    #[command(subcommand)]
    Names(NamesCommand),
    /// Find the names in a text, one JSON line each
    Entities(EntitiesArgs),
    /// Print the completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

fn search_help() -> String {
    format!("{}\n{}", query::help(), exit::help())
}

/// Which archive is meant.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ArchiveArgs {
    /// The archive's root [default: the nearest folder upwards that has an index]
    #[arg(long = "in", value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(super) root: Option<PathBuf>,
    /// The index, where it does not lie in the archive
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = "NEWSHOUND_INDEX",
        hide_env_values = true
    )]
    pub(super) index: Option<PathBuf>,
}

/// How files are read.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct ReadingArgs {
    /// Threads that read [default: one per core]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZero<usize>>,
    /// The most that is read of one file, such as 200M or 4G [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(super) max_file_size: Option<u64>,
}

#[derive(Debug, clap::Args)]
pub(super) struct IndexArgs {
    /// The archive's root [default: the nearest folder upwards that has an index]
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(super) folder: Option<PathBuf>,
    /// Where the index goes [default: FOLDER/.newshound]
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = "NEWSHOUND_INDEX",
        hide_env_values = true
    )]
    pub(super) index: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    /// Read every file again and rebuild the index
    #[arg(long)]
    pub(super) full: bool,
    /// Fail if a file could not be read
    #[arg(long)]
    pub(super) strict: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// Which articles are meant: a query and filters, all of which must hold.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct QueryArgs {
    /// What to search for; `newshound search --help` shows the query language
    #[arg(value_name = "QUERY")]
    pub(super) query: Vec<String>,
    /// Read the query as plain words, alternatives of each other
    #[arg(long)]
    pub(super) any: bool,
    /// Published then or later: 2013, 2013-02 or 2013-02-05
    #[arg(long, value_name = "DATE")]
    pub(super) since: Option<Date>,
    /// Published then or earlier
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<Date>,
    /// About or with this person (repeated: with all of them)
    #[arg(long, value_name = "NAME")]
    pub(super) person: Vec<String>,
    /// With this organisation (repeated: with all of them)
    #[arg(long, value_name = "NAME")]
    pub(super) org: Vec<String>,
    /// With this place (repeated: with all of them)
    #[arg(long, value_name = "NAME")]
    pub(super) place: Vec<String>,
    /// From this newspaper, agency or site (repeated: any of them)
    #[arg(long, value_name = "NAME")]
    pub(super) source: Vec<String>,
    /// In this language, such as en or german (repeated: any of them)
    #[arg(long, value_name = "CODE")]
    pub(super) lang: Vec<String>,
    /// Every copy of a story as a hit of its own
    #[arg(long)]
    pub(super) all_copies: bool,
}

/// How the hits are ranked and ordered.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct RankingArgs {
    /// Order of the hits
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    pub(super) sort: SortBy,
    /// Widen the query by words of its best hits
    #[arg(long)]
    pub(super) expand: bool,
    /// Let an article's weight halve with every so much of its age: 30d, 6m, 2y
    #[arg(long, value_name = "HALFLIFE", value_parser = days)]
    pub(super) recency: Option<f32>,
}

#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
    #[command(flatten)]
    pub(super) query: QueryArgs,
    #[command(flatten)]
    pub(super) ranking: RankingArgs,
    /// How many hits; 0 is all [default: 10, with --batch --format trec: 1000]
    #[arg(short = 'n', long, value_name = "N")]
    pub(super) limit: Option<usize>,
    /// How many hits to pass over first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) offset: usize,
    /// Count people, places, sources, years and so on over all matches
    #[arg(long)]
    pub(super) facets: bool,
    /// Show every match in its line (concordance)
    #[arg(long)]
    pub(super) context: bool,
    /// Say how each score came about
    #[arg(long)]
    pub(super) explain: bool,
    /// Keep a record of the search, to be checked by `replay` later
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "batch")]
    pub(super) record: Option<PathBuf>,
    /// How the hits are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,
    /// Search for every line `id TAB query` of a file (`-`: standard input)
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["query", "facets", "context", "explain"]
    )]
    pub(super) batch: Option<PathBuf>,
    /// What `--format trec` calls an article: its identifier, or its path without extension
    #[arg(long, value_enum, default_value_t, value_name = "FIELD")]
    pub(super) id_field: IdField,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum SortBy {
    /// Best first
    #[default]
    Relevance,
    /// Latest first
    Newest,
    /// Earliest first
    Oldest,
}

impl From<SortBy> for Sort {
    fn from(sort: SortBy) -> Self {
        match sort {
            SortBy::Relevance => Self::Relevance,
            SortBy::Newest => Self::Newest,
            SortBy::Oldest => Self::Oldest,
        }
    }
}

/// How hits are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading
    #[default]
    Text,
    /// One JSON document
    Json,
    /// One JSON object per hit and line
    Jsonl,
    /// A table with a line of headings
    Csv,
    /// Records for reference managers
    Ris,
    /// Entries for BibTeX and biblatex
    Bibtex,
    /// Items for citation processors
    CslJson,
    /// A list with links
    Markdown,
    /// A run for `trec_eval`: `qid Q0 id rank score newshound`, every copy by itself
    Trec,
}

/// What a run calls an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum IdField {
    #[default]
    Id,
    Path,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The article's identifier, or the number of a hit of the last search
    #[arg(value_name = "ID|N", required = true)]
    pub(super) articles: Vec<String>,
    /// Show what differs between two articles, by word
    #[arg(long)]
    pub(super) diff: bool,
    /// Print the article as JSON
    #[arg(long, conflicts_with_all = ["diff", "cite"])]
    pub(super) json: bool,
    /// Print a citation instead of the article
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "diff")]
    pub(super) cite: Option<Citation>,
    /// Do not use a pager
    #[arg(long)]
    pub(super) no_pager: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Citation {
    Text,
    Ris,
    Bibtex,
    CslJson,
    Markdown,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Only names with these words, or that match a pattern with * and ?
    #[arg(value_name = "PATTERN")]
    pub(super) pattern: Vec<String>,
    /// Only those named together with this person
    #[arg(long, value_name = "NAME")]
    pub(super) with: Option<String>,
    /// Count only articles that match this query
    #[arg(long, value_name = "QUERY")]
    pub(super) query: Option<String>,
    /// Count only articles published then or later
    #[arg(long, value_name = "DATE")]
    pub(super) since: Option<Date>,
    /// Count only articles published then or earlier
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<Date>,
    /// Order of the list
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    pub(super) sort: ListSort,
    /// How many; 0 is all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    pub(super) limit: usize,
    /// How many to pass over first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) offset: usize,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ListSort {
    /// Most articles first
    #[default]
    Articles,
    /// By name
    Name,
    /// Those whose share of the articles grows most
    Rising,
}

impl From<ListSort> for EntitySort {
    fn from(sort: ListSort) -> Self {
        match sort {
            ListSort::Articles => Self::Articles,
            ListSort::Name => Self::Name,
            ListSort::Rising => Self::Rising,
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Corrections are entries of people.toml beside the index, which can be \
edited by hand as well; they need no re-indexing."
)]
pub(super) struct PersonArgs {
    /// The name, in any form
    #[arg(value_name = "NAME", required = true)]
    pub(super) name: Vec<String>,
    /// What kind of name it is
    #[arg(long, value_enum, default_value_t, value_name = "KIND")]
    pub(super) kind: KindOfName,
    /// How many of the articles most about it
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5)]
    pub(super) limit: usize,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// This form is another name of NAME (repeatable)
    #[arg(long, value_name = "FORM", group = "correction")]
    pub(super) merge: Vec<String>,
    /// Show NAME under another name
    #[arg(long, value_name = "TO", group = "correction")]
    pub(super) rename: Option<String>,
    /// NAME is no such name at all
    #[arg(long, group = "correction")]
    pub(super) ban: bool,
    /// NAME is not who it was taken for, but TO (or somebody else)
    #[arg(
        long,
        value_name = "TO",
        num_args = 0..=1,
        default_missing_value = "",
        group = "correction"
    )]
    pub(super) split: Option<String>,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum KindOfName {
    #[default]
    Person,
    Org,
    Place,
}

impl From<KindOfName> for EntityKind {
    fn from(kind: KindOfName) -> Self {
        match kind {
            KindOfName::Person => Self::Person,
            KindOfName::Org => Self::Organisation,
            KindOfName::Place => Self::Place,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct TimelineArgs {
    #[command(flatten)]
    pub(super) query: QueryArgs,
    /// Length of the steps [default: what suits the time span]
    #[arg(long, value_enum, value_name = "STEP")]
    pub(super) by: Option<StepBy>,
    /// Print JSON
    #[arg(long, conflicts_with = "svg")]
    pub(super) json: bool,
    /// Print a drawing in SVG
    #[arg(long)]
    pub(super) svg: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StepBy {
    Day,
    Month,
    Year,
}

impl From<StepBy> for Step {
    fn from(step: StepBy) -> Self {
        match step {
            StepBy::Day => Self::Day,
            StepBy::Month => Self::Month,
            StepBy::Year => Self::Year,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct SimilarArgs {
    /// The article's identifier, or the number of a hit of the last search
    #[arg(value_name = "ID|N")]
    pub(super) article: String,
    /// How many articles
    #[arg(short = 'n', long, value_name = "N", default_value_t = DEFAULT_LIMIT)]
    pub(super) limit: usize,
    /// How they are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct SavedArgs {
    #[command(subcommand)]
    pub(super) command: SavedCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum SavedCommand {
    /// Keep a search
    Add {
        /// The name to keep it under
        name: String,
        #[command(flatten)]
        query: Box<QueryArgs>,
        #[command(flatten)]
        ranking: RankingArgs,
        /// Replace a search of this name
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        archive: ArchiveArgs,
    },
    /// List the searches
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        archive: ArchiveArgs,
    },
    /// Run a search
    Run {
        /// The name it is kept under
        name: String,
        /// Only what came since the last run; exit status 1 when nothing did
        #[arg(long)]
        new: bool,
        /// How many hits; 0 is all [default: 10, with --new: all]
        #[arg(short = 'n', long, value_name = "N")]
        limit: Option<usize>,
        /// How the hits are written
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: Format,
        /// Short for --format json
        #[arg(long, conflicts_with = "format")]
        json: bool,
        #[command(flatten)]
        archive: ArchiveArgs,
    },
    /// Remove a search
    Remove {
        /// The name it is kept under
        name: String,
        #[command(flatten)]
        archive: ArchiveArgs,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct ReplayArgs {
    /// A record that `search --record` wrote
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Exit with status 1 if something has changed
    #[arg(long)]
    pub(super) exit_code: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct BrowseArgs {
    #[command(flatten)]
    pub(super) query: QueryArgs,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7700")]
    pub(super) addr: std::net::SocketAddr,
    /// Let other machines reach it; needs a token
    #[arg(long)]
    pub(super) allow_remote: bool,
    /// What a client must know; `new` makes one up and prints it
    #[arg(long, value_name = "TOKEN", env = "NEWSHOUND_TOKEN", hide_env_values = true)]
    pub(super) token: Option<String>,
    /// A further name that the server goes by, as behind a proxy (repeatable)
    #[arg(long = "host", value_name = "NAME")]
    pub(super) hosts: Vec<String>,
    /// A site whose scripts may read the API (repeatable)
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    pub(super) allow_origins: Vec<String>,
    /// Keep the index fresh meanwhile
    #[arg(long)]
    pub(super) watch: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct WatchArgs {
    /// The archive's root [default: the nearest folder upwards that has an index]
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(super) folder: Option<PathBuf>,
    /// Where the index goes [default: FOLDER/.newshound]
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = "NEWSHOUND_INDEX",
        hide_env_values = true
    )]
    pub(super) index: Option<PathBuf>,
    /// Seconds between two checks of the whole folder, whatever the system told of it
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 300,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub(super) every: u64,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Rebuild the index from the archive if it is not sound
    #[arg(long)]
    pub(super) repair: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExtractArgs {
    /// Files to read
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(super) files: Vec<PathBuf>,
    /// The most that is read of one file, such as 200M or 4G [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(super) max_file_size: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(super) enum NamesCommand {
    /// Read lines `name TAB name`; print for each `likeness TAB same|different`
    Compare(CompareArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct CompareArgs {
    /// The file [default: standard input]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct EntitiesArgs {
    /// The text [default: standard input]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: Option<PathBuf>,
    /// Read one token per line, a blank line after each sentence, `-DOCSTART-` before each
    /// article; print the same lines with a tab and a BIO tag
    #[arg(long, action = ArgAction::SetTrue)]
    pub(super) tokens: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) dir: Option<PathBuf>,
}

/// Reads a size in bytes, with an optional K, M, G or T for powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(number.len()..).unwrap_or_default().to_ascii_uppercase();
    let shift = match unit.trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err("write a number of bytes, or one with K, M, G or T".to_owned()),
    };
    let number: u64 = number.trim().parse().map_err(|_| "no number of bytes".to_owned())?;
    match number.checked_mul(1 << shift) {
        Some(bytes) if bytes > 0 => Ok(bytes),
        _ => Err("out of range".to_owned()),
    }
}

/// Reads a length of time in days, with an optional d, w, m or y.
fn days(text: &str) -> Result<f32, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let days_of_unit = match text.get(number.len()..).unwrap_or_default() {
        "" | "d" => 1.0,
        "w" => 7.0,
        "m" => 365.25 / 12.0,
        "y" => 365.25,
        _ => return Err("write a number of days, or one with d, w, m or y".to_owned()),
    };
    let number: f32 = number.trim().parse().map_err(|_| "no number of days".to_owned())?;
    let days = number * days_of_unit;
    if days.is_finite() && days > 0.0 { Ok(days) } else { Err("out of range".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_of_the_arguments_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn sizes_and_lengths_of_time_take_units() {
        assert_eq!(
            ["7", "200M", "4g", "1KiB"].map(|text| size(text).ok()),
            [Some(7), Some(200 << 20), Some(4 << 30), Some(1024)]
        );
        assert!(
            ["", "M", "-1", "0", "1X", "99999999999T"].iter().all(|text| size(text).is_err())
        );
        assert_eq!(
            ["30", "2w", "1y"].map(|text| days(text).ok()),
            [Some(30.0), Some(14.0), Some(365.25)]
        );
        assert!(
            ["", "d", "0", "-3d", "1q", "NaN", "inf"].iter().all(|text| days(text).is_err())
        );
    }
}
