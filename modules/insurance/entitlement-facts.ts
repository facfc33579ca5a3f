/** What the decision about an entitlement is made of, and by which rule it was made. */

/** What the record (or the card in hand) says about the insurance; dates are ISO days, null = not known. */
export interface CoverageFacts {
  /** 15 characters; a card that shows only the 10-digit social insurance number has no known level. */
  cardNumber: string | null;
  validFrom: string | null;
  validTo: string | null;
  /** False for a Coverage that is cancelled, draft or entered in error. */
  active: boolean;
  /** Facility of first registration, 5 characters. */
  registeredFacility: string | null;
  /** Day on which five continuous years are reached. */
  fiveYearsOn: string | null;
  /** Start of the exemption from co-payment as published by the insurer or its certificate. */
  exemptFrom: string | null;
  livingArea: string | null;
}

export interface VisitFacts {
  /** MA_DOITUONG_KCB, for example `1.2`. */
  category: string;
  setting: 'outpatient' | 'inpatient';
  /** First day of the visit; with `inpatient` it decides the days of grace. */
  arrivedOn: string;
  /** T_TONGCHI_BH of the whole visit in đồng; null while it is not known (at reception). */
  insuredTotal: number | null;
  /** Right-route co-payment of this calendar year before this visit, đồng, as the insurer's portal shows it; null = not looked up. */
  copaidThisYear: number | null;
}

/** Which rule fixed `effective`. */
export type EntitlementRule =
  | 'not-insured'
  | 'no-benefit'
  | 'whole-scope'
  | 'small-bill'
  | 'exempt'
  | 'card-level';
