/** A camera before which somebody holds a code. */
import type { Page } from 'playwright-core';
import { barcodePicture } from '../../../engines/documents/barcode.ts';

/** How the code lies in the picture of 1280 × 720, and what its browser can read by itself. */
export interface Held {
  kind: 'qrcode' | 'gs1datamatrix';
  /** Pixels of its side: as far away as a hand holds it. */
  side: number;
  /** The browser has no reader of its own. */
  reads?: false;
}

/** The camera of the machine shows a drawn code from the next page on. */
export async function holdBeforeCamera(page: Page, text: string, { kind, side, reads }: Held): Promise<void> {
  const picture = barcodePicture({ kind, text }).toString('base64');
  await page.addInitScript(
    (held) => {
      if (!held.reads) Reflect.deleteProperty(globalThis, 'BarcodeDetector');
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        canvas.width = 1280;
        canvas.height = 720;
        const pen = canvas.getContext('2d')!;
        const image = new Image();
        image.src = `data:image/png;base64,${held.picture}`;
        await image.decode();
        const draw = () => {
          pen.fillStyle = '#888';
          pen.fillRect(0, 0, canvas.width, canvas.height);
          pen.drawImage(image, (1280 - held.side) / 2, (720 - held.side) / 2, held.side, held.side);
          requestAnimationFrame(draw);
        };
        draw();
        return canvas.captureStream(15);
      };
    },
    { picture, side, reads: reads !== false },
  );
}
