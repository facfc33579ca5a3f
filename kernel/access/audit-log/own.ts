/** The audit as a citizen searches it: the lines of the persons whom the citizen may act for. Pure. */
import { Failure } from '../../failure.ts';

/**
 * The search as it is confined; null when it names somebody else.
 * Fails with `invalid-parameter` when several persons could be meant and none is named.
 * @param persons the only persons whose lines are seen; undefined = not confined
 */
export function ownAuditQuery(
  persons: readonly string[] | undefined,
  params: [string, string][],
): [string, string][] | null {
  if (persons === undefined) return params;
  const named = params.filter(([name]) => name.split(/[:.]/)[0] === 'patient');
  if (named.length === 0) {
    // A further page carries the person in its query.
    if (persons.length === 1) return [...params, ['patient', `Patient/${persons[0]}`]];
    throw new Failure('invalid-parameter', 'Hãy nêu nhật ký của ai: patient=Patient/….', {
      textEn: 'Name whose lines are asked for: patient=Patient/….',
      expression: 'patient',
    });
  }
  const isOwn = ([name, value]: [string, string]) =>
    name === 'patient' && persons.includes(value.replace(/^Patient\//, ''));
  return named.every(isOwn) ? params : null;
}
