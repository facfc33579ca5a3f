/** A line of `GET /api/citizen/persons`. */
export interface PersonLine {
  patient: string;
  name: string;
  kind: string;
  vi: string;
  en: string;
  veiled: string[];
}
