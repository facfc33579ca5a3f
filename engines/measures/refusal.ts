/** Measures that cannot be carried out: 422 with the place. */
import { Failure } from '../../kernel/failure.ts';

/** @param place FHIRPath in the Measure, such as `Measure.group[0].population[1].criteria` */
export function refusedMeasure(place: string, why: string, whyEn: string): Failure {
  return new Failure('business-rule', `${place}: ${why}.`, {
    textEn: `${place} ${whyEn}.`,
    expression: place,
  });
}

/** Runs a part of the measure; what fails in it is told with the place of its criterion, and never as fault of the request's form. */
export function atPlace<T>(place: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof Failure && !isPlaced(error) ? failedAt(place, error) : error;
  }
}

const isPlaced = ({ issues }: Failure) => issues[0]?.expression?.startsWith('Measure.') === true;

export function failedAt(place: string, cause: Failure): Failure {
  const [issue] = cause.issues;
  return new Failure(
    cause.code === 'too-large' || cause.code === 'too-costly' ? 'too-costly' : 'business-rule',
    `${place}: ${issue?.text ?? cause.message}`,
    { textEn: `${place}: ${issue?.textEn ?? cause.message}`, expression: place, cause },
  );
}

/** The measure is sound, but would hold the program for too long. */
export function tooCostly(text: string, textEn: string): Failure {
  return new Failure('too-costly', text, { textEn });
}
