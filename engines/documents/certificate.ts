/** Members of a certificate's claim, as the definition of the paper names them: asked of the record, told in codes of dated tables. Pure. */
import { Failure } from '../../kernel/failure.ts';
import { isDay, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import type { CertificateMember } from './definition.ts';
import type { Compile, Facts } from './facts.ts';

export type CertificateValue = string | number | CertificateSet | CertificateSet[];
export interface CertificateSet {
  [name: string]: CertificateValue;
}

/** Rows of a content table that are in force. */
export type Table = (name: string) => readonly Readonly<Record<string, string>>[];

type Fill = (facts: Facts, table: Table) => CertificateValue | null;

/** @throws Failure whose expression is the place of a wrong FHIRPath */
export function compileCertificate(
  members: Record<string, CertificateMember>,
  place: string,
  compile: Compile,
): (facts: Facts, table: Table) => CertificateSet {
  const fills = Object.entries(members).map(([name, member]): [string, Fill] => [
    name,
    compileMember(member, `${place}.${name}`, compile),
  ]);
  return (facts, table) =>
    Object.fromEntries(
      fills.flatMap(([name, fill]) => {
        const value = fill(facts, table);
        return value === null ? [] : [[name, value] as const];
      }),
    );
}

function compileMember(member: CertificateMember, place: string, compile: Compile): Fill {
  if (typeof member === 'string') return compileMember({ path: member }, place, compile);
  if ('members' in member) {
    const fill = compileCertificate(member.members, place, compile);
    return (facts, table) => presentIn(fill(facts, table));
  }
  if ('list' in member) {
    const fill = compileCertificate(member.list, place, compile);
    return (facts, table) => {
      const one = presentIn(fill(facts, table));
      return one === null ? null : [one];
    };
  }
  const { by, as, needed } = member;
  const values = compile(member.path, `${place}.path`, 'Patient');
  return (facts, table) => {
    const texts = values.ask(facts, facts.patient).map(String);
    const told = by ? texts.flatMap((text) => inTable(table(by.table), by, text)) : texts;
    const value = told[0] === undefined ? null : written(told[0], as);
    if (value === null && needed)
      throw new Failure('business-rule', needed.vi, { textEn: needed.en, expression: place });
    return value;
  };
}

const presentIn = (set: CertificateSet) => (Object.keys(set).length === 0 ? null : set);

function inTable(
  rows: readonly Readonly<Record<string, string>>[],
  { key, value }: { key: string; value: string },
  text: string,
): string[] {
  const told = rows.find((row) => row[key] === text)?.[value];
  return told ? [told] : [];
}

function written(text: string, as: 'day' | 'number' | undefined): string | number | null {
  if (as === undefined) return text.normalize('NFC');
  if (as === 'number') return text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
  if (isDay(text)) return text;
  // A dose of which only the month is known has no day that anybody could sign.
  return text.length > 10 && !Number.isNaN(Date.parse(text)) ? vietnamDay(new Date(text)) : null;
}
