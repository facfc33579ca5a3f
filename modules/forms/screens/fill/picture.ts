/** A chosen file as it is sent: photographs made smaller first, because a commune's line is thin. */
import { base64Of, drawnPicture, formatNumber, isPicture, t } from '../../../../web/ui/index.ts';

export interface ReadFile {
  contentType: string;
  title: string;
  /** Base64. */
  data: string;
}

/** A paper photographed at 1600 px can be read; larger only costs time. */
const LONGEST_SIDE = 1_600;
/** Bytes that the record takes at most. */
const LARGEST = 5_000_000;

/** @param most bytes that the form allows; null = no limit of its own. @throws Error with a sentence */
export async function readFile(file: File, most: number | null): Promise<ReadFile> {
  const blob = isPicture(file) ? await smaller(file) : file;
  const limit = Math.min(most ?? LARGEST, LARGEST);
  if (blob.size > limit)
    throw new Error(
      t(
        'forms.file-too-large',
        'Tệp này quá lớn ({size} KB, nhiều nhất {limit} KB). Chưa gửi gì; hãy chọn tệp nhỏ hơn.',
        {
          size: formatNumber(Math.ceil(blob.size / 1000)),
          limit: formatNumber(Math.floor(limit / 1000)),
        },
      ),
    );
  return {
    contentType: blob.type || 'application/octet-stream',
    title: file.name || t('forms.picture', 'Ảnh đính kèm'),
    data: await base64Of(blob),
  };
}

async function smaller(file: File): Promise<Blob> {
  const made = await drawnPicture(file, LONGEST_SIDE);
  return made && made.size < file.size ? made : file;
}

/**
 * A photograph that was taken lying, turned a quarter to the right.
 * @param address where its bytes are read from. @throws Error with a sentence
 */
export async function turned(address: string, title: string): Promise<ReadFile> {
  const answer = await fetch(address);
  const made = answer.ok ? await drawnPicture(await answer.blob(), Number.POSITIVE_INFINITY, 1) : null;
  if (!made)
    throw new Error(t('forms.turn.failed', 'Không đọc được ảnh để xoay. Ảnh cũ vẫn còn; hãy thử lại.'));
  return { contentType: made.type, title, data: await base64Of(made) };
}
