/** What the desk of a session does with what is scanned: a card opens a person, a vial is a dose of today, a number the temperature. */
import {
  type CourseTask,
  courseOf,
  dayOf,
  type Facts,
  type Product,
  type Programme,
} from '../../../engines/programmes/browser.ts';
import { api, t } from '../../../web/ui/index.ts';
import type { Scanned } from '../../stock/index.ts';
import { readVial } from './scan-vial.tsx';

export interface DeskPerson {
  patient: string;
  name: string;
  birth: string | null;
  /** Doses that may be given today, the most urgent first. */
  due: CourseTask[];
}

/** A vial that was scanned for a dose that is due. */
export interface DeskDose {
  product: string;
  title: string;
  lot: string;
  expires: string;
}

export type Read =
  | { kind: 'temperature'; degrees: number }
  | { kind: 'vial'; code: string }
  | { kind: 'card'; text: string };

/** GS1 codes name their package first; two digits and a fraction are degrees; the rest is a card or a number of a person. */
export function kindOf(text: string): Read {
  if (/^[34]\d([.,]\d)?$/.test(text)) return { kind: 'temperature', degrees: Number(text.replace(',', '.')) };
  if (/^(\]d2|\]C1|\]Q3|\(01\)|01\d{14})/.test(text)) return { kind: 'vial', code: text };
  return { kind: 'card', text };
}

interface PersonRead {
  facts: Facts;
  programme: Programme;
  products: Product[];
  name: string;
  day: string;
  isWhole: boolean;
}

interface Found {
  id: string;
  birthDate?: string | null;
}

/** @throws Error with a sentence when the card belongs to nobody who is known */
export async function personOf(programme: string, text: string): Promise<DeskPerson> {
  const { id, birthDate = null } = await foundBy(text);
  const read = await api.get<PersonRead>(`/api/programmes/${programme}/people/${encodeURIComponent(id)}`);
  if (!read.isWhole)
    throw new Error(
      t(
        'programmes.desk.not-whole',
        '{name}: trạm chưa tiếp đón nên không thấy đủ các mũi đã tiêm. Hãy tiếp đón trước, rồi quét lại.',
        { name: read.name },
      ),
    );
  const products = new Map(read.products.map((one) => [one.code, one]));
  const course = courseOf({ programme: read.programme, products }, read.facts, dayOf(read.day)!);
  const due = course.tasks.filter(
    ({ product, earliest, due: on }) => product !== null && earliest <= course.day && on <= course.day,
  );
  return { patient: id, name: read.name, birth: birthDate, due };
}

async function foundBy(text: string): Promise<Found> {
  if (/^shc:\/\d/i.test(text))
    return (await api.post<{ person: Found }>('/api/documents/cards/person', { card: text })).person;
  const found = await api.post<{ outcome: string; person: Found | null }>('/api/people/resolve', {
    scan: text,
  });
  if (found.outcome === 'found' && found.person) return found.person;
  throw new Error(
    t('programmes.desk.nobody', 'Thẻ này chưa có hồ sơ hoặc có nhiều người giống nhau: hãy tiếp đón trước.'),
  );
}

/** Vials of one lot have one code: it is asked once a session. */
const known = new Map<string, Promise<Scanned>>();

/** @throws Error with a sentence for a vial that is for none of the doses of today, or is among them already */
export async function doseOf(
  code: string,
  { due }: DeskPerson,
  doses: readonly DeskDose[],
): Promise<DeskDose> {
  const asked = known.get(code) ?? readVial(code);
  known.set(code, asked);
  asked.catch(() => known.delete(code));
  const { item: product, lot, expires } = await asked;
  if (product === '') {
    known.delete(code);
    throw new Error(
      t(
        'programmes.desk.unknown-vial',
        'Chưa nhập lô có mã này vào kho nên không biết là vắc xin nào: hãy nhập kho trước.',
      ),
    );
  }
  const task = due.find((one) => one.product === product);
  if (!task) throw new Error(t('programmes.desk.not-due', 'Lọ này không thuộc mũi nào cần tiêm hôm nay.'));
  if (doses.some((one) => one.product === product))
    throw new Error(t('programmes.desk.twice', 'Vắc xin này đã quét cho người này.'));
  return { product, title: task.title, lot, expires };
}
