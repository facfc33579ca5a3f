/** What PlanDefinition has no element for (README.md, "How a programme is written"). */
const EXT = 'http://yba.vn/fhir/ext/chuong-trinh-';

export const programmeExt = {
  /** PlanDefinition: who is proposed, excluded, leaves. */
  enrolment: `${EXT}ghi-danh`,
  /** PlanDefinition: a day from which others are counted. */
  anchor: `${EXT}moc`,
  /** PlanDefinition: how much too early still counts, valueDuration. */
  grace: `${EXT}cho-phep-som`,
  /** PlanDefinition: between products of a spacing group, valueDuration. */
  spacing: `${EXT}cach-nhau`,
  /** PlanDefinition: a campaign with its first and last day (`tu`, `den`, valueDate). */
  campaign: `${EXT}chien-dich`,
  /** Action: a window counted from an anchor. */
  window: `${EXT}khung`,
  /** Action: a series of doses. */
  series: `${EXT}chuoi`,
  /** Action of a dose: what is given, valueCoding, the usual first. */
  product: `${EXT}san-pham`,
  /** Action of a dose: no other product counts, valueBoolean. */
  only: `${EXT}chi-san-pham-nay`,
  /** Action: what shows that it was done, valueExpression. */
  evidence: `${EXT}bang-chung`,
  /** Goal.target: whether it is met, valueExpression. */
  met: `${EXT}dat`,
} as const;

export interface Ext {
  url?: string;
  extension?: Ext[];
  valueBoolean?: boolean;
  valueCode?: string;
  valueString?: string;
  valueDate?: string;
  valueCoding?: { system?: string; code?: string; display?: string };
  valueDuration?: { value?: number; code?: string; unit?: string };
  valueExpression?: { language?: string; expression?: string; description?: string };
}

interface Extended {
  extension?: readonly unknown[];
}

/** Extensions of an element by url, each with its place. */
export function extsOf(element: Extended, url: string, place: string): { ext: Ext; place: string }[] {
  return (element.extension ?? []).flatMap((one, at) =>
    (one as Ext).url === url ? [{ ext: one as Ext, place: `${place}.extension[${at}]` }] : [],
  );
}
