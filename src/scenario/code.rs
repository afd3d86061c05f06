//! Codes of diagnostics: stable, listed in the reference, each with a file in the corpus.

macro_rules! codes {
    ($($code:ident $tag:literal $text:literal;)*) => {
        /// What a diagnostic is about: `E…` makes a scenario invalid, `W…` is a warning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(#[doc = concat!($tag, ": ", $text, ".")] $code,)* }

        impl Code {
            /// Every code, errors first, in the order of their tags.
            pub const ALL: &'static [Code] = &[$(Code::$code,)*];
            /// The tag that is printed, such as `E007`.
            pub fn tag(self) -> &'static str {
                match self { $(Code::$code => $tag,)* }
            }
            /// What it means, in one line without a full stop.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$code => $text,)* }
            }
        }
    };
}

codes! {
    NotText "E001" "the file is not text in UTF-8";
    NulByte "E002" "the file holds a NUL byte, so that it is no text";
    TooLarge "E003" "the file is larger than any scenario";
    Empty "E004" "the file holds nothing, or nothing but comments";
    Syntax "E005" "the text is not TOML";
    DuplicateKey "E006" "a key or table is given twice";
    UnknownKey "E007" "there is no such key or table";
    MisplacedKey "E008" "the key exists, but in another table";
    MissingKey "E009" "a key that must be given is missing";
    WrongType "E010" "the value is of another kind than the key needs";
    NotFinite "E011" "the number is NaN or infinite";
    OutOfRange "E012" "the number lies outside its range";
    NotInteger "E013" "a whole number is needed";
    TooBig "E014" "the number is too large to be held";
    UnknownWord "E015" "the word is none of those allowed";
    EmptyText "E016" "the text must not be empty";
    EmptyList "E017" "the list must not be empty";
    Repeated "E018" "a list names something twice";
    Conflict "E019" "two keys exclude each other";
    NotADistribution "E020" "the numbers do not make a distribution of this family";
    BadSlope "E021" "the number cannot lean on this trait";
    BadPeriod "E022" "the event does not end after its beginning";
    KeyNotForKind "E023" "an event of this kind has no such key";
    BadPair "E024" "the name of a correlation does not name two numbers";
    RepeatedPair "E025" "a pair of numbers is correlated twice";
    CorrelatedConstant "E026" "a number that does not vary cannot be correlated";
    ImpossibleCorrelations "E027" "the correlations cannot all hold together";
    TooManyCouples "E028" "couples times replicates is more than a run can number";
    BeyondTheRun "E029" "recording reaches beyond the last day";
    BadOverride "E030" "the override is not of the form KEY=VALUE";
    NothingToSet "E031" "the key of an override or of a calibration leads to nothing that can be set";
    KeyNotForDesign "E032" "the key does nothing in a sweep of this design, or in a prior of this kind";
    NoAxis "E033" "the axis leads to nothing that a sweep can move";
    BadAxisName "E034" "the name of an axis is taken, or is not in snake_case";
    BadRange "E035" "the range of an axis or prior is no range on its scale";
    NotAPowerOfTwo "E036" "the design needs a power of two";
    ImpossibleDesign "E037" "the design cannot be made of these axes";
    TooManyPoints "E038" "the sweep has more points than can be numbered";
    NoTable "E039" "the table of points is not at hand";
    BadTable "E040" "the table of points does not hold a value for each axis";
    BadStopping "E041" "the rule that stops a point's runs cannot do so";
    NoConditionKey "E042" "a condition cannot set this key";
    KeyNotForClaim "E043" "the key does nothing in a claim of this kind";
    BadContrast "E044" "the contrast compares nothing";
    BadClaimName "E045" "the name of a condition or claim is taken, or is not in snake_case";

    EventAfterEnd "W001" "an event lies after the last day and never happens";
    TraitWithoutMechanism "W002" "a trait is given whose mechanism is off";
    ParameterWithoutMechanism "W003" "a parameter is given whose mechanism is off";
    FewCouples "W004" "there are too few couples for quantiles and intervals to be trusted";
    MostlyClipped "W005" "most of a distribution lies outside the number's range and is moved to its ends";
    EventWithoutEffect "W006" "an event changes nothing";
    ManyDayRows "W007" "the day table will be very large";
    IdleCondition "W008" "a condition is never simulated, because no claim names it";
}

impl Code {
    /// Whether it makes a scenario invalid; else it is a warning.
    pub fn is_error(self) -> bool {
        self.tag().starts_with('E')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_unique_and_in_order() {
        for (letter, errors) in [('E', true), ('W', false)] {
            let codes = Code::ALL.iter().filter(|code| code.is_error() == errors);
            for (index, code) in codes.enumerate() {
                assert_eq!(code.tag(), format!("{letter}{:03}", index + 1));
                assert!(!code.explanation().ends_with('.'));
            }
        }
    }
}
