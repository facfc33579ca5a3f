/** What a session of a day needs: who comes, doses and vials of each product, village by village. Pure. */
import type { Product } from '../../engines/programmes/index.ts';
import type { SessionRow } from './lists.ts';

export interface SessionPlan {
  people: number;
  doses: number;
  /** Whether a session has more than the 50 persons that one point takes in a day (Circular 34/2018, still practised). */
  isTooLarge: boolean;
  products: { product: string; name: string; doses: number; vial: number; vials: number; stock: number }[];
  villages: { village: string; people: SessionPerson[] }[];
}

export interface SessionPerson {
  patient: string;
  fullName: string;
  birthDate: string | null;
  doses: { key: string; product: string; title: string; due: string; isLate: boolean }[];
}

const MOST_AT_A_POINT = 50;

export function planSession(
  rows: readonly SessionRow[],
  products: ReadonlyMap<string, Product>,
  stock: ReadonlyMap<string, number>,
): SessionPlan {
  const counts = new Map<string, number>();
  const villages = new Map<string, Map<string, SessionPerson>>();
  for (const { patient, key, fullName, birthDate, village, product, title, due, isLate } of rows) {
    if (product !== '') counts.set(product, (counts.get(product) ?? 0) + 1);
    const people = villages.get(village) ?? new Map<string, SessionPerson>();
    villages.set(village, people);
    const person = people.get(patient) ?? { patient, fullName, birthDate, doses: [] };
    people.set(patient, person);
    person.doses.push({ key, product, title, due, isLate });
  }
  const people = new Set(rows.map(({ patient }) => patient)).size;
  return {
    people,
    doses: rows.filter(({ product }) => product !== '').length,
    isTooLarge: people > MOST_AT_A_POINT,
    products: [...counts].map(([product, doses]) => {
      const { name = product, vial = 1 } = products.get(product) ?? {};
      return { product, name, doses, vial, vials: Math.ceil(doses / vial), stock: stock.get(product) ?? 0 };
    }),
    villages: [...villages].map(([village, of]) => ({ village, people: [...of.values()] })),
  };
}
