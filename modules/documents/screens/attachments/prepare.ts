/** A chosen file as it is attached: photographs made smaller, turned, with a small picture of themselves. */
import { ApiFailure, base64Of, drawnPicture, formatNumber, isPicture, t } from '../../../../web/ui/index.ts';

/** A paper photographed at 1600 px can be read; larger only costs time. */
const LONGEST_SIDE = 1_600;
const SMALL_SIDE = 240;
/** Bytes that the record takes at most. */
const LARGEST = 5_000_000;

export interface Prepared {
  /** Base64. */
  data: string;
  /** Of pictures. */
  thumbnail?: string;
}

/** @param quarters turns to the right; nothing for what is no picture. @throws ApiFailure with a sentence */
export async function prepared(file: Blob, quarters = 0): Promise<Prepared> {
  const blob = isPicture(file) ? await drawnPicture(file, LONGEST_SIDE, quarters) : file;
  if (!blob)
    throw refused(
      t('documents.file.unreadable', 'Không đọc được ảnh này. Chưa lưu gì; hãy chụp lại hoặc chọn tệp khác.'),
    );
  if (blob.size > LARGEST)
    throw refused(
      t('documents.file.large', 'Tệp này quá lớn ({size} KB, nhiều nhất 5.000 KB). Hãy chọn tệp nhỏ hơn.', {
        size: formatNumber(Math.ceil(blob.size / 1000)),
      }),
    );
  const small = isPicture(blob) ? await drawnPicture(blob, SMALL_SIDE) : null;
  return { data: await base64Of(blob), ...(small ? { thumbnail: await base64Of(small) } : {}) };
}

/** A kept picture turned a quarter to the right. @throws ApiFailure with a sentence */
export async function turned(address: string): Promise<Prepared> {
  const answer = await fetch(address);
  if (!answer.ok)
    throw refused(t('documents.turn.failed', 'Không đọc được ảnh để xoay. Ảnh cũ vẫn còn; hãy thử lại.'));
  return prepared(await answer.blob(), 1);
}

const refused = (sentence: string): ApiFailure => new ApiFailure('invalid-request', 0, sentence);
