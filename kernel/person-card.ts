/** What decision support says of a person whose record is open, as our own screens are given it. Types only: the kit draws it, a module makes it. */
export interface PersonCard {
  id: string;
  rule: string;
  severity: 'high' | 'moderate' | 'low';
  title: string;
  detail: string;
  management: string;
  source: { label: string; url: string | null };
  /** Pages to open: of this program (from `/`), or https. */
  links: { label: string; url: string }[];
  /** Labels of one-click alternatives, asked for by their place. */
  suggestions: string[];
  /** Reasons for setting it aside; none for what nobody may set aside. */
  reasons: { code: string; display: string }[];
  reasonsEn: { code: string; display: string }[];
}
