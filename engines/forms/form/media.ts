/** SDC itemMedia and itemAnswerMedia: what is shown beside a question or a choice. Pure. */
import type { Attachment } from '../../../kernel/fhir/types.ts';
import { type Extended, extensionValue } from '../extension.ts';
import type { Media } from './types.ts';

export function mediaOf(holder: Extended, url: string): Media | null {
  const { contentType, title, data, url: address } = (extensionValue(holder, url) ?? {}) as Attachment;
  if (contentType === undefined) return null;
  const source = data === undefined ? address : `data:${contentType};base64,${data}`;
  return source === undefined ? null : { type: contentType, title: title ?? '', source };
}
