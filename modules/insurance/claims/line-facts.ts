/** Facts of tables 2 and 3: what a line of the bill was, who ordered it, what it cost. */
import { adviceOf, insuranceDoseOf } from '../../../engines/rules/index.ts';
import type { Row } from '../../../kernel/content/content.ts';
import { cs, ext } from '../../../kernel/fhir/systems.ts';
import { type Decimal, decimal, moneyCode, moneyField, ZERO } from '../../billing/index.ts';
import { attendingOf, type ChargeLine, codeIn, diagnosesOf, licenceOf, type View } from './facts.ts';
import type { FactValue } from './format.ts';
import { codeOn } from './lookup.ts';
import type { FactReader } from './visit-facts.ts';

/** The four sources are stored only when another source paid; a priced line without them had none. */
const SOURCES = new Set(['t-nguonkhac-nsnn', 't-nguonkhac-vtnn', 't-nguonkhac-vttn', 't-nguonkhac-cl']);

/** Reads `money.<field>` of the line, or of the visit where the row is the visit. */
export function moneyFact(name: string): FactReader {
  const field = name.slice('money.'.length);
  return ({ visit, line }) => {
    if (!line) return moneyField(visit.claim, ext.visitMoney, field);
    const value = moneyField(line.item, ext.lineMoney, field);
    if (value === null && SOURCES.has(field) && line.item.net) return ZERO;
    return value;
  };
}

const lineFacts: Record<string, FactReader> = {
  'line.cost-group': ({ line }) => codeOfMoney(line, 'ma-nhom'),
  'line.scope': ({ line }) => codeOfMoney(line, 'pham-vi'),
  'line.payment-method': ({ line }) => codeOfMoney(line, 'ma-pttt'),
  'line.payer': ({ line }) => ({ '': '', 1: '1', 3: '1' })[codeOfMoney(line, 'pham-vi')] ?? '4',
  'line.insured-rate': ({ line }) => money(line, 'tyle-tt-bh'),
  'line.service-rate': ({ line }) => money(line, 'tyle-tt-dv'),
  'line.insured-price': ({ line }) => money(line, 'don-gia-bh'),
  'line.level': ({ line }) => money(line, 'muc-huong'),
  'line.quantity': ({ line }) => number(line?.item.quantity?.value),
  'line.price': ({ line }) => number(line?.item.unitPrice?.value),
  'line.doctor': ({ visit, line }) =>
    licenceOf(visit, (line?.service ?? line?.drug)?.requester ?? attendingOf(visit.encounter)) ||
    licenceOf(visit, attendingOf(visit.encounter)),
  'line.ordered': ({ visit, line }) =>
    (line?.service ?? line?.drug)?.authoredOn ?? visit.encounter.period?.start ?? '',
};

const serviceFacts: Record<string, FactReader> = {
  'service.code': ({ line }) => codeIn(line?.item.productOrService, cs.service),
  /** ICD-9-CM of the procedure, for operations and procedures only (groups 8 and 18). */
  'service.icd9': ({ line, content, date }) => {
    if (!['8', '18'].includes(codeOfMoney(line, 'ma-nhom'))) return '';
    const code = codeIn(line?.item.productOrService, cs.service);
    return (codeOn(content, 'terminology/dich-vu-ky-thuat', code, date)?.icd9 ?? '').split(';');
  },
  'service.name': ({ line }) => line?.item.productOrService?.text ?? '',
  'service.unit': ({ line }) => line?.item.quantity?.unit ?? '',
  /** Results name who made them; an examination is made by the doctor of the visit. */
  'service.performer': ({ visit, line }) => {
    if (!line?.service) return licenceOf(visit, attendingOf(visit.encounter));
    const makers = line.results.flatMap((each) => each.performer ?? []);
    return [...new Set(makers.map((each) => licenceOf(visit, each)))];
  },
  'service.diagnosis': ({ visit }) => codeIn(diagnosesOf(visit)[0]?.code, cs.icd10),
  'service.performed': ({ visit, line }) => {
    if (!line?.service) return visit.encounter.period?.start ?? '';
    return (
      line.results
        .map((each) => each.effectiveDateTime ?? '')
        .filter(Boolean)
        .sort()[0] ?? ''
    );
  },
  'service.resulted': ({ visit, line }) => {
    if (!line?.service) return visit.encounter.period?.end ?? '';
    return (
      line.results
        .map((each) => each.issued ?? each.effectiveDateTime ?? '')
        .filter(Boolean)
        .sort()
        .at(-1) ?? ''
    );
  },
  'service.machine': ({ line }) => [
    ...new Set(line?.results.map((each) => each.device?.identifier?.value ?? '')),
  ],
};

const drugFacts: Record<string, FactReader> = {
  'drug.code': (view) => medicineOf(view)?.insurance_code ?? '',
  'drug.name': (view) => medicineOf(view)?.name ?? view.line?.item.productOrService?.text ?? '',
  'drug.unit': (view) => medicineOf(view)?.unit ?? view.line?.item.quantity?.unit ?? '',
  'drug.strength': (view) => medicineOf(view)?.strength ?? '',
  'drug.route': (view) =>
    codeIn(view.line?.drug?.dosageInstruction?.[0]?.route, cs.route) || (medicineOf(view)?.route ?? ''),
  'drug.form': (view) => medicineOf(view)?.form ?? '',
  'drug.dose': ({ line }) => (line?.drug ? insuranceDoseOf(line.drug) : ''),
  'drug.use': ({ line }) =>
    line?.drug
      ? [line.drug.dosageInstruction?.[0]?.text, adviceOf(line.drug)].filter(Boolean).join('; ')
      : '',
  'drug.registration': (view) => (medicineOf(view)?.registration_no ?? '').replaceAll(' ', ''),
  'drug.tender': (view) => medicineOf(view)?.tender ?? '',
};

export const LINE_FACTS: Readonly<Record<string, FactReader>> = {
  ...lineFacts,
  ...serviceFacts,
  ...drugFacts,
};

function medicineOf({ line, content, date }: View): Row | undefined {
  const code = codeIn(line?.item.productOrService, cs.medicine);
  return codeOn(content, 'drug/medicines', code, date);
}

function money(line: ChargeLine | undefined, field: string): FactValue {
  return line ? moneyField(line.item, ext.lineMoney, field) : null;
}

function codeOfMoney(line: ChargeLine | undefined, field: string): string {
  return line ? moneyCode(line.item, ext.lineMoney, field) : '';
}

function number(value: number | undefined): Decimal | null {
  return value === undefined ? null : decimal(value);
}
