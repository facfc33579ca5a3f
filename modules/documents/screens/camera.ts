/** QR codes by the camera, with the browser's own reader (Barcode Detection API) where it has one. */

export interface Camera {
  show(element: HTMLVideoElement): void;
  close(): void;
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

const EVERY_MS = 250;

/** @param onRead called once, with the text of the first code that is seen. @throws when no camera may be used */
export async function openCamera(onRead: (text: string) => void): Promise<Camera> {
  const Reader = (globalThis as unknown as { BarcodeDetector: new (how: object) => Detector })
    .BarcodeDetector;
  const detector = new Reader({ formats: ['qr_code'] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  let timer: ReturnType<typeof setInterval> | undefined;
  const close = () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    close,
    show(element) {
      if (element.srcObject === stream) return;
      element.srcObject = stream;
      void element.play();
      timer = setInterval(async () => {
        // A frame that cannot be read yet is followed by the next one.
        const [found] = await detector.detect(element).catch(() => []);
        if (!found) return;
        close();
        onRead(found.rawValue);
      }, EVERY_MS);
    },
  };
}
