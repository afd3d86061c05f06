# Power by PowerLAPIM's own functions (Lafit, Sels, Adolf, Loeys & Ceulemans 2022), for `src/power/tests.rs`:
#   Rscript tests/oracles/powerlapim.R FOLDER SETS >tests/oracles/powerlapim.csv
# FOLDER has the files of R/ of its repository (ginettelafit/PowerLAPIM at 0414d8d8), SETS is the number of data sets of each
# design. It takes about 0.4 s of CPU time for each data set, so that it is run by hand and its numbers are kept.
suppressMessages({
  library(MASS)
  library(dplyr)
  library(nlme)
})
words <- commandArgs(TRUE)
for (name in c("Sim.Dyad.Model.1.R", "Performance.Dyad.Model.1.R")) source(file.path(words[1], name))
sets <- as.integer(words[2])

# The numbers of the test: effects on partner A (F) and B (M), who are alike in nothing.
analysed <- function(dyads, days, reml) {
  Performance.Dyad.Model.1(
    N.dyad = dyads, T.obs = days, c.F = 4, c.M = 5, a.FF = 0.25, p.MF = 0.12, a.MM = 0.20, p.FM = 0.08,
    sigma.eps.F = 1, sigma.eps.M = 1.2, rho.eps.FM = 0.25, sigma.nu.F = 0.8, sigma.nu.M = 0.7, rho.nu.F.M = 0.5,
    mu.XF = 0, sigma.XF = 1, mu.XM = 0, sigma.XM = 1, rho.X = 0.3, is.center.X = TRUE, alpha = 0.05, is.REML = reml
  )$summary.fixed.effect
}

set.seed(20261130)
cat("couples,days,method,effect,sets,significant,covered,mean_estimate,sd_estimate,mean_width\n")
designs <- list(list(30, 10, TRUE), list(15, 7, FALSE))
effects <- c(actor_a = "Female:X.Actor", partner_a = "Female:X.Partner", actor_b = "X.Actor:Male", partner_b = "X.Partner:Male")
for (design in designs) {
  fits <- lapply(seq_len(sets), function(number) {
    # nlme prints its steps.
    capture.output(fit <- tryCatch(suppressWarnings(do.call(analysed, design)), error = function(error) NULL))
    fit
  })
  fits <- Filter(Negate(is.null), fits)
  for (name in names(effects)) {
    own <- effects[[name]]
    take <- function(what) vapply(fits, function(fit) as.numeric(fit[[what]][[own]]), 0)
    estimates <- take("coef")
    cat(sprintf(
      "%d,%d,%s,%s,%d,%d,%d,%.6f,%.6f,%.6f\n", design[[1]], design[[2]], if (design[[3]]) "reml" else "ml", name,
      length(fits), sum(take("power")), sum(take("CR")), mean(estimates), sd(estimates), mean(take("CI.width"))
    ))
  }
}
