/**
 * Diagnoses made from `$1` to before `$2` (instants), as a table in SQL: the rows of `views.diagnosis` and `diagnosed`, when
 * it was recorded, or when the visit began where that is not written. Each half goes by an index, however long the record.
 */
export const DIAGNOSED_BETWEEN = `(
    select of_day.*, of_day.recorded as diagnosed from views.diagnosis of_day
    where of_day.recorded >= $1 and of_day.recorded < $2
    union all
    select undated.*, visit.started from views.visit visit
    join views.diagnosis undated on undated.encounter = visit.resource_key
    where undated.recorded is null and visit.started >= $1 and visit.started < $2
  )`;
