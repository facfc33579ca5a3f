/** Whom a form is about: a person, or the unit of who fills it (a session of health education has no patient). */
import { Failure } from '../../../kernel/failure.ts';
import type { Organization, Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import type { Actor, RecordSession } from '../../../kernel/kernel.ts';
import { OF_UNIT } from '../contract.ts';

const UNIT_TYPE = 'Organization';

export const isForPersons = ({ subjectType }: Questionnaire): boolean =>
  !subjectType?.length || subjectType.includes('Patient');

export const isForUnits = ({ subjectType }: Questionnaire): boolean =>
  subjectType?.includes(UNIT_TYPE) === true;

/** @throws Failure `invalid-parameter` for a form of persons that is filled in of a unit, or the other way round */
export function assertAbout(form: Questionnaire, patient: string): void {
  if (patient === OF_UNIT ? isForUnits(form) : isForPersons(form)) return;
  const title = form.title ?? form.url ?? '';
  throw new Failure(
    'invalid-parameter',
    patient === OF_UNIT
      ? `Phiếu “${title}” điền cho từng người. Hãy chọn người trước.`
      : `Phiếu “${title}” không điền cho từng người. Hãy mở nó ở “Phiếu của đơn vị”.`,
    { textEn: 'The form is not about such a subject.', expression: 'patient' },
  );
}

/** @throws Failure `forbidden` for an account without a unit */
export function unitOf({ unit }: Actor): string {
  if (unit !== null) return unit;
  throw new Failure('forbidden', 'Tài khoản này không thuộc đơn vị nào nên không có phiếu của đơn vị.', {
    textEn: 'This account belongs to no unit.',
  });
}

export const readUnit = (session: RecordSession): Promise<Organization> =>
  session.read(UNIT_TYPE, unitOf(session.actor));

/** What a search asks of the responses about a person, or about the own unit. */
export function aboutQuery(actor: Actor, patient: string): [string, string] {
  return patient === OF_UNIT
    ? ['subject', `${UNIT_TYPE}/${unitOf(actor)}`]
    : ['patient', `Patient/${patient}`];
}

/** Patient id, `OF_UNIT`, or '' for a response about nobody. */
export function aboutOf({ subject }: QuestionnaireResponse): string {
  const [type, id = ''] = (subject?.reference ?? '').split('/');
  return type === UNIT_TYPE ? OF_UNIT : id;
}

/**
 * Subject and author of a response about the own unit. Its author is a role at the unit, where there is one: so colleagues read it,
 * as they read what the unit has written of a person.
 */
export async function unitPart(
  session: RecordSession,
): Promise<Pick<QuestionnaireResponse, 'subject' | 'author'>> {
  const { actor } = session;
  const subject = { reference: `${UNIT_TYPE}/${unitOf(actor)}` };
  if (actor.practitioner === null) return { subject };
  const { matches } = await session.search('PractitionerRole', [
    ['practitioner', `Practitioner/${actor.practitioner}`],
    ['organization', subject.reference],
    ['active', 'true'],
    ['_count', '1'],
  ]);
  const reference = matches[0] ? `PractitionerRole/${matches[0].id}` : `Practitioner/${actor.practitioner}`;
  return { subject, author: { reference, display: actor.name } };
}
