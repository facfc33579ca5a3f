/** The place of an entry in its Bundle, put into the expressions of failures. Pure. */
import { Failure, type Issue } from '../../failure.ts';

/** A failure of the work gets the entry's place. */
export async function placed<T>({ place }: { place: string | null }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Failure ? placeFailure(error, place) : error;
  }
}

/** The same failure with its expressions below an entry of the Bundle. */
export function placeFailure(failure: Failure, place: string | null): Failure {
  if (place === null || failure.issues.some((issue) => issue.expression?.startsWith('Bundle.')))
    return failure;
  return new Failure(failure.code, failure.issues[0]?.text ?? failure.message, {
    textEn: failure.message,
    issues: failure.issues.map((issue) => placeIssue(issue, place)),
    details: failure.details,
    cause: failure,
  });
}

/** `Patient.birthDate` → `Bundle.entry[3].resource.birthDate`. */
export function placeIssue(issue: Issue, place: string | null): Issue {
  if (place === null) return issue;
  const below = /^[A-Z][A-Za-z]+(\..+)$/.exec(issue.expression ?? '');
  return { ...issue, expression: below ? `${place}.resource${below[1]}` : place };
}
