/** The statement of charges (bảng kê 01/KBCB) of a visit as data for its template. Pure; every figure is the recorded Claim's. */
import { amountInWords } from '../../engines/documents/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type { Claim, ClaimItem, CodeableConcept, Extension } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import {
  add,
  type Decimal,
  decimal,
  moneyCode,
  moneyField,
  round,
  subtract,
  toNumber,
  ZERO,
} from '../billing/index.ts';
import {
  categoryOf,
  dayParts,
  isDemo,
  newestOf,
  numberOf,
  type Paper,
  type PaperFacts,
  personOnPaper,
  placeAndDay,
  unitOnPaper,
  versionOf,
  viDay,
  viMoment,
  viNumber,
} from './paper.ts';

/** @throws Failure `conflict` while the visit is not billed */
export function statementPaper(facts: PaperFacts, content: Content): Paper {
  const { claim, encounter, patient, organization } = facts;
  if (!claim || encounter.status !== 'finished') {
    throw new Failure('conflict', 'Lượt khám chưa kết thúc nên chưa có bảng kê: kết thúc khám rồi in.', {
      textEn: 'The visit is not finished and has no statement yet',
    });
  }
  const day = vietnamDay(new Date(encounter.period?.end ?? encounter.period?.start ?? ''));
  const episode = numberOf(encounter, sid.episode);
  const data = {
    signedOn: dayParts(day),
    placeAndDay: placeAndDay(organization, day),
    demo: isDemo(encounter) || isDemo(patient),
    facility: unitOnPaper(facts),
    patient: personOnPaper(facts, day),
    card: cardOnPaper(facts),
    visit: visitOnPaper(facts, claim, episode),
    diagnosis: diagnosisOnPaper(facts),
    sections: sectionsOf(claim, content, day),
    sums: sumsOf(claim.item ?? []),
    rounded: roundedOf(claim),
  };
  return {
    name: 'statement',
    date: day,
    data,
    options: {
      codes: { qr: { kind: 'qrcode', text: episode } },
      createdAt: newestOf([claim, encounter, patient, organization, facts.coverage]),
    },
    number: episode,
    sources: [versionOf(claim)],
    about: [claim, ...facts.conditions, ...facts.chargeItems, ...facts.medicationRequests],
    fileName: `bang-ke-${episode}`,
    said: `statement of charges ${episode}`,
  };
}

function visitOnPaper({ encounter, location }: PaperFacts, claim: Claim, episode: string) {
  const room = location?.type
    ?.flatMap((each) => each.coding ?? [])
    .find((each) => each.system === cs.department);
  const type = encounter.type?.[0]?.coding?.find((each) => each.system === cs.visitType);
  const levels = new Set(
    (claim.item ?? [])
      .filter((item) => moneyCode(item, ext.lineMoney, 'pham-vi') !== '2')
      .map((item) => viNumber(moneyField(item, ext.lineMoney, 'muc-huong'))),
  );
  return {
    episode,
    department: [room?.code, room?.display ?? location?.name].filter(Boolean).join(' '),
    start: viMoment(encounter.period?.start),
    end: viMoment(encounter.period?.end),
    type: [type?.code, type?.display].filter(Boolean).join(' '),
    category: categoryOf(encounter),
    level: [...levels]
      .filter(Boolean)
      .map((level) => `${level} %`)
      .join('; '),
    from: encounter.hospitalization?.origin?.display ?? '',
  };
}

function cardOnPaper({ coverage }: PaperFacts) {
  const extension = (url: string): Extension | undefined =>
    coverage?.extension?.find((each) => each.url === url);
  return {
    number: numberOf(coverage ?? {}, sid.bhyt),
    from: viDay(coverage?.period?.start ?? ''),
    to: viDay(coverage?.period?.end ?? ''),
    registered: extension(ext.registeredFacility)?.valueIdentifier?.value ?? '',
    livingArea: extension(ext.livingArea)?.valueCode ?? '',
  };
}

