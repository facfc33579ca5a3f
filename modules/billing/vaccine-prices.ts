/**
 * What a dose costs that the patient pays: dated content per class of facility (`content/prices/vaccine*.csv`). Whole đồng, no
 * fractions: nothing here is divided.
 */
import type { Content, Row } from '../../kernel/content/content.ts';
import type { Organization } from '../../kernel/fhir/types.ts';
import { facilityClassOf } from './prices.ts';

export interface VaccinePrice {
  /** `system|code`. */
  product: string;
  /** Đồng for the vaccine, and for screening, injecting and watching. */
  price: number;
  fee: number;
}

/** Several doses for one price, paid together. */
export interface VaccinePackage {
  code: string;
  title: string;
  titleEn: string;
  /** Đồng for all of it. */
  price: number;
  doses: readonly { product: string; count: number }[];
}

export interface VaccinePrices {
  /** Class of the facility in the lists; '' = it has none and sells nothing. */
  priceClass: string;
  doses: readonly VaccinePrice[];
  packages: readonly VaccinePackage[];
}

const DOSES = 'prices/vaccines';
const PACKAGES = 'prices/vaccine-packages';
const IN_PACKAGES = 'prices/vaccine-package-doses';

/** What a facility asks on a day. A package of which one dose has no price on the day is not offered. */
export function vaccinePrices(content: Content, organization: Organization, date: string): VaccinePrices {
  const priceClass = facilityClassOf(content, organization, date)?.price_class ?? '';
  const own = (table: string) => content.inForce(table, date).filter((row) => row.price_class === priceClass);
  const doses = own(DOSES).map(({ price, fee, ...row }) => ({
    product: productOf(row),
    price: Number(price),
    fee: Number(fee),
  }));
  const isPriced = ({ product }: { product: string }) => doses.some((one) => one.product === product);
  const inside = content.inForce(IN_PACKAGES, date);
  const packages = own(PACKAGES)
    .map(({ package: code = '', title = '', title_en = '', price }) => ({
      code,
      title,
      titleEn: title_en,
      price: Number(price),
      doses: inside
        .filter((row) => row.package === code)
        .map(({ doses: count, ...row }) => ({ product: productOf(row), count: Number(count) })),
    }))
    .filter((one) => one.doses.length > 0 && one.doses.every(isPriced));
  return { priceClass, doses, packages };
}

const productOf = ({ system = '', code = '' }: Row) => `${system}|${code}`;

export interface PriceFault {
  /** Table and line. */
  where: string;
  text: string;
  textEn: string;
}

/** What is wrong with the lists: no whole đồng, an unknown vaccine, a package of nothing. */
export function vaccinePriceFaults(content: Pick<Content, 'files' | 'table'>): PriceFault[] {
  const names = content.files('prices');
  const rowsOf = (table: string) =>
    names.some((name) => `prices/${name}`.startsWith(`${table}.csv`)) ? content.table(table) : [];
  const [doses, packages, inside] = [DOSES, PACKAGES, IN_PACKAGES].map(rowsOf) as [Rows, Rows, Rows];
  // A folder beside the house's has its own prices of the house's vaccines, or none.
  if (doses.length + packages.length + inside.length === 0) return [];
  const products = new Set(content.table('vaccines/products').map(productOf));
  const each = (table: string, rows: Rows, faultsOf: (row: Row) => Said[]) =>
    rows.flatMap((row, at) =>
      faultsOf(row).map(([text, textEn]) => ({ where: `${table}.csv:${at + 2}`, text, textEn })),
    );
  return [
    ...each(DOSES, doses, (row) => [...notWhole(row, ['price', 'fee']), ...notKnown(row, products)]),
    ...each(PACKAGES, packages, (row) => [
      ...notWhole(row, ['price']),
      ...saidIf(
        !inside.some((one) => one.package === row.package),
        `Gói ${row.package} không có mũi nào.`,
        `Package ${row.package} holds no dose.`,
      ),
    ]),
    ...each(IN_PACKAGES, inside, (row) => [
      ...notKnown(row, products),
      ...saidIf(
        !/^[1-9]\d?$/.test(row.doses ?? ''),
        `Số mũi phải từ 1 đến 99, không phải "${row.doses}".`,
        `doses is from 1 to 99, not "${row.doses}".`,
      ),
      ...saidIf(
        !packages.some((one) => one.package === row.package),
        `Không có gói ${row.package}.`,
        `There is no package ${row.package}.`,
      ),
    ]),
  ];
}

type Rows = readonly Row[];
type Said = [text: string, textEn: string];

const saidIf = (isWrong: boolean, text: string, textEn: string): Said[] => (isWrong ? [[text, textEn]] : []);

const WHOLE = /^(0|[1-9]\d{0,9})$/;

const notWhole = (row: Row, columns: readonly string[]) =>
  columns.flatMap((column) =>
    saidIf(
      !WHOLE.test(row[column] ?? ''),
      `Cột ${column} phải là số đồng nguyên, không phải "${row[column]}".`,
      `Column ${column} must be whole đồng, not "${row[column]}".`,
    ),
  );

const notKnown = (row: Row, products: ReadonlySet<string>) =>
  saidIf(
    !products.has(productOf(row)),
    `Vắc xin ${productOf(row)} không có trong danh mục vaccines/products.`,
    `${productOf(row)} is no vaccine of vaccines/products.`,
  );
