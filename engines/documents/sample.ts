/** The sample that stands beside each template, `<valid-from>.sample.json`: what the paper is tried with before anybody prints it. */
import type { Content } from '../../kernel/content/content.ts';
import type { Dated } from '../../kernel/content/dated.ts';
import type { Patient, Questionnaire, Resource } from '../../kernel/fhir/types.ts';
import type { Barcode } from './barcode.ts';
import type { PaperDefinition } from './definition.ts';
import type { Facts } from './facts.ts';
import { compilePaper } from './fields.ts';
import type { PaperFrame } from './frame.ts';

export interface Sample {
  /** Papers whose data a module makes: the data themselves. */
  data?: Record<string, unknown>;
  codes?: Record<string, Barcode>;
  /** Other papers: a person, what the paper is about (default: the person), and what sources find, by name or type. */
  patient?: Patient;
  about?: Resource;
  found?: Record<string, Resource[]>;
  /** The form whose answers `about` holds, for papers with `answers`. */
  form?: Questionnaire;
  /** Instant at which the sample is printed. */
  now?: string;
}

/** A signed card of a middle size: signing needs keys, which a sample has none of. */
const CARD_OF_SAMPLE = `shc:/${'5676290952432060346029243740446031222959532654603460'.repeat(14)}`;

export const SAMPLE_FRAME: Omit<PaperFrame, 'title'> = {
  number: '25D01/2026/000123',
  day: { year: 2026, month: 11, day: 22 },
  placeAndDay: 'Tam Dương, ngày 22 tháng 11 năm 2026',
  demo: true,
  unit: {
    authority: 'Sở Y tế tỉnh Phú Thọ',
    name: 'Trạm Y tế xã Tam Dương',
    code: '25D01',
    address: 'Xã Tam Dương, tỉnh Phú Thọ',
    phone: '0000 210 386',
  },
  author: { name: 'Phùng Văn Minh' },
};

/** Null when the paper has none. */
export function readSample(content: Content, key: string, from: string): Sample | null {
  const name = `documents/${key}/${from}.sample`;
  const isThere = content.files('documents').includes(`${key}/${from}.sample.json`);
  return isThere ? content.json<Sample>(name) : null;
}

/** A certificate of one dose: about 420 characters. */
const CERTIFICATE_OF_SAMPLE = `HC1:${'6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8'.repeat(6)}`;

/** What the template reads, and its codes. @throws Failure that names the place in the definition */
export function sampleData(
  { value }: Dated<PaperDefinition>,
  sample: Sample,
): { data: unknown; codes: Record<string, Barcode> } {
  if (sample.data) return { data: sample.data, codes: sample.codes ?? {} };
  const paper = compilePaper(value);
  const patient = sample.patient ?? { resourceType: 'Patient', id: 'mau' };
  const keys = new Map(
    Object.keys(value.sources ?? {}).map((name) => [
      name,
      paper.sources.find(({ place }) => place.startsWith(`sources.${name}.`))?.key ?? name,
    ]),
  );
  const facts: Facts = {
    patient,
    about: sample.about ?? patient,
    found: new Map(Object.entries(sample.found ?? {}).map(([name, each]) => [keys.get(name) ?? name, each])),
    now: new Date(sample.now ?? '2026-11-22T08:00:00+07:00'),
    number: value.number ? SAMPLE_FRAME.number : '',
    form: sample.form ?? null,
  };
  const codes = paper.codes.map(({ name, kind, card, certificate, text }): [string, Barcode] => [
    name,
    { kind, text: card ? CARD_OF_SAMPLE : certificate ? CERTIFICATE_OF_SAMPLE : text(facts) },
  ]);
  const frame = { ...SAMPLE_FRAME, title: value.title.vi, number: facts.number };
  return { data: { ...paper.fill(facts), paper: frame }, codes: Object.fromEntries(codes) };
}
