/** Photographs in the browser before they are sent: made smaller, turned, and as base64. */

const TYPES = /^image\/(jpeg|png|webp|bmp)$/;
const QUALITY = 0.8;

/** True for files that the browser can draw anew. */
export const isPicture = ({ type }: { type: string }): boolean => TYPES.test(type);

/**
 * A picture drawn anew as JPEG.
 * @param longest pixels of its longer side at most
 * @param quarters turns to the right
 * @returns null for what is no picture
 */
export async function drawnPicture(from: Blob, longest: number, quarters = 0): Promise<Blob | null> {
  const picture = await createImageBitmap(from).catch(() => null);
  if (!picture) return null;
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = quarters % 2 === 0 ? [width, height] : [height, width];
  const context = canvas.getContext('2d')!;
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((quarters * Math.PI) / 2);
  context.drawImage(picture, -width / 2, -height / 2, width, height);
  picture.close();
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
}

export function base64Of(blob: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });
}
