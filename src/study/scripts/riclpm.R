# Random-intercept cross-lagged panel model of both partners (Hamaker, Kuiper & Grasman 2015): what each of them is like
# over all waves, and how deviations from it carry over to the own and the partner's next wave.
library(lavaan)

rows <- read_table("panel_wide")
name <- function(member, wave) paste0(outcome, "_", member, "_w", wave)
members <- 1:2
lines <- c()
for (m in members) {
  lines <- c(lines, paste0("level", m, " =~ ", paste0("1*", name(m, 1:waves), collapse = " + ")))
  for (w in 1:waves) {
    lines <- c(lines, sprintf("now%d_%d =~ 1*%s", m, w, name(m, w)), sprintf("%s ~~ 0*%s", name(m, w), name(m, w)))
  }
}
lines <- c(lines, "level1 ~~ level2")
# Effects are the same from wave to wave; without roles, for both members.
own <- if (distinguishable) c("own1", "own2") else c("own", "own")
other <- if (distinguishable) c("other1", "other2") else c("other", "other")
for (w in 1:waves) {
  lines <- c(lines, sprintf("now1_%d ~~ now2_%d", w, w))
  if (w > 1) {
    for (m in members) {
      lines <- c(lines, sprintf("now%d_%d ~ %s*now%d_%d + %s*now%d_%d", m, w, own[m], m, w - 1, other[m], 3 - m, w - 1))
    }
  }
}
for (m in members) lines <- c(lines, sprintf("level%d ~~ 0*now%d_1", c(1, 2), m))
answered <- rowSums(!is.na(rows[c(name(1, 1:waves), name(2, 1:waves))])) > 0
cat(sprintf("couples used: %d of %d, with missing answers by full information\n", sum(answered), nrow(rows)))
model <- lavaan(
  paste(lines, collapse = "\n"),
  data = rows[answered, ], missing = "ml", meanstructure = TRUE, int.ov.free = TRUE, auto.var = TRUE,
  auto.cov.lv.x = FALSE
)
converged <- lavInspect(model, "converged")
cat(sprintf("converged: %s\n", converged))
if (!converged) stop("no solution was found, so there are no estimates: use more couples or waves", call. = FALSE)
found <- parameterEstimates(model)
paths <- found[found$op == "~" & grepl("_2$", found$lhs), c("lhs", "rhs", "est", "se", "ci.lower", "ci.upper")]
print(paths, digits = 3, row.names = FALSE)
print(round(fitMeasures(model, c("chisq", "df", "cfi", "rmsea")), 3))
