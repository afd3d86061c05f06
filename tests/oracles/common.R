# What the scripts of data sets made by arithmetic have in common: random numbers that Rust repeats, and the comparison
# with the kept numbers.

what <- c(commandArgs(trailingOnly = TRUE), "check")[1]
stopifnot(what %in% c("check", "renew"))
sets <- 200

# Random numbers of Park & Miller (1988), of which twelve make one that is nearly normal.
state <- 1
uniform <- function() {
  state <<- (16807 * state) %% 2147483647
  state / 2147483647
}
normal <- function() {
  sum <- 0
  for (k in 1:12) sum <- sum + uniform()
  sum - 6
}
pair <- function(r) {
  first <- normal()
  second <- normal()
  c(first, r * first + sqrt(1 - r * r) * second)
}

# Fits all data sets by a function of their number, which gives NULL or an error where there is no fit, and writes the
# numbers to a file or compares them with it.
keep_or_check <- function(fit, package, file, within) {
  lines <- vapply(seq_len(sets), function(k) {
    values <- tryCatch(fit(k), error = function(e) NULL)
    if (is.null(values)) {
      return(paste0(k, ",failed"))
    }
    paste(c(k, format(values, digits = 12, trim = TRUE, scientific = FALSE, drop0trailing = TRUE)), collapse = ",")
  }, "")
  failed <- sum(grepl("failed", lines))
  cat(sprintf("%s fitted %d of %d data sets\n", package, sets - failed, sets))
  kept <- file.path("tests/oracles", file)
  if (what == "renew") {
    writeLines(lines, kept)
    return(invisible())
  }
  old <- strsplit(readLines(kept), ",")
  new <- strsplit(lines, ",")
  same <- mapply(function(a, b) {
    length(a) == length(b) && (identical(a, b) || !("failed" %in% c(a, b)) &&
      all(abs(as.numeric(a) - as.numeric(b)) <= within * (1e-2 + abs(as.numeric(b)))))
  }, old, new)
  if (!all(same)) {
    cat("other numbers than the kept ones in data sets", paste(which(!same), collapse = " "), "\n")
    quit(status = 1)
  }
  cat("the kept numbers are R's\n")
}
