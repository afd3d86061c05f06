//! The scales of questionnaire and diary: which state each of them asks for, and how well.

/// When a scale is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// In the questionnaire, at each wave.
    Wave,
    /// In the diary, every day.
    Diary,
}

/// One scale's description.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaleInfo {
    /// Name in scenarios, and of the column of its scores.
    pub key: &'static str,
    /// When it is answered.
    pub occasion: Occasion,
    /// Number of its errors' addresses: what an instrument is numbered never changes.
    pub(crate) instrument: u64,
    /// Items where the scenario says nothing.
    pub items: u32,
    /// Reliability where the scenario says nothing.
    pub reliability: f64,
    /// Standard deviation of the state at which it has that reliability [share of the scale's length].
    pub sd: f64,
    /// What it asks for.
    pub meaning: &'static str,
}

// The standard deviations are those of the usual population after two years, among couples still
// together; investment differs between couples of different age alone, and has that of alternatives.
macro_rules! scales {
    ($($key:literal $occasion:ident $instrument:literal, $items:literal, $reliability:literal, $sd:literal, $meaning:literal;)*) => {
        /// Every scale in the order of tables: those of the questionnaire, then those of the diary.
        pub const SCALES: [ScaleInfo; 14] = [
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
    "trust" Wave 1, 3, 0.85, 0.18, "Trust in the partner";
    "intimacy" Wave 2, 3, 0.85, 0.16, "Intimacy with the partner";
    "satisfaction" Wave 3, 3, 0.93, 0.16, "Satisfaction with the relationship";
    "commitment" Wave 4, 3, 0.90, 0.11, "Commitment to the relationship";
    "alternatives" Wave 5, 3, 0.85, 0.16, "Quality of alternatives, as it appears to the committed";
    "investment" Wave 6, 3, 0.85, 0.16, "Investment in the relationship";
    "anxiety" Wave 7, 18, 0.90, 0.14, "Attachment anxiety";
    "avoidance" Wave 8, 18, 0.90, 0.13, "Attachment avoidance";
    "daily_satisfaction" Diary 11, 3, 0.93, 0.21, "The day's satisfaction";
    "daily_closeness" Diary 14, 3, 0.85, 0.16, "The day's closeness to the partner";
    "daily_trust" Diary 18, 3, 0.85, 0.18, "The day's trust in the partner";
    "daily_stress" Diary 15, 3, 0.85, 0.10, "The stress that the day began with";
    "daily_disclosure" Diary 16, 3, 0.85, 0.31, "Depth of the day's deepest disclosure";
    "daily_responsiveness" Diary 17, 3, 0.85, 0.16, "The partner's responsiveness, as perceived in the day's episodes; missing without any";
}

/// Which scale asks for stress.
pub(crate) const STRESS: usize = 11;

/// Instruments that are no scales: reports of conflict, of friction as conflict, and whether a day is
/// filled in at all.
pub(crate) const CONFLICT: u64 = 12;
pub(crate) const FRICTION: u64 = 13;
pub(crate) const ATTENDANCE: u64 = 19;

/// How many scales belong to the questionnaire: they come first.
pub(crate) const OF_WAVES: usize = 8;
/// How many belong to the diary.
pub(crate) const OF_DIARY: usize = SCALES.len() - OF_WAVES;
