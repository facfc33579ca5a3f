/** Measures of the content (`content/measures/<id>.json`), shown as Measure resources that are stored nowhere. */
import type { Content } from '../../kernel/content/content.ts';
import type { Rendered } from '../../kernel/fhir/terminology/index.ts';
import type { Measure } from '../../kernel/fhir/types.ts';

/** What is read at `/fhir/Measure/<id>` and found by its canonical address; what somebody stores under either stands in its place. */
export function contentMeasures(content: Content): Rendered[] {
  return measureFiles(content).map((id) => {
    const measure = content.json<Measure>(`measures/${id}`);
    return {
      type: 'Measure',
      id,
      url: measure.url!,
      name: measure.name!,
      title: measure.title!,
      version: measure.version!,
      make: () => ({ ...measure, id }),
    };
  });
}

/** Names of the measures of all content folders, without ending, in their order. */
export const measureFiles = (content: Content): string[] =>
  content
    .files('measures')
    .filter((file) => file.endsWith('.json') && !file.includes('/'))
    .map((file) => file.slice(0, -'.json'.length));
