/** What both sides have of a person now, and what was decided of it before. */
import { createHash } from 'node:crypto';
import { catalogueOn, type Product } from '../../../engines/programmes/index.ts';
import type { Immunization, Patient } from '../../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import type { Service } from '../../../kernel/outbound/service.ts';
import { hash64 } from '../../../kernel/store/hash.ts';
import { refusal } from '../asking.ts';
import { historyOf } from './client.ts';
import { compareDoses, type LinkRow } from './compare.ts';
import { type LinkDefinition, vaccineCodesOn } from './definition.ts';
import { linkedOf, personDifferences } from './doses.ts';

export const DECISIONS = ['add', 'keep', 'two', 'correct'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface Decided {
  theirs: string;
  content: string;
  decision: Decision;
  ours: string;
  why: string;
  who: string;
  at: string;
}

export interface Standing {
  patient: Patient;
  /** Null = they do not know the number. */
  person: Patient | null;
  differences: ReturnType<typeof personDifferences>;
  rows: (LinkRow & { decided: Decided | null; content: string })[];
  leftOut: number;
  /** Ours, as the record has them. */
  doses: readonly Immunization[];
  products: ReadonlyMap<string, Product>;
}

/** @throws ServiceFault when they do not answer, Failure when the person has no number that both know */
export async function standingOf(
  kernel: Kernel,
  service: Service,
  definition: LinkDefinition,
  session: RecordSession,
  id: string,
  day: string,
): Promise<Standing> {
  const patient = await session.read('Patient', id);
  const number = definition.identifiers
    .map(({ ours, theirs }) => ({
      system: theirs,
      value: patient.identifier?.find(({ system, use }) => system === ours && use !== 'old')?.value ?? '',
    }))
    .find(({ value }) => value !== '');
  if (!number)
    throw refusal(
      'patient',
      'Người này chưa có số định danh trong hồ sơ nên không hỏi được hệ thống khác. Hãy bổ sung số ở Tiếp đón.',
      'The person has no number by which the other register could be asked.',
    );
  const [doses] = await session.searchAbout(id, [['Immunization', { status: 'completed' }]]);
  const told = await historyOf(service, definition, number);
  const products = catalogueOn(kernel.content, day);
  const codes = vaccineCodesOn(kernel.content, day);
  const lines = (all: readonly Immunization[]) => all.flatMap((one) => linkedOf(one, products, codes) ?? []);
  const rows = compareDoses(lines(doses), lines(told.doses), {
    daysApart: definition.daysApart,
    componentsOf: (product) => products.get(product)?.components ?? [],
  });
  const decided = await decisionsOf(kernel, id);
  return {
    patient,
    person: told.person,
    differences: told.person ? personDifferences(patient, told.person) : [],
    rows: rows.map((row) => {
      const content = contentOf(row);
      const before = decided.get(row.theirs?.id ?? '');
      return { ...row, content, decided: before?.content === content ? before : null };
    }),
    leftOut: told.leftOut,
    doses,
    products,
  };
}

/** What both sides say of a line: another content asks again. */
function contentOf({ ours, theirs }: LinkRow): string {
  return createHash('sha256')
    .update(JSON.stringify([ours, theirs]))
    .digest('base64url')
    .slice(0, 22);
}

const ptOf = (patient: string) => hash64(`Patient/${patient}`).toString();

async function decisionsOf({ pool }: Kernel, patient: string): Promise<ReadonlyMap<string, Decided>> {
  const { rows } = await pool.query<Decided>(
    'select theirs, content, decision, ours, why, who, at from programmes.link_decision where pt = $1',
    [ptOf(patient)],
  );
  return new Map(rows.map((row) => [row.theirs, row]));
}

export async function keepDecision(
  { pool }: Kernel,
  patient: string,
  { theirs, content, decision, ours, why, who, at }: Decided,
): Promise<void> {
  await pool.query(
    `insert into programmes.link_decision (pt, theirs, content, decision, ours, why, who, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (pt, theirs) do update set content = $3, decision = $4, ours = $5, why = $6, who = $7, at = $8`,
    [ptOf(patient), theirs, content, decision, ours, why, who, at],
  );
}
