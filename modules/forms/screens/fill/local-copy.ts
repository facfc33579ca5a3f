/** What is kept of a form in this browser, for a crash or a line that is down: which of the two drafts goes on. Pure. */
import type { QuestionnaireResponse } from '../../../../kernel/fhir/types.ts';
import type { DraftView } from '../../contract.ts';

export interface LocalCopy {
  /** `url|version`. */
  form: string;
  /** Version of the server's draft that it stands on; 0 = the server has none yet. */
  seen: number;
  /** True while the server does not have it. */
  unsaved: boolean;
  response: QuestionnaireResponse;
}

export type Resumed =
  | { with: 'start' }
  | { with: 'server'; draft: DraftView }
  /** What this browser has is newer. */
  | { with: 'local'; copy: LocalCopy }
  /** Both were changed: the person chooses. */
  | { with: 'both'; draft: DraftView; copy: LocalCopy };

/** @param form `url|version` that the server has opened */
export function resume(form: string, draft: DraftView | null, copy: LocalCopy | null): Resumed {
  const mine = copy?.unsaved && copy.form === form ? copy : null;
  if (!draft) return mine?.seen === 0 ? { with: 'local', copy: mine } : { with: 'start' };
  if (!mine || JSON.stringify(mine.response.item) === JSON.stringify(draft.response.item))
    return { with: 'server', draft };
  return mine.seen === draft.version ? { with: 'local', copy: mine } : { with: 'both', draft, copy: mine };
}
