
# The folder of the study is the first argument, or where R is.
folder <- commandArgs(trailingOnly = TRUE)
folder <- if (length(folder)) folder[1] else "."
read_table <- function(name) {
  csv <- file.path(folder, paste0(name, ".csv"))
  rows <- if (file.exists(csv)) {
    read.csv(csv)
  } else {
    as.data.frame(nanoparquet::read_parquet(file.path(folder, paste0(name, ".parquet"))))
  }
  rows[rows$replicate == data_set, ]
}
# Complete rows, and who is left out.
complete <- function(rows, columns) {
  used <- rows[stats::complete.cases(rows[columns]), ]
  cat(sprintf(
    "rows used: %d of %d; couples: %d of %d\n",
    nrow(used), nrow(rows), length(unique(used$couple)), length(unique(rows$couple))
  ))
  used
}
