/** A button that opens the camera and gives the text of the first QR code that it sees. */
import { useEffect, useState } from 'react';
import { Notice } from '../feedback/notice.tsx';
import { Button } from '../form/button.tsx';
import { t } from '../i18n/language.ts';
import { Stack } from '../layout/layout.tsx';
import { type Camera, openCamera } from './camera.ts';

export function CodeCamera(props: { onRead: (text: string) => void }) {
  const [camera, setCamera] = useState<Camera | null>(null);
  const [opening, setOpening] = useState(false);
  const [fault, setFault] = useState(false);
  useEffect(() => () => camera?.close(), [camera]);
  if (typeof navigator.mediaDevices?.getUserMedia !== 'function') return null;
  const start = async () => {
    setFault(false);
    setOpening(true);
    try {
      const opened = await openCamera((text) => {
        setCamera(null);
        props.onRead(text);
      });
      setCamera(opened);
    } catch {
      setFault(true);
    }
    setOpening(false);
  };
  return (
    <Stack gap={8}>
      {camera ? (
        <>
          <video
            ref={(element) => {
              if (element) camera.show(element);
            }}
            aria-label={t('camera.picture', 'Hình của máy ảnh')}
            style={{ width: '100%', maxHeight: '50vh', objectFit: 'contain', background: 'black' }}
            muted
            playsInline
          />
          <Button onPress={() => setCamera(null)}>{t('camera.stop', 'Tắt máy ảnh')}</Button>
        </>
      ) : (
        <Button busy={opening} onPress={() => void start()}>
          {t('camera.read', 'Quét bằng máy ảnh')}
        </Button>
      )}
      {fault && (
        <Notice tone="look">
          {t(
            'camera.none',
            'Không mở được máy ảnh: cho phép trang dùng máy ảnh, hoặc dùng máy quét, gõ hay dán nội dung.',
          )}
        </Notice>
      )}
    </Stack>
  );
}