function diagnosisOnPaper({ encounter, conditions }: PaperFacts) {
  const ranked = [...(encounter.diagnosis ?? [])].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
  const listed = ranked.flatMap(
    (each) => conditions.find((one) => `Condition/${one.id}` === each.condition?.reference) ?? [],
  );
  const [main, ...others] = listed.length > 0 ? listed : conditions;
  const code = (concept: CodeableConcept | undefined) =>
    concept?.coding?.find((each) => each.system === cs.icd10)?.code ?? '';
  return {
    main: main?.code?.text ?? '',
    mainCode: code(main?.code),
    others: others.map((each) => each.code?.text ?? '').join('; '),
    otherCodes: others.map((each) => code(each.code)).join('; '),
  };
}

/** Only sections with costs, each under its own number (Decision 697/2026). A line of an unknown group stands under 12. */
function sectionsOf(claim: Claim, content: Content, day: string) {
  const listed = content.inForce('documents/statement-sections', day);
  const sectionOf = (item: ClaimItem) => {
    const group = moneyCode(item, ext.lineMoney, 'ma-nhom');
    return listed.find((row) => row.cost_group === group) ?? listed.find((row) => row.cost_group === '19');
  };
  const groups = Map.groupBy(claim.item ?? [], (item) => Number(sectionOf(item)?.number ?? 12));
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([number, items]) => ({
      number,
      title: sectionOf(items[0]!)?.title ?? 'Dịch vụ khác',
      sums: sumsOf(items),
      lines: items.map(lineOf),
    }));
}

function lineOf(item: ClaimItem) {
  const field = (name: string) => viNumber(moneyField(item, ext.lineMoney, name));
  const price = item.unitPrice?.value === undefined ? null : decimal(item.unitPrice.value);
  const drug = moneyCode(item, ext.lineMoney, 'bang') === 'XML2';
  return {
    name: item.productOrService?.text ?? '',
    unit: item.quantity?.unit ?? '',
    quantity: item.quantity?.value === undefined ? '' : viNumber(decimal(item.quantity.value)),
    price: viNumber(price),
    insuredPrice: drug ? viNumber(price) : field('don-gia-bh'),
    serviceRate: drug ? '100' : field('tyle-tt-dv'),
    total: field('thanh-tien-bv'),
    insuredRate: field('tyle-tt-bh'),
    insured: field('thanh-tien-bh'),
    fund: field('t-bhtt'),
    copay: field('t-bncct'),
    others: field('t-nguonkhac'),
    own: field('t-bntt'),
  };
}

function sumsOf(items: readonly ClaimItem[]) {
  const sum = (name: string) => viNumber(total(items, name));
  return {
    total: sum('thanh-tien-bv'),
    insured: sum('thanh-tien-bh'),
    fund: sum('t-bhtt'),
    copay: sum('t-bncct'),
    others: sum('t-nguonkhac'),
    own: sum('t-bntt'),
  };
}

function total(items: readonly ClaimItem[], name: string): Decimal {
  return add(ZERO, ...items.map((item) => moneyField(item, ext.lineMoney, name) ?? ZERO));
}

/** Whole đồng; what rounding leaves over stands with the patient's own part, so that the parts make the total. */
function roundedOf(claim: Claim) {
  const whole = (name: string) => round(total(claim.item ?? [], name), 0);
  const [all, fund, copay, others] = ['thanh-tien-bv', 't-bhtt', 't-bncct', 't-nguonkhac'].map(whole) as [
    Decimal,
    Decimal,
    Decimal,
    Decimal,
  ];
  const patient = subtract(all, add(fund, others));
  return {
    total: viNumber(all),
    inWords: amountInWords(toNumber(all)),
    fund: viNumber(fund),
    patient: viNumber(patient),
    copay: viNumber(copay),
    own: viNumber(subtract(patient, copay)),
    others: viNumber(others),
  };
}
