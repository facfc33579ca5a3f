/** Categories of attached files, as the content has them today. */
import { language, useQuery } from '../../../../web/ui/index.ts';
import type { AttachmentKind } from '../../attachments/routes.ts';

export const useKinds = (): readonly AttachmentKind[] =>
  useQuery<{ rows: AttachmentKind[] }>(['attachment-kinds'], '/api/documents/attachment-kinds').data?.rows ??
  [];

export const kindWords = ({ name, nameEn }: AttachmentKind): string => (language() === 'en' ? nameEn : name);
