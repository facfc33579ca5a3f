/**
 * Codes by the camera: with the browser's own reader (Barcode Detection API) where it has one, and for
 * what that does not know with others that are loaded when the camera is opened. Pictures never leave the machine.
 */

export interface Camera {
  show(element: HTMLVideoElement): void;
  close(): void;
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (how: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** The text of a code in the picture; null when there is none yet. */
type ReadFrame = (video: HTMLVideoElement) => Promise<string | null>;

/** Cards have QR codes; vials and their boxes Data Matrix or Code 128. */
const FORMATS = ['qr_code', 'data_matrix', 'code_128'];

const EVERY_MS = 200;
/** Longest side of the picture that is looked at: a dense card (101 modules) keeps 4 pixels a module at half the height. */
const MOST_PIXELS = 1280;

/** @param onRead called once, with the text of the first code that is seen. @throws when no camera may be used */
export async function openCamera(onRead: (text: string) => void): Promise<Camera> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } },
  });
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  const readFrame = await openReader().catch((error: unknown) => {
    end();
    throw error;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOpen = true;
  const close = () => {
    isOpen = false;
    clearTimeout(timer);
    end();
  };
  const look = async (element: HTMLVideoElement) => {
    // A frame that cannot be read yet is followed by the next one.
    const text = await readFrame(element).catch(() => null);
    if (!isOpen) return;
    if (text === null || text === '') {
      timer = setTimeout(() => void look(element), EVERY_MS);
      return;
    }
    close();
    onRead(text);
  };
  return {
    close,
    show(element) {
      if (element.srcObject === stream) return;
      element.srcObject = stream;
      void element.play();
      void look(element);
    },
  };
}

async function openReader(): Promise<ReadFrame> {
  const { BarcodeDetector } = globalThis as unknown as { BarcodeDetector?: DetectorClass };
  const known = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  const formats = FORMATS.filter((one) => known.includes(one));
  const own = BarcodeDetector && formats.length > 0 ? detecting(new BarcodeDetector({ formats })) : null;
  const others = [
    ...(formats.includes('qr_code') ? [] : [(await import('qr/decode.js')).default]),
    ...(formats.includes('data_matrix') && formats.includes('code_128')
      ? []
      : [(await import('./code-shapes.ts')).readShapes]),
  ];
  if (others.length === 0 && own) return own;
  const look = lookingWith(others);
  return async (video) => (await own?.(video)) ?? look(video);
}

const detecting =
  (detector: Detector): ReadFrame =>
  async (video) =>
    (await detector.detect(video))[0]?.rawValue ?? null;

type ReadPicture = (picture: ImageData) => string | null;

/** What the browser does not read is read from the picture itself. */
function lookingWith(readers: readonly ReadPicture[]): ReadFrame {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  return async (video) => {
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0) return null;
    const scale = Math.min(1, MOST_PIXELS / Math.max(videoWidth, videoHeight));
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    for (const read of readers) {
      const text = tried(read, picture);
      if (text) return text;
    }
    return null;
  };
}

/** A reader that finds nothing may say so by an error. */
function tried(read: ReadPicture, picture: ImageData): string | null {
  try {
    return read(picture);
  } catch {
    return null;
  }
}
