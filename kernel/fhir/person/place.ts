/** Definitions that cannot be carried out: 422 with the place. */
import { Failure } from '../../failure.ts';

/** @param place FHIRPath in the definition, such as `Measure.group[0].population[1].criteria` */
export function refusedAt(place: string, why: string, whyEn: string): Failure {
  return new Failure('business-rule', `${place}: ${why}.`, {
    textEn: `${place} ${whyEn}.`,
    expression: place,
  });
}

/** Runs a part of the definition; what fails in it is told with the place of its expression, and never as fault of the request's form. */
export function atPlace<T>(place: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof Failure && !isPlaced(error, place) ? failedAt(place, error) : error;
  }
}

/** Told already with a place of the same definition. */
function isPlaced({ issues }: Failure, place: string): boolean {
  const [root = place] = place.split('.');
  return issues[0]?.expression?.startsWith(`${root}.`) === true;
}

export function failedAt(place: string, cause: Failure): Failure {
  const [issue] = cause.issues;
  return new Failure(
    cause.code === 'too-large' || cause.code === 'too-costly' ? 'too-costly' : 'business-rule',
    `${place}: ${issue?.text ?? cause.message}`,
    { textEn: `${place}: ${issue?.textEn ?? cause.message}`, expression: place, cause },
  );
}
