/** One conjunction of a person's consent, as it stands in table `consent_rule`, and who reads what. Plain data. */

export interface ConsentRule {
  /** Id of the Consent. */
  consent: string;
  /** Number of the provision, 0 = the outermost. */
  n: number;
  /** The provision around it; null for the outermost. */
  parent: number | null;
  permit: boolean;
  /** All of these bits of the resource's labels; 0 = everything. */
  bits: number;
  /** All of these are names of the reader; null = everyone but the person and the representatives. */
  actors: string[] | null;
  /** Any of these is the reader's purpose (HL7 v3 ActReason). */
  purposes: string[] | null;
  /** Any of these is the resource's type, by its number in the store. */
  types: number[] | null;
  /** Any of these is a coding of the resource, as in column `tok`. */
  codes: bigint[] | null;
  /** Only what one of these facilities holds, as column `org`: those that are named and all that is part of them. */
  holders: number[] | null;
  /** Only this resource, as column `idh`. */
  idh: bigint | null;
  /** When it counts, [from, until) in epoch milliseconds; null = open. */
  from: number | null;
  until: number | null;
  /** Clinical dates that it is about, [dataFrom, dataUntil) in epoch milliseconds. */
  dataFrom: number | null;
  dataUntil: number | null;
  /** `CareTeam/x`, `Group/z`, `PractitionerRole/y` whose content the actors were read from. */
  sources: string[];
}

/** Who reads, as consent knows readers. */
export interface ConsentReader {
  /** Every name by which a Consent may mean the reader: `Organization/unit` and those it is part of, `Practitioner/x`, `Patient/y`. */
  names: readonly string[];
  /** HL7 v3 ActReason: TREAT, HPAYMT, PUBHLTH, HOPERAT … */
  purpose: string;
  /** True for the person and the representatives: what is denied to everyone is not denied to them. */
  citizen: boolean;
  /** The reader's unit as column `org`: what the unit wrote itself stays open to it. */
  unit: number | null;
  /** Types that the law opens for the purpose, whatever is denied. */
  open: readonly number[];
}

/** What a decision asks of a resource: columns of its row. Dates in epoch milliseconds. */
export interface ConsentSubject {
  t: number;
  idh: bigint;
  sec: number;
  org: number | null;
  /** Owners of the visits that a resource without an owner is of; none = nobody knows who holds it. */
  visits: readonly number[];
  tok: readonly bigint[];
  d0: number | null;
  d1: number | null;
}
