/**
 * Vaccines of the demo stations (`content/demo/vaccine-stock.csv`): lots of the State and lots that were bought to be sold, with some
 * reservations of people who came lately. Laid in once, by the same functions as a nurse uses; a stock that is there is left alone.
 */
import type { Encounter, Patient } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { addDays, vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { hasVaccines, receiveVaccine, reserveDose } from '../programmes/index.ts';

interface StockRow {
  unit: string;
  product: string;
  lot: string;
  /** Doses of a vial, and vials. */
  vial: number;
  vials: number;
  paid: boolean;
  /** Months that the lot is good for. */
  months: number;
  reservations: number;
}

const WHO = 'Tạo dữ liệu trình diễn';
const DAYS_OF_A_MONTH = 30;
/** Who is old enough for every vaccine that is sold here, and young enough to want it. */
const AGES = { from: 11, to: 45 };
const LATELY = '400';

/** @returns reservations that were made; 0 also when the stock was there already */
export async function layInVaccines(kernel: Kernel): Promise<number> {
  const rows = readRows(kernel);
  let made = 0;
  for (const unit of new Set(rows.map((row) => row.unit))) {
    if (await hasVaccines(kernel, unit)) continue;
    const own = rows.filter((row) => row.unit === unit);
    const today = vietnamDay(kernel.settings.now());
    for (const { product, lot, vial, vials, paid, months } of own)
      await receiveVaccine(
        kernel,
        {
          unit,
          product,
          lot,
          vial,
          vials,
          paid,
          gtin: '',
          expires: addDays(today, months * DAYS_OF_A_MONTH),
          from: paid ? 'Nhà phân phối (mẫu)' : 'Trung tâm Kiểm soát bệnh tật tỉnh (mẫu)',
        },
        WHO,
      );
    made += await reserve(kernel, unit, own);
  }
  return made;
}

/** Times between one reservation and the next: some come today, some on the days after. */
const APART = 4;
/** Every third has not paid yet, so that each list of the screen has somebody. */
const UNPAID_EVERY = 3;

async function reserve(kernel: Kernel, unit: string, rows: readonly StockRow[]): Promise<number> {
  const wanted = rows.flatMap(({ product, reservations }) => Array<string>(reservations).fill(product));
  const people = await cameLately(kernel, unit, wanted.length);
  const writing = {
    session: kernel.gate.system('demo'),
    actor: { id: 'demo', name: WHO, roles: [], unit, practitioner: null, ip: '', purpose: { code: 'TREAT' } },
    now: vietnamInstant(kernel.settings.now()),
    day: vietnamDay(kernel.settings.now()),
  };
  for (const [at, patient] of people.entries())
    await reserveDose(kernel, writing, {
      patient,
      product: wanted[at]!,
      after: at * APART,
      isPaid: at % UNPAID_EVERY !== UNPAID_EVERY - 1,
    });
  return people.length;
}

/** People of the right age who were seen at the unit, the last ones first. */
async function cameLately(kernel: Kernel, unit: string, count: number): Promise<string[]> {
  const session = kernel.gate.system('demo');
  const { matches, included } = await session.search('Encounter', [
    ['service-provider', `Organization/${unit}`],
    ['_include', 'Encounter:subject'],
    ['_sort', '-date'],
    ['_count', LATELY],
  ]);
  const people = new Map(
    (included ?? []).flatMap((one) =>
      one.resourceType === 'Patient' ? [[one.id, one as Patient] as const] : [],
    ),
  );
  const year = Number(vietnamDay(kernel.settings.now()).slice(0, 4));
  const isFit = ({ birthDate = '', deceasedDateTime, deceasedBoolean }: Patient) => {
    const age = year - Number(birthDate.slice(0, 4));
    return age >= AGES.from && age <= AGES.to && !deceasedDateTime && !deceasedBoolean;
  };
  const ids = (matches as Encounter[]).map(
    ({ subject }) => subject?.reference?.replace('Patient/', '') ?? '',
  );
  return [...new Set(ids)].filter((id) => people.has(id) && isFit(people.get(id)!)).slice(0, count);
}

function readRows({ content }: Kernel): StockRow[] {
  return content.table('demo/vaccine-stock').map((row) => ({
    unit: row.unit ?? '',
    product: `${row.system}|${row.code}`,
    lot: row.lot ?? '',
    vial: Number(row.vial),
    vials: Number(row.vials),
    paid: row.paid === '1',
    months: Number(row.months),
    reservations: Number(row.reservations),
  }));
}
