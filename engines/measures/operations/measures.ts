/** Where measures lie: in the record, and among the content, which is searched and read like the record. */
import { Failure } from '../../../kernel/failure.ts';
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Measure } from '../../../kernel/fhir/types.ts';

const REFERENCE = /^(?:(?:\S+\/)?Measure\/)?([A-Za-z0-9\-.]{1,64})$/;

export async function readMeasure(session: FhirSession, id: string): Promise<Measure> {
  return readStoredJson((await session.readStored('Measure', id)).body) as Measure;
}

/**
 * @param given canonical address (`http://…/x`, `http://…/x|1.0`), `Measure/x` or `x`
 * @throws Failure `not-found`, `forbidden`
 */
export async function findMeasure(session: FhirSession, given: string): Promise<Measure> {
  const [url = '', version] = given.split('|');
  if (/^[a-z][a-z0-9+.-]*:\S+$/i.test(url)) {
    const found = await byCanonical(session, url, version);
    if (found) return found;
  }
  const [, id] = REFERENCE.exec(given) ?? [];
  if (id !== undefined) return readMeasure(session, id);
  throw new Failure('not-found', `Không có chỉ số "${given}".`, {
    textEn: `There is no Measure with the canonical address "${given}".`,
    expression: 'measure',
  });
}

/** Without a version the active one, else the one that was changed last. */
async function byCanonical(
  session: FhirSession,
  url: string,
  version: string | undefined,
): Promise<Measure | null> {
  const { matches } = await session.searchStored('Measure', [
    ['url', url],
    ...(version === undefined ? [] : ([['version', version]] as [string, string][])),
    ['_sort', '-_lastUpdated'],
    ['_count', '100'],
  ]);
  const found = matches.map(({ body }) => readStoredJson(body) as Measure);
  return found.find(({ status }) => status === 'active') ?? found[0] ?? null;
}

/** How a report names its measure. @param base address of the interface */
export function canonicalOf({ url, version, id }: Measure, base: string): string {
  if (url === undefined) return `${base}/Measure/${id}`;
  return version === undefined ? url : `${url}|${version}`;
}
