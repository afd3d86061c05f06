# Reads a study's diary and questionnaire as R does without options, and fits the field's two models.
# Rscript tests/readers/study.R FOLDER

library(nlme)

folder <- commandArgs(trailingOnly = TRUE)[1]
table <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))

# Actor–partner interdependence model of the first wave (Kenny, Kashy & Cook 2006).
waves <- table("waves")
first <- subset(waves, wave == 1)
both <- merge(first, first, by.x = "person_id", by.y = "partner_id", suffixes = c("_a", "_p"))
stopifnot(nrow(both) == nrow(first), both$couple_id_a == both$couple_id_p)
apim <- gls(satisfaction_a ~ trust_a + trust_p,
  data = both,
  correlation = corCompSymm(form = ~ 1 | couple_id_a)
)
effects <- summary(apim)$tTable
print(round(effects, 4))
stopifnot(is.finite(effects), effects["trust_a", "Value"] > 0, effects["trust_a", "t-value"] > 5)
alike <- coef(apim$modelStruct$corStruct, unconstrained = FALSE)
stopifnot(abs(alike) < 1)

# The wide file holds what the long one does.
wide <- table("waves_wide")
of <- function(partner) {
  own <- first[first$role == partner, ]
  own$trust[match(wide$couple_id, own$couple_id)]
}
stopifnot(identical(wide$trust_a_w1, of("a")), identical(wide$trust_b_w1, of("b")))

# The pairwise file holds what the long one does.
diary <- table("diary")
pairs <- table("diary_pairwise")
stopifnot(identical(pairs$person_id, diary$person_id), identical(pairs$day, diary$day))
same <- function(x, y) isTRUE(all.equal(x, y, tolerance = 1e-12))
own <- diary$daily_satisfaction
mean_of <- function(x, by) ave(x, by, FUN = function(v) mean(v, na.rm = TRUE))
partner <- own[match(paste(diary$partner_id, diary$day), paste(diary$person_id, diary$day))]
before <- own[match(paste(diary$person_id, diary$day - 1), paste(diary$person_id, diary$day))]
stopifnot(
  same(pairs$daily_satisfaction_a, own), same(pairs$daily_satisfaction_p, partner),
  same(pairs$daily_satisfaction_a_cm, mean_of(own, diary$person_id)),
  same(pairs$daily_satisfaction_a_cwc, own - mean_of(own, diary$person_id)),
  same(pairs$daily_satisfaction_a_lag1, before)
)

# Two-level model of the diary (Bolger & Laurenceau 2013): satisfaction by the day's own and partner's
# reports of conflict within persons, and by own and partner's means between them.
pairs$a <- as.numeric(pairs$role == "a")
pairs$b <- as.numeric(pairs$role == "b")
model <- lme(
  daily_satisfaction_a ~ daily_conflict_a_cwc + daily_conflict_p_cwc + daily_conflict_a_cm + daily_conflict_p_cm,
  random = ~ 0 + a + b | couple_id,
  correlation = corAR1(form = ~ day | couple_id / person_id),
  data = na.omit(pairs[c(
    "couple_id", "person_id", "day", "a", "b", "daily_satisfaction_a",
    paste0("daily_conflict_", c("a", "p"), "_cwc"), paste0("daily_conflict_", c("a", "p"), "_cm")
  )])
)
effects <- summary(model)$tTable
print(round(effects, 4))
stopifnot(is.finite(effects), effects["daily_conflict_a_cwc", "Value"] < 0)
stopifnot(effects["daily_conflict_a_cwc", "t-value"] < -3)

# A score is the mean of its items, and their alpha is near the reliability that was asked for.
items <- subset(table("wave_items"), wave == 1 & scale == "trust")
wide <- reshape(items[c("person_id", "item", "answer")], idvar = "person_id", timevar = "item", direction = "wide")
answers <- as.matrix(wide[-1])
stopifnot(identical(wide$person_id, first$person_id), same(unname(rowMeans(answers)), first$trust))
k <- ncol(answers)
alpha <- k / (k - 1) * (1 - sum(apply(answers, 2, var)) / var(rowSums(answers)))
cat(sprintf("alpha of trust %.3f\n", alpha))
stopifnot(alpha > 0.6, alpha < 0.95)
