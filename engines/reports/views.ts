/** The views that the content has, by name. */
import type { Content } from '../../kernel/content/content.ts';
import type { ViewDefinition } from '../views/view-table.ts';
import type { Views } from './query/scope.ts';

export function viewsOf(content: Content): Views {
  const names = new Set(content.files('views'));
  return (name) => (names.has(`${name}.json`) ? content.json<ViewDefinition>(`views/${name}`) : null);
}
