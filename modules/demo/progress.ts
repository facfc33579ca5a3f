/**
 * How far the generation has come: one `Basic` in the record, written after each finished block, so that a second start
 * does nothing and an interrupted run goes on with the same day.
 */
import { DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import type { Basic } from '../../kernel/fhir/types.ts';
import type { Store } from '../../kernel/store/contract.ts';

/** What the people are drawn from. */
export interface Population {
  seed: string;
  /** Day and hour on which the lives of the running generation end. */
  today: string;
  time: string;
  /** People and blocks that are finished. */
  people: number;
  blocks: number;
  /** People asked for. */
  target: number;
}

export interface Progress extends Population {
  /** The last day that was drawn (day.ts) and until which hour, `24:00` for a whole one; '' before the first. */
  day: string;
  dayTime: string;
  /** Whether everything of that day is written. */
  dayWritten: boolean;
}

const ID = 'demo-province';
const SYSTEM = 'http://yba.vn/fhir/cs/loai-ban-ghi';
const URL = 'http://yba.vn/fhir/ext/tien-do-trinh-dien';

/** Null when no demo was ever begun. */
export async function readProgress(store: Store): Promise<Progress | null> {
  const stored = await store.read('Basic', ID);
  if (!stored || stored.deleted) return null;
  const basic = JSON.parse(stored.body.toString('utf8')) as Basic;
  const text = (name: string) =>
    basic.extension?.[0]?.extension?.find((each) => each.url === name)?.valueString ?? '';
  return {
    seed: text('seed'),
    today: text('today'),
    time: text('time'),
    people: Number(text('people')),
    blocks: Number(text('blocks')),
    target: Number(text('target')),
    day: text('day'),
    dayTime: text('dayTime'),
    dayWritten: text('dayWritten') === 'true',
  };
}

export function progressResource(progress: Progress): Basic {
  return {
    resourceType: 'Basic',
    id: ID,
    meta: { security: [DEMO_LABEL] },
    code: { coding: [{ system: SYSTEM, code: 'tinh-trinh-dien', display: 'Tỉnh trình diễn' }] },
    created: progress.today,
    extension: [
      {
        url: URL,
        // R4 has no empty text: what is not known yet is left out.
        extension: Object.entries(progress)
          .filter(([, value]) => value !== '')
          .map(([url, value]) => ({ url, valueString: String(value) })),
      },
    ],
  };
}
