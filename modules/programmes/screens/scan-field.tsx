/** A barcode from a scanner that types like a keyboard, or typed from below the code: (01)…(17)…(10)…. */
import { useState } from 'react';
import { api, Field, Notice, Stack, t } from '../../../web/ui/index.ts';

/** What the server read off a code, with the vaccine that this package was received as before. */
export interface Scanned {
  gtin: string;
  lot: string;
  expires: string;
  product: string;
  vial: number | null;
}

/** How the separator of GS1 is written where a control character cannot be typed. */
const SEPARATOR = '\u241d';

export function ScanField(props: { onScan: (scanned: Scanned) => void; autoFocus?: boolean }) {
  const [code, setCode] = useState('');
  const [error, setError] = useState('');
  const read = async () => {
    if (code.trim() === '') return;
    try {
      const scanned = await api.get<Scanned>(`/api/programmes/stock/scan?code=${encodeURIComponent(code)}`);
      setError('');
      setCode('');
      props.onScan(scanned);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  return (
    <Stack gap={8}>
      <Field
        label={t('programmes.scan', 'Quét mã trên lọ hoặc hộp')}
        hint={t('programmes.scan.hint', 'Bấm vào ô này rồi quét; hoặc gõ (01)…(17)…(10)… và Enter')}
        {...(props.autoFocus ? { autoFocus: true } : {})}
      >
        {(control) => (
          <input
            {...control}
            className="yb-input"
            value={code}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setCode(event.target.value)}
            onKeyDown={(event) => {
              if (event.ctrlKey && event.key === ']') {
                // Scanners send the separator as Ctrl and ], which types nothing by itself.
                event.preventDefault();
                setCode((before) => before + SEPARATOR);
              }
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              event.stopPropagation();
              void read();
            }}
          />
        )}
      </Field>
      {error && <Notice tone="danger" title={error} />}
    </Stack>
  );
}
