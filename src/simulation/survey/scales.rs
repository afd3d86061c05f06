//! The scales of questionnaire and diary: which state each of them measures, and how well.

/// When a scale is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// In the questionnaire, at each wave.
    Wave,
    /// In the diary, every day.
    Diary,
}

/// Description of a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ScaleInfo {
    /// Name in scenarios, and of its column.
    pub(crate) key: &'static str,
    /// When it is answered.
    pub(crate) occasion: Occasion,
    /// Number in the addresses of its errors; it never changes.
    pub(crate) instrument: u64,
    /// Default number of items.
    pub(crate) items: u32,
    /// Default reliability.
    pub(crate) reliability: f64,
    /// Standard deviation of the state at which it has that reliability [share of the scale's length].
    pub(crate) sd: f64,
    /// What it measures.
    pub(crate) meaning: &'static str,
}

// The standard deviations are those of the default population after two years, among intact couples.
// Investment differs between couples of different age only, and has that of alternatives.
macro_rules! scales {
    ($($name:ident $key:literal, $occasion:ident $instrument:literal, $items:literal, $reliability:literal, $sd:literal, $meaning:literal;)*) => {
        /// One of the [`SCALES`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum ScaleId { $(#[doc = $meaning] $name,)* }

        /// Number of scales.
        pub(crate) const SCALE_COUNT: usize = [$(ScaleId::$name,)*].len();

        impl ScaleId {
            /// Every scale in the order of tables.
            pub(crate) const ALL: [ScaleId; SCALE_COUNT] = [$(ScaleId::$name,)*];
        }

        /// Every scale in the order of tables: first those of the questionnaire, then those of the diary.
        pub(crate) const SCALES: [ScaleInfo; SCALE_COUNT] = [
            $(ScaleInfo {
                key: $key,
                occasion: Occasion::$occasion,
                instrument: $instrument,
                items: $items,
                reliability: $reliability,
                sd: $sd,
                meaning: $meaning,
            },)*
        ];
    };
}

scales! {
    Trust "trust", Wave 1, 3, 0.85, 0.18, "Trust in the partner";
    Intimacy "intimacy", Wave 2, 3, 0.85, 0.16, "Intimacy with the partner";
    Satisfaction "satisfaction", Wave 3, 3, 0.93, 0.16, "Satisfaction with the relationship";
    Commitment "commitment", Wave 4, 3, 0.90, 0.11, "Commitment to the relationship";
    Alternatives "alternatives", Wave 5, 3, 0.85, 0.16, "Quality of alternatives, as it appears to the committed";
    Investment "investment", Wave 6, 3, 0.85, 0.16, "Investment in the relationship";
    Anxiety "anxiety", Wave 7, 18, 0.90, 0.14, "Attachment anxiety";
    Avoidance "avoidance", Wave 8, 18, 0.90, 0.13, "Attachment avoidance";
    DailySatisfaction "daily_satisfaction", Diary 11, 3, 0.93, 0.21, "The day's satisfaction";
    DailyCloseness "daily_closeness", Diary 14, 3, 0.85, 0.16, "The day's closeness to the partner";
    DailyTrust "daily_trust", Diary 18, 3, 0.85, 0.18, "The day's trust in the partner";
    DailyStress "daily_stress", Diary 15, 3, 0.85, 0.10, "The stress that the day began with";
    DailyDisclosure "daily_disclosure", Diary 16, 3, 0.85, 0.31, "Depth of the day's deepest disclosure";
    DailyResponsiveness "daily_responsiveness", Diary 17, 3, 0.85, 0.16, "The partner's responsiveness, as perceived in the day's episodes; missing without any";
}

/// Instruments that are not scales: reports of conflict, of unresponsive episodes as conflict, and
/// whether a day is filled in.
pub(crate) const CONFLICT: u64 = 12;
pub(crate) const UNRESPONSIVE: u64 = 13;
pub(crate) const ATTENDANCE: u64 = 19;

/// Scales of the questionnaire; they come first.
pub(crate) const WAVE_SCALES: usize = {
    let mut count = 0;
    while matches!(SCALES[count].occasion, Occasion::Wave) {
        count += 1;
    }
    count
};
/// Scales of the diary.
pub(crate) const DIARY_SCALES: usize = SCALE_COUNT - WAVE_SCALES;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_of_the_questionnaire_come_before_those_of_the_diary() {
        let (waves, diary) = SCALES.split_at(WAVE_SCALES);
        assert!(waves.iter().all(|scale| scale.occasion == Occasion::Wave));
        assert!(diary.iter().all(|scale| scale.occasion == Occasion::Diary));
        assert_eq!((waves.len(), diary.len()), (8, DIARY_SCALES));
    }

    #[test]
    fn no_two_instruments_share_an_address() {
        let mut numbers: Vec<u64> = SCALES.iter().map(|scale| scale.instrument).collect();
        numbers.extend([CONFLICT, UNRESPONSIVE, ATTENDANCE]);
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count);
        assert!(numbers[0] > 0, "0 is the response style");
    }
}
