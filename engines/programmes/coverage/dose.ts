import type { Judged } from '../assess.ts';

/** A dose of a person for one series. */
export interface Taken {
  series: string;
  /** Of the Immunization. */
  immunization: string;
  label: string;
  /** Its place among the person's doses of the series, from 1. */
  ordinal: number;
  /** ISO day. */
  day: string;
  verdict: Judged['verdict'];
  /** Organization that gave it; '' = the record does not say. */
  unit: string;
}
