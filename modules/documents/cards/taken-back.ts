/**
 * What a signed paper is made of and was then marked as entered in error, or deleted: the paper's card or certificate is revoked, so that
 * readers who ask the list of the province are told, and a paper that stands is cancelled with that reason.
 */
import { papersOf } from '../../../engines/documents/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { DocumentReference, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Change } from '../../../kernel/store/contract.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { cancelled, fingerprintIn, isPaper, stateOf } from '../issue/reference.ts';
import { revoke, ridOf } from './revoked.ts';

const TAKEN_BACK_CONSUMER = 'signed-papers';
const BATCH = 200;
const REASON = 'Nội dung của giấy đã bị huỷ vì ghi nhầm';
const BY = 'Chương trình';

export function followTakenBack(kernel: Kernel): void {
  let signed: ReadonlySet<string> | undefined;
  const concerns = ({ type, patient }: Change) => {
    if (patient === null) return false;
    signed ??= signedTypes(kernel.content);
    return signed.has(type);
  };
  kernel.events.consume(
    TAKEN_BACK_CONSUMER,
    async (changes) => {
      const own = changes.filter(concerns);
      if (own.length === 0) return undefined;
      const now = await kernel.store.latest(own);
      for (const { type, id, patient } of own)
        if (isTakenBack(now.get(`${type}/${id}`))) await endPapersOf(kernel, patient!, `${type}/${id}`);
      return undefined;
    },
    { batch: BATCH, concerns },
  );
}

/** Types of which papers with a signature are made, beside the person: whose record is erased has no papers left. */
function signedTypes(content: Content): ReadonlySet<string> {
  const types = papersOf(content).flatMap(({ value: { codes = {}, about = [], sources = {} } }) =>
    Object.values(codes).some(({ card, certificate }) => card || certificate)
      ? [...about, ...Object.values(sources).map((query) => query.split('?')[0]!)]
      : [],
  );
  return new Set(types.filter((type) => type !== 'Patient'));
}

function isTakenBack(resource: Resource | undefined): boolean {
  const { status } = (resource ?? { status: 'entered-in-error' }) as { status?: string };
  return status === 'entered-in-error' || status === 'not-done';
}

async function endPapersOf(kernel: Kernel, patient: string, of: string): Promise<void> {
  const system = kernel.gate.system('papers');
  const { matches } = await system.search('DocumentReference', [
    ['patient', patient],
    ['type', `${cs.paper}|`],
    ['_count', '1000'],
  ]);
  for (const paper of matches.filter((each) => isPaper(each) && isMadeOf(each, of))) {
    if (stateOf(paper) === 'current')
      await system.update(
        cancelled(paper, { reason: REASON, by: BY, at: vietnamInstant(kernel.settings.now()) }),
        Number(paper.meta?.versionId),
      );
    await revoke(kernel.pool, ridOf(fingerprintIn(paper)));
  }
}

const isMadeOf = ({ context }: DocumentReference, of: string) =>
  context?.related?.some(({ reference = '' }) => reference === of || reference.startsWith(`${of}/`)) ?? false;
