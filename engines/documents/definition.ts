/** What a paper is: the side file of its template, `content/documents/<key>/<valid-from>.json`. */
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedFiles, datedOn } from '../../kernel/content/dated.ts';
import type { Coding, ResourceType } from '../../kernel/fhir/types.ts';
import type { Barcode } from './barcode.ts';
import type { Standard } from './typesetter.ts';

/** How a value is written; left out: by its FHIR type. */
export type Manner =
  | 'text'
  | 'upper'
  | 'day'
  | 'moment'
  | 'age'
  | 'number'
  | 'money'
  | 'money-in-words'
  | 'present';

export const MANNERS: readonly Manner[] = [
  'text',
  'upper',
  'day',
  'moment',
  'age',
  'number',
  'money',
  'money-in-words',
  'present',
];

/** A text of the paper, or with `fields` a list of rows. A bare text is its FHIRPath. */
export type Field = string | FieldDefinition;

export interface FieldDefinition {
  /** FHIRPath on the Patient (`kernel/fhir/person`), with `%about` and the sources by name; in a row on the row's item. */
  path?: string;
  /** In the place of a path: `linkId` of a question of the QuestionnaireResponse that the paper is about. */
  answer?: string;
  as?: Manner;
  /** Between several values; ", " when left out. */
  between?: string;
  /** A row for each value. */
  fields?: Record<string, Field>;
  /** FHIRPath on the row's item by which rows are ordered, ascending. */
  sort?: string;
}

/** What a signed code holds (SMART Health Cards 1.0): resources of the record, cut down to what is named. */
export interface CardDefinition {
  /** `https://smarthealth.cards#immunization` */
  types: string[];
  /** FHIRPath that gives the resources, the Patient first. */
  resources: string[];
  /** Elements that are kept, by resource type. */
  elements: Record<string, string[]>;
  /** Days until the card is over; left out: it holds as long as its key is published. */
  days?: number;
}

/**
 * A member of a certificate's claim: a FHIRPath, one that is told in codes of a table, a group of members, or a list of one group. What
 * finds nothing is left out.
 */
export type CertificateMember =
  | string
  | {
      /** FHIRPath, `%about`, `%number`; `%certificate` is the certificate's own id, `%issuer` the address of who signs. */
      path: string;
      /** `day`: the day in Vietnam of an instant; `number`; left out: text. */
      as?: 'day' | 'number';
      /** The value is the `key` of a row in force of a content table; its `value` column is written. */
      by?: { table: string; key: string; value: string };
      /** Said when nothing is found: the certificate is not issued. */
      needed?: { vi: string; en: string };
    }
  | { members: Record<string, CertificateMember> }
  | { list: Record<string, CertificateMember> };

/** What a code of the WHO's trust network holds (HCERT: CBOR Web Token, COSE): members of one claim, asked of the record. */
export interface CertificateDefinition {
  /** Number of the claim within HCERT: 1 = the EU's certificate, 3 = WHO's DDCC of vaccination. */
  claim: number;
  /** Whose certificate it is (`iss`): ISO 3166-1 alpha-2. */
  country: string;
  /** Days until it is over. */
  days: number;
  members: Record<string, CertificateMember>;
}

export interface CodeDefinition {
  kind: Barcode['kind'];
  /** FHIRPath of the text; `%number` is the paper's number. */
  path?: string;
  /** A signed card in the place of a text. */
  card?: CardDefinition;
  /** A certificate of the WHO's trust network in the place of a text. */
  certificate?: CertificateDefinition;
}

export interface PaperDefinition {
  title: { vi: string; en: string };
  size: 'a4' | 'a5' | 'roll' | 'label';
  /** The regulation, for people. */
  source?: string;
  /** `DocumentReference.type`. */
  type?: Coding;
  /** `a-3b` when the template attaches its data. */
  standard?: Standard;
  /** Who may print it. */
  roles: string[];
  /** How many must sign it later, in their order. */
  signatures?: { vi: string; en: string }[];
  /**
   * Papers without a number have none. `each`: numbers begin anew each year in each unit, or never. `as`: how it is written,
   * `{number:5}.{series}.{unit}.{yy}`; left out `unit/series/year/number` with six digits.
   */
  number?: { series: string; each: 'year' | 'ever'; as?: string };
  /** False: printed and forgotten (a ticket); default: kept as it was issued. */
  kept?: boolean;
  /** What it may be made of; left out: a module makes its data (papers of a visit). */
  about?: ResourceType[];
  /** Searches among what the record has of the person, by name: `Immunization?status=completed`. */
  sources?: Record<string, string>;
  /** The template is given `form` too: every answer of the QuestionnaireResponse that the paper is about, in the form's order. */
  answers?: boolean;
  /** What the template reads, beside `paper` (number, day, unit, who prints). */
  fields?: Record<string, Field>;
  codes?: Record<string, CodeDefinition>;
  validTo?: string;
}

/** Every version of every paper. */
export function papersOf(content: Content): Dated<PaperDefinition>[] {
  return datedFiles<PaperDefinition>(content, 'documents');
}

/** The version in force on an ISO day; null when none is. */
export function paperOn(content: Content, key: string, day: string): Dated<PaperDefinition> | null {
  return datedOn<PaperDefinition>(content, 'documents', key, day);
}

/** Canonical address of a paper's definition. */
export const paperUrl = (key: string): string => `http://yba.vn/fhir/giay-to/${key}`;

/** What is wrong with a paper of content. */
export interface Fault {
  /** FHIRPath-like place in the definition (`fields.name.path`), or file, line and column of the template. */
  place: string;
  text: string;
  textEn: string;
}
