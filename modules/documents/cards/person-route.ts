/** `POST /api/documents/cards/person {"card": "shc:/…"}` → whose patient card it is, for a desk that scanned it. */
import type { FastifyInstance } from 'fastify';
import type { RecordSession, Role } from '../../../kernel/access/contract.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Patient } from '../../../kernel/fhir/types.ts';
import { lineOf, openVisitsOf, type PersonLine } from '../../people/index.ts';
import type { Context } from '../context.ts';
import { revokedCards } from './revoked.ts';
import { type PublicKey, type ReadCard, type Verdict, verifyCard } from './verify.ts';

const DESK: readonly Role[] = ['reception', 'nurse', 'doctor', 'station-head'];
/** A QR code of the largest size holds 7,089 digits. */
const LONGEST = 7_100;

export function cardPersonRoute(app: FastifyInstance, { kernel, cardKeys }: Context): void {
  app.post('/api/documents/cards/person', async (request): Promise<{ person: PersonLine }> => {
    kernel.gate.require(request, ...DESK);
    const session = kernel.gate.session(request);
    const { card } = (request.body ?? {}) as { card?: unknown };
    if (typeof card !== 'string' || card.length > LONGEST) throw refused(UNREADABLE);
    const keys = (await cardKeys.published()) as unknown as PublicKey[];
    const revoked = await revokedCards(kernel.pool);
    const verdict = await verifyCard(card, keys, kernel.issuer(), kernel.settings.now(), revoked);
    const patient = await personOf(session, acceptedCard(verdict));
    const visits = await openVisitsOf([patient.id!], session).catch(whenForbidden);
    return { person: lineOf(patient, visits.get(patient.id!) ?? null) };
  });
}

const UNREADABLE: [string, string] = [
  'Mã này không phải thẻ người bệnh của tỉnh: quét lại toàn bộ mã QR, hoặc tìm theo tên.',
  'No signed card',
];

/** @throws Failure that says what is wrong with the card and what to do */
function acceptedCard(verdict: Verdict): ReadCard {
  switch (verdict.state) {
    case 'valid':
      return verdict.card;
    case 'not-a-card':
      throw refused(UNREADABLE);
    case 'tampered':
      throw refused([
        'Thẻ này không đúng chữ ký của tỉnh, có thể là thẻ giả: giữ lại kiểm tra và tìm người theo giấy tờ khác.',
        'The signature of the card is wrong',
      ]);
    case 'unknown-key':
      throw refused([
        `Thẻ do nơi khác cấp (${verdict.issuer}) nên không mở được hồ sơ: tìm người theo tên hoặc giấy tờ.`,
        'A card of another issuer or of a key that is published no more',
      ]);
    case 'revoked':
      throw refused([
        'Thẻ này đã bị huỷ: thu lại thẻ và tìm người theo tên hoặc giấy tờ.',
        'The card was revoked: its paper was cancelled',
      ]);
    case 'expired':
    case 'not-yet':
      throw refused([
        'Thẻ đã hết hạn hoặc chưa đến ngày dùng: in thẻ mới cho người bệnh.',
        'A card out of its time',
      ]);
  }
}

/** By the numbers that are written on the card, read in the name of who scanned it. */
async function personOf(session: RecordSession, { resources }: ReadCard): Promise<Patient> {
  const written = resources.find(({ resourceType }) => resourceType === 'Patient') as Patient | undefined;
  const numbers = (written?.identifier ?? [])
    .filter(({ system, value }) => system && value)
    .map(({ system, value }) => `${system}|${value}`);
  const found =
    numbers.length === 0
      ? []
      : (await session.search('Patient', [['identifier', numbers.join(',')]])).matches;
  const standing = (found as Patient[]).filter(
    ({ link }) => !link?.some(({ type }) => type === 'replaced-by'),
  );
  await session.note('search', 'Patient: signed card', standing[0]?.id ?? null);
  if (standing.length === 1) return standing[0]!;
  throw new Failure(
    'not-found',
    'Không tìm được đúng một hồ sơ mang số trên thẻ này: tìm theo tên và ngày sinh.',
    { textEn: `${standing.length} people have a number of this card` },
  );
}

/** Who may not see visits still finds people. */
function whenForbidden(error: unknown): Map<string, PersonLine['openVisit']> {
  if (error instanceof Failure && error.code === 'forbidden') return new Map();
  throw error;
}

const refused = ([vi, en]: [string, string]) =>
  new Failure('business-rule', vi, { textEn: en, expression: 'card' });
