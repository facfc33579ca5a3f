/** Whom a person belongs to: relatives whom the record names, and those who name this person as theirs. */
import { sid } from '../../kernel/fhir/systems.ts';
import type { Identifier, Patient, RelatedPerson } from '../../kernel/fhir/types.ts';
import type { RecordSession } from '../../kernel/kernel.ts';

export interface Relative {
  /** In the words of the record: Mẹ. */
  relation: string;
  name: string;
  /** ISO day, month or year; '' = not known. */
  birthDate: string;
  /** Patient id; null = no record that the reader may see. */
  patient: string | null;
  /** True: the relative is this person's mother; false: this person is theirs. */
  isTheirs: boolean;
}

/** Numbers that one person alone has. */
const OWN_NUMBERS: readonly string[] = [sid.cccd, sid.bhxh, sid.passport];
const MOST = '50';

/** As far as the reader may see them: who is hidden from them is not counted. */
export async function relativesOf(session: RecordSession, patient: string): Promise<Relative[]> {
  if (session.reach('search', 'RelatedPerson') === 'none' || session.reach('read', 'Patient') === 'none')
    return [];
  const person = await session.read('Patient', patient);
  const [named, naming] = [
    await relations(session, 'patient', `Patient/${patient}`),
    await namingOf(session, person),
  ];
  const mothers = await Promise.all(named.map((one) => withRecord(session, one)));
  const children = await Promise.all(naming.map((one) => nameOfChild(session, one)));
  return [...mothers, ...children.flatMap((one) => one ?? [])];
}

async function namingOf(session: RecordSession, { identifier = [] }: Patient): Promise<RelatedPerson[]> {
  const numbers = tokensOf(identifier);
  return numbers === '' ? [] : relations(session, 'identifier', numbers);
}

async function relations(session: RecordSession, name: string, value: string): Promise<RelatedPerson[]> {
  const { matches } = await session.search('RelatedPerson', [
    [name, value],
    ['active', 'true'],
    ['_count', MOST],
  ]);
  return matches as RelatedPerson[];
}

async function withRecord(session: RecordSession, one: RelatedPerson): Promise<Relative> {
  const numbers = tokensOf(one.identifier ?? []);
  const found = numbers === '' ? [] : (await session.search('Patient', [['identifier', numbers]])).matches;
  return {
    relation: wordOf(one),
    name: one.name?.[0]?.text ?? '',
    birthDate: one.birthDate ?? '',
    patient: found.length === 1 ? found[0]!.id! : null,
    isTheirs: true,
  };
}

async function nameOfChild(session: RecordSession, one: RelatedPerson): Promise<Relative | null> {
  const { matches } = await session.search('Patient', [['_id', one.patient.reference?.split('/')[1] ?? '']]);
  const [child] = matches as Patient[];
  if (!child || child.active === false) return null;
  return {
    relation: wordOf(one),
    name: child.name?.[0]?.text ?? '',
    birthDate: child.birthDate ?? '',
    patient: child.id!,
    isTheirs: false,
  };
}

const wordOf = ({ relationship }: RelatedPerson) =>
  relationship?.[0]?.text ?? relationship?.[0]?.coding?.[0]?.display ?? '';

const tokensOf = (identifiers: readonly Identifier[]) =>
  identifiers
    .flatMap(({ system, value, use }) =>
      system && value && use !== 'old' && OWN_NUMBERS.includes(system)
        ? [`${system}|${value.replace(/[\\,$|]/g, '\\$&')}`]
        : [],
    )
    .join(',');
