//! pairbond
