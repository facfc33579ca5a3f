/** People and households of the demo province before they become resources. */
import type { Sex, Station } from './tables.ts';

export interface Person {
  /** Number in the province, 0…; every number and id is made of it. */
  serial: number;
  sex: Sex;
  /** ISO day. */
  birthDate: string;
  /** ISO day; null for the living. */
  deathDate: string | null;
  name: string;
  mother: Person | null;
  father: Person | null;
  /** Code of the list nghe-nghiep. */
  occupation: string;
  /** How the job insures: DN, HC, SV, QN, CA, GD or ''. */
  insuredAs: string;
  household: Household;
}

export interface Household {
  /** Serial of its first member. */
  serial: number;
  station: Station;
  /** Thôn, tổ dân phố. */
  hamlet: string;
  /** 5-digit code of the commune before 2025-07-01; '' when the merge map is not certain. */
  formerCommune: string;
  /** Code of the list dan-toc. */
  ethnicity: string;
  poverty: '' | 'poor' | 'near-poor';
  head: Person;
  members: Person[];
}

/** A person while the household is being put together. */
export interface Draft {
  sex: Sex;
  birthDate: string;
  deathDate: string | null;
  /** Years with fraction on the day of reference. */
  age: number;
  spouse: Draft | null;
  mother: Draft | null;
  father: Draft | null;
}
