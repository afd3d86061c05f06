//! `pairbond --version --verbose`

use crate::simd::Backend;

/// Version, commit, vector instructions, features and target of this build, a line each.
pub(crate) fn verbose_version() -> String {
    let commit = option_env!("PAIRBOND_COMMIT").unwrap_or("not recorded");
    let available: Vec<&str> = Backend::available()
        .into_iter()
        .map(Backend::name)
        .collect();
    let features = [
        ("explore", cfg!(feature = "explore")),
        ("parquet", cfg!(feature = "parquet")),
        ("png", cfg!(feature = "png")),
    ];
    let features = features.iter().filter(|(_, on)| *on).map(|(name, _)| *name);
    let features: Vec<&str> = features.collect();
    let features = match features.is_empty() {
        true => "none".to_owned(),
        false => features.join(", "),
    };
    format!(
        "pairbond {}\ncommit: {commit}\nengine: {} (available: {})\nfeatures: {features}\ntarget: {}-{}\n",
        env!("CARGO_PKG_VERSION"),
        Backend::best().name(),
        available.join(", "),
        std::env::consts::ARCH,
        std::env::consts::OS,
    )
}
