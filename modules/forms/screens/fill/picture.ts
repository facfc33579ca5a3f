/** A chosen file as it is sent: photographs made smaller first, because a commune's line is thin. */
import { formatNumber, t } from '../../../../web/ui/index.ts';

export interface ReadFile {
  contentType: string;
  title: string;
  /** Base64. */
  data: string;
}

/** A paper photographed at 1600 px can be read; larger only costs time. */
const LONGEST_SIDE = 1_600;
const QUALITY = 0.8;
/** Bytes that the record takes at most. */
const LARGEST = 5_000_000;

/** @param most bytes that the form allows; null = no limit of its own. @throws Error with a sentence */
export async function readFile(file: File, most: number | null): Promise<ReadFile> {
  const blob = /^image\/(jpeg|png|webp|bmp)$/.test(file.type) ? await smaller(file) : file;
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
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
  return made && (made.size < file.size || scale < 1) ? made : file;
}

/**
 * A photograph that was taken lying, turned a quarter to the right.
 * @param address where its bytes are read from. @throws Error with a sentence
 */
export async function turned(address: string, title: string): Promise<ReadFile> {
  const answer = await fetch(address);
  const picture = answer.ok ? await createImageBitmap(await answer.blob()).catch(() => null) : null;
  if (!picture)
    throw new Error(t('forms.turn.failed', 'Không đọc được ảnh để xoay. Ảnh cũ vẫn còn; hãy thử lại.'));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.height, picture.width];
  const context = canvas.getContext('2d')!;
  context.translate(canvas.width, 0);
  context.rotate(Math.PI / 2);
  context.drawImage(picture, 0, 0);
  picture.close();
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
  if (!made)
    throw new Error(t('forms.turn.failed', 'Không đọc được ảnh để xoay. Ảnh cũ vẫn còn; hãy thử lại.'));
  return { contentType: made.type, title, data: await base64Of(made) };
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });
}
