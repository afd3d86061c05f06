# Reads a study's wide table with lavaan and its diary with glmmTMB, as docs/analysis.md does.
# Rscript tests/readers/dyads.R FOLDER

library(lavaan)
library(glmmTMB)

folder <- commandArgs(trailingOnly = TRUE)[1]
table <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))

# Actor–partner interdependence model over two waves: one row a couple, and full-information likelihood, which keeps
# couples that separated between the waves. Those that separated before the first wave have no scores.
wide <- table("waves_wide")
apim <- "
  satisfaction_a_w2 ~ aa * trust_a_w1 + pa * trust_b_w1
  satisfaction_b_w2 ~ ab * trust_b_w1 + pb * trust_a_w1
  satisfaction_a_w2 ~~ satisfaction_b_w2
  trust_a_w1 ~~ trust_b_w1
  actors := aa - ab
  partners := pa - pb
"
fit <- sem(apim, data = wide, missing = "fiml", fixed.x = FALSE)
stopifnot(lavInspect(fit, "converged"), lavInspect(fit, "nobs") == sum(!is.na(wide$trust_a_w1)))
effects <- parameterEstimates(fit)
print(effects[effects$label != "", c("label", "est", "se", "ci.lower", "ci.upper")], digits = 3)
of <- function(label) effects[effects$label == label, ]
# Of 150 couples each role alone is near the edge of what can be told; both together are far from it.
together <- (of("aa")$est + of("ab")$est) / sqrt(of("aa")$se^2 + of("ab")$se^2)
stopifnot(of("aa")$est > 0, of("ab")$est > 0, together > 3)
# The roles are alike in the model.
stopifnot(abs(of("actors")$z) < 4, abs(of("partners")$z) < 4)

# The diary in pairwise form: each role has its own intercept, and the reports of the day's conflict of the person
# and of the partner have effects within persons.
pairs <- table("diary_pairwise")
pairs$a <- as.numeric(pairs$role == "a")
pairs$b <- as.numeric(pairs$role == "b")
model <- glmmTMB(
  daily_satisfaction_a ~ 0 + a + b + daily_conflict_a_cwc + daily_conflict_p_cwc + us(0 + a + b | couple_id),
  data = pairs
)
stopifnot(model$fit$convergence == 0)
effects <- summary(model)$coefficients$cond
print(round(effects, 4))
stopifnot(is.finite(effects), effects["daily_conflict_a_cwc", "Estimate"] < 0)
stopifnot(effects["daily_conflict_a_cwc", "z value"] < -3)
# Two intercepts, one for each role.
stopifnot(abs(diff(effects[c("a", "b"), "Estimate"])) < 0.5)
